#ifndef LENSCAP_SERVICES_HASH_LIST_HANDLER_H_
#define LENSCAP_SERVICES_HASH_LIST_HANDLER_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/known_clips.h"
#include "media/video_reader.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/admission.h"
#include "services/auditor.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/spool.h"
#include "services/upload_parts.h"

namespace lenscap {

// What the list service works with; all must outlive it.
struct ListRooms {
  KnownClips* clips = nullptr;
  const Spool* spool = nullptr;
  Admission* admission = nullptr;
  MediaLimits limits;
  OpenVideo open_video = VideoReader::Open;
  // Puts on record what was changed, before it is answered; null keeps none.
  Auditor* auditor = nullptr;
};

// What each call does for a caller who may make it: a regulator has the lists
// of its own issuer, and finds no others.

// One Publish call. Blocks on the disk and on the decoder; not thread-safe.
// See hash_list.proto for what each call promises.
class PublishUpload {
 public:
  PublishUpload(const ListRooms* rooms, Caller caller)
      : rooms_(rooms), caller_(std::move(caller)) {}

  absl::Status Take(const v1::PublishRequest& request);
  // Once the stream has ended.
  absl::StatusOr<v1::PublishReply> Publish(const Cancellation& cancellation);

 private:
  absl::StatusOr<std::optional<Upload>> Begin(v1::PublishHeader& header);

  const ListRooms* const rooms_;
  const Caller caller_;
  Admission::Ticket ticket_;
  UploadParts<v1::PublishRequest> parts_;
};

absl::StatusOr<v1::WithdrawReply> Withdraw(const ListRooms& rooms,
                                           const Caller& caller,
                                           const v1::WithdrawRequest& request);
absl::StatusOr<v1::ListListsReply> ListLists(const ListRooms& rooms,
                                             const Caller& caller);
absl::StatusOr<v1::GetListReply> GetList(const ListRooms& rooms,
                                         const Caller& caller,
                                         const v1::GetListRequest& request);
absl::StatusOr<v1::HistoryReply> History(const ListRooms& rooms,
                                         const Caller& caller,
                                         const v1::HistoryRequest& request);

// Calls `send` with one message after another until it fails; its error is
// returned.
absl::Status Export(
    const ListRooms& rooms, const Caller& caller,
    const v1::ExportRequest& request,
    const std::function<absl::Status(const v1::ExportedEntry&)>& send);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_HASH_LIST_HANDLER_H_
