#include "takedown/upload_standing.h"

#include "base/status_macros.h"
#include "takedown/campaign.h"

namespace lenscap {

absl::StatusOr<UploadStanding> StandingIn(const TakedownQueue& cases,
                                          absl::string_view content_id,
                                          absl::Duration undo_window,
                                          absl::Time now) {
  const absl::StatusOr<v1::CaseUpload> upload = cases.Upload(content_id);
  if (absl::IsNotFound(upload.status())) return UploadStanding::kOpen;
  RETURN_IF_ERROR(upload.status());
  if (upload->decisions().empty()) return UploadStanding::kOpen;
  const v1::Decision& last = *upload->decisions().rbegin();
  return TimeOf(last.time()) + undo_window > now ? UploadStanding::kUndoable
                                                 : UploadStanding::kDecided;
}

}  // namespace lenscap
