#ifndef LENSCAP_TAKEDOWN_UPLOAD_STANDING_H_
#define LENSCAP_TAKEDOWN_UPLOAD_STANDING_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "takedown/held_uploads.h"
#include "takedown/queue.h"

namespace lenscap {

// Where the upload stands at `now` in a queue whose decisions can be undone for
// `undo_window`: what HeldUploads::FallDue asks for.
absl::StatusOr<UploadStanding> StandingIn(const TakedownQueue& cases,
                                          absl::string_view content_id,
                                          absl::Duration undo_window,
                                          absl::Time now);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_UPLOAD_STANDING_H_
