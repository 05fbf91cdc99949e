#ifndef LENSCAP_SERVICES_RETRO_MATCH_H_
#define LENSCAP_SERVICES_RETRO_MATCH_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/clip_matcher.h"
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "takedown/queue.h"

namespace lenscap {

// Finds clips in the uploads that were scanned before the clips were published,
// and opens the cases that a scan now would open. No kept upload misses a clip:
// what was scanned before a publication and kept after it is caught too, and a
// crash resumes where it was. Each upload is first compared with the new clips
// alone; where one is found, all known clips decide, as in a scan. Thread-safe.
class RetroMatch {
 public:
  // What these point to must outlive it.
  struct Options {
    const KnownClips* clips = nullptr;
    UploadStore* uploads = nullptr;
    TakedownQueue* cases = nullptr;
    v1::Policy policy;
    Metrics* metrics = nullptr;
    Notifier* news = nullptr;  // Told of each case that is opened.
    // Of new clips that are compared at a time, as KnownClips::ActiveClips
    // counts them: some 100 MB, and half as much again while they are made.
    int64_t frames_at_once = 1'000'000;
  };

  explicit RetroMatch(Options options) : options_(std::move(options)) {}

  // Returns once nothing is left to compare, soon after Stop, or with what went
  // wrong: calling it again goes on from there. Not to be called by two threads
  // at a time.
  absl::Status CatchUp();

  // A CatchUp that is going on ends after the upload that it is at; later ones
  // do nothing.
  void Stop() { stopped_ = true; }

  // Compares the clips from this id on once more, with all kept uploads: for
  // those that were held, or that were in shadow, until now. Survives a crash.
  absl::Status MatchAgainFrom(uint64_t clip_id);
  // The same for all clips of a list.
  absl::Status MatchListAgain(absl::string_view list_id);

 private:
  // The next four end early, with CANCELLED, once stopped, and with ABORTED
  // where MatchAgainFrom has moved the cursor.
  absl::Status CatchUpOnce(bool* done);
  // Those that were kept since, of which some were scanned before clips that
  // the others have been compared with.
  absl::Status MatchLateUploads(RetroCursor* cursor);
  // The others, with clips that are new: of those, a batch.
  absl::Status MatchNewClips(uint64_t end, RetroCursor* cursor);
  absl::Status MatchBatch(const KnownClips::ClipRange& batch,
                          RetroCursor* cursor);

  absl::StatusOr<RetroCursor> LoadCursor();
  absl::Status Advance(const RetroCursor& to, RetroCursor* cursor);
  // Nothing of `clips` is in it, or it was judged. A null `clips` is all.
  absl::Status Match(const KeptUpload& upload, const ClipMatcher* clips);
  absl::Status Judge(const KeptUpload& upload,
                     const UploadFingerprint& fingerprint);

  const Options options_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // Of changes of the store's cursor.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_RETRO_MATCH_H_
