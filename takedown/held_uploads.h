#ifndef LENSCAP_TAKEDOWN_HELD_UPLOADS_H_
#define LENSCAP_TAKEDOWN_HELD_UPLOADS_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/record_store.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "takedown/held_upload.pb.h"

namespace lenscap {

// Where an upload stands with reviewers.
enum class UploadStanding {
  kOpen,      // Undecided, or in no case.
  kUndoable,  // Decided, and the decision may yet be undone.
  kDecided,
};
using StandingOf =
    std::function<absl::StatusOr<UploadStanding>(absl::string_view content_id)>;

// The uploads that platforms hold until a verdict (v1::PrePublish), durable
// (takedown/HOLDS.md has the format). A hold ends with the verdict ALLOW or
// with a decision; one that neither ended by its deadline falls due once, and
// stays due until the platform was told: a crash at any point loses no deadline
// and repeats none. Whatever a call acknowledges survives a crash. Thread-safe.
// One process at a time per directory.
class HeldUploads {
 public:
  struct Options {
    std::string directory;
    // Of a hold that names none; not unspecified.
    v1::Fallback fallback = v1::FALLBACK_HOLD;
    const Clock* clock = Clock::Real();  // Must outlive this.
  };
  static absl::StatusOr<std::unique_ptr<HeldUploads>> Open(Options options);

  // Holds the upload of the header from now on, for the time in its
  // pre_publish. One that is held, or due, already stays as it is: sending an
  // upload again gains no time.
  absl::Status Begin(const v1::UploadHeader& header);
  // The verdict is ALLOW. What is due already is told nevertheless.
  absl::Status End(absl::string_view content_id);

  // Lets what is past its deadline fall due, and forgets what was decided on;
  // what may be undone waits until it may not. Looks at each hold past its
  // deadline once a call.
  absl::Status FallDue(const StandingOf& standing_of);
  // What fell due and was not told, oldest first, at most `limit`.
  absl::StatusOr<std::vector<takedown::HeldUpload>> Due(int limit) const;
  // The platform was told, or will be: it is on disk elsewhere. OK for a hold
  // that was told before, or is not known.
  absl::Status Told(absl::string_view hold_id);

  // The hold on the upload, past its deadline too, where nothing has ended it:
  // whoever asks knows by then of decisions. Nothing where there is none.
  absl::StatusOr<std::optional<takedown::HeldUpload>> State(
      absl::string_view content_id) const;

  // Forgets holds told before `before`.
  absl::Status Purge(absl::Time before);

 private:
  HeldUploads(Options options, std::unique_ptr<RecordStore> records);
  absl::StatusOr<std::optional<takedown::HeldUpload>> Find(
      absl::string_view content_id) const;
  // Writes what has become of `before`; either may be absent.
  absl::Status Replace(const std::optional<takedown::HeldUpload>& before,
                       const std::optional<takedown::HeldUpload>& after);
  absl::StatusOr<bool> MayFallDue(const std::string& content_id,
                                  const StandingOf& standing_of);

  const Options options_;
  const std::unique_ptr<RecordStore> records_;
  std::mutex changing_;  // One change at a time.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_HELD_UPLOADS_H_
