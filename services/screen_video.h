#ifndef LENSCAP_SERVICES_SCREEN_VIDEO_H_
#define LENSCAP_SERVICES_SCREEN_VIDEO_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/digest.h"
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "models/cue_scorer.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/cancellation.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "takedown/evidence_store.h"
#include "takedown/held_uploads.h"
#include "takedown/queue.h"

namespace lenscap {

// One upload to screen.
struct ScreenInput {
  std::string scan_id;
  v1::UploadHeader header;  // With a content id.
  FileDigests digests;
  std::unique_ptr<ByteSource> source;
};

// The whole pipeline, from a file to a report and a case. Thread-safe; what it
// points to must outlive it.
class VideoScreener {
 public:
  struct Options {
    const KnownClips* clips = nullptr;
    TakedownQueue* cases = nullptr;
    // Keeps the fingerprint of each upload that a report was made of; may be
    // null. A failure costs that fingerprint alone.
    UploadStore* uploads = nullptr;
    // Keeps stills of each upload in a case, for its reviewer; may be null.
    // Without them the case is opened all the same.
    EvidenceStore* evidence = nullptr;
    // What is let through is held no more; may be null.
    HeldUploads* holds = nullptr;
    std::shared_ptr<const CueScorer> cues;  // May be null.
    std::string cues_unavailable;           // Why it is.
    // A second model, whose cues are reported and never acted on; may be null.
    std::shared_ptr<const CueScorer> shadow_cues;
    v1::Policy policy;
    MediaLimits limits;
    OpenVideo open_video = VideoReader::Open;
    Metrics* metrics = nullptr;
    Notifier* news = nullptr;  // Told of each case that is opened.
    const Clock* clock = Clock::Real();
  };
  using ProgressCallback = std::function<void(const v1::Progress&)>;

  // A report lists at most so many matches, the best.
  static constexpr int kMaxMatches = 100;

  explicit VideoScreener(Options options) : options_(std::move(options)) {}

  // What cannot be decoded is a report too, with the verdict UNREADABLE unless
  // the file's digests are on a list; so is a file on which two decoders have
  // died. REVIEW and BLOCK open a case; screening
  // the same content again finds it there. Calls `progress` at most four times
  // a second. Fails with the reason of `cancellation`, or where the file
  // cannot be read or the case not be stored; trying again may then help.
  absl::StatusOr<v1::ScanReport> Screen(ScreenInput input,
                                        const ProgressCallback& progress,
                                        const Cancellation& cancellation) const;

 private:
  Options options_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCREEN_VIDEO_H_
