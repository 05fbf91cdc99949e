#ifndef LENSCAP_SERVICES_CLIP_DETAIL_H_
#define LENSCAP_SERVICES_CLIP_DETAIL_H_

#include <vector>

#include "absl/time/time.h"
#include "fingerprint/fingerprint.h"
#include "fingerprint/scene_key.h"
#include "index/clip.h"
#include "index/frame_runs.h"
#include "media/frame.h"

namespace lenscap {

// Makes the detail of a clip from its frames, sampled at kReferenceInterval.
// Where nothing changes, nothing is added.
class ClipDetailCollector {
 public:
  // In order of time, each with its fingerprint.
  void Add(const Frame& frame, const FrameFingerprint& fingerprint);

  // Nothing may be added afterwards.
  ClipDetail Finish();

 private:
  bool IsKeyFrame(const FrameFingerprint& fingerprint) const;
  void AddWindows(absl::Duration time, const Thumbnail& picture);
  void AddKeypoints(const FrameFingerprint& fingerprint,
                    const Thumbnail& picture);

  ClipDetail detail_;
  FrameRuns<WindowFrame> windows_;
  SceneKeyFinder scenes_;
  std::vector<FrameFingerprint> last_key_;  // One or none.
  std::vector<Keypoint> of_last_key_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CLIP_DETAIL_H_
