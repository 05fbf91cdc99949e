#ifndef LENSCAP_FINGERPRINT_SCENE_KEY_H_
#define LENSCAP_FINGERPRINT_SCENE_KEY_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "fingerprint/pdq.h"
#include "fingerprint/thumbnail.h"

namespace lenscap {

// What a camera that stands still sees behind everything that moves: the hashes
// of the median over time of its pictures.
struct SceneKey {
  DihedralPdq pdq;
  absl::Duration start;  // From the first to the last picture that it is of.
  absl::Duration end;
};

// Finds the scenes of a video: stretches of at least 4 seconds, and 5 pictures,
// in which the camera stands still. Keeps at most 32 thumbnails at any time.
class SceneKeyFinder {
 public:
  // In order of time. `hash` is that of the whole picture.
  void Add(absl::Duration time, const Hash256& hash, const Thumbnail& picture);

  // The scenes so far, at most 64; nothing may be added afterwards.
  std::vector<SceneKey> Finish();

 private:
  void EndScene();

  std::vector<Thumbnail> pictures_;  // Evenly spread over the scene.
  int every_ = 1;                    // One picture of so many is kept.
  int seen_ = 0;
  Hash256 first_;
  absl::Duration start_;
  absl::Duration end_;
  std::vector<SceneKey> scenes_;
};

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_SCENE_KEY_H_
