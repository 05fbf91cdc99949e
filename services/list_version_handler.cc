#include "services/list_version_handler.h"

#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/byte_reader.h"
#include "base/status_macros.h"
#include "lists/list_replay.h"
#include "lists/open_list.h"
#include "services/convert.h"
#include "services/validate.h"
#include "services/visible_list.h"

namespace lenscap {
namespace {

constexpr size_t kPartBytes = 256 << 10;

// The list, if the caller may see it and it is signed.
absl::StatusOr<ListInfo> FindSigned(const SignedListRooms& rooms,
                                    const Caller& caller,
                                    absl::string_view list_id) {
  ASSIGN_OR_RETURN(ListInfo list,
                   FindVisibleList(*rooms.clips, caller, "list_id", list_id));
  if (list.signed_version > 0) return list;
  return absl::FailedPreconditionError(
      absl::StrCat("list_id: \"", list_id, "\" is no signed list"));
}

absl::Status CheckVersion(absl::string_view field, int64_t version,
                          const ListInfo& list) {
  return CheckRange(field, version, 1, list.signed_version);
}

}  // namespace

absl::StatusOr<v1::RollbackReply> Rollback(const SignedListRooms& rooms,
                                           const Caller& caller,
                                           const v1::RollbackRequest& request) {
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  std::lock_guard lock(*rooms.applying);
  ASSIGN_OR_RETURN(const ListInfo list,
                   FindSigned(rooms, caller, request.list_id()));
  const int64_t version = request.signed_version();
  RETURN_IF_ERROR(CheckVersion("signed_version", version, list));
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   rooms.archive->Get(list.list_id, version));
  ASSIGN_OR_RETURN(const Sha256 sha256, Sha256OfFile(kept.path));
  ASSIGN_OR_RETURN(ReplayedList replayed, ReplayList(version, [&](int64_t v) {
                     return OpenKept(*rooms.archive, list.list_id, v);
                   }));
  ListUpdate update = UpdateOf(replayed.envelope);
  update.signed_sha256 = sha256;
  update.actor = ActorOf(caller);
  update.kind = ListChange::Kind::kRolledBack;
  update.snapshot = true;
  update.snapshot_reason = request.reason();
  update.reason = request.reason();
  ASSIGN_OR_RETURN(const ListUpdateResult result,
                   rooms.clips->Update(update, *replayed.entries, {}));
  RETURN_IF_ERROR(rooms.auditor->CatchUpList(list.list_id));
  v1::RollbackReply reply;
  *reply.mutable_list() = ToProto(result.list);
  reply.set_added(result.added);
  reply.set_updated(result.updated);
  reply.set_withdrawn(result.withdrawn);
  return reply;
}

absl::Status Download(
    const SignedListRooms& rooms, const Caller& caller,
    const v1::DownloadRequest& request,
    const std::function<absl::Status(const v1::DownloadPart&)>& send) {
  ASSIGN_OR_RETURN(const ListInfo list,
                   FindSigned(rooms, caller, request.list_id()));
  const int64_t version = request.signed_version() == 0
                              ? list.signed_version
                              : request.signed_version();
  RETURN_IF_ERROR(CheckVersion("signed_version", version, list));
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   rooms.archive->Get(list.list_id, version));
  ASSIGN_OR_RETURN(const Sha256 sha256, Sha256OfFile(kept.path));
  v1::DownloadPart part;
  v1::DownloadHeader& header = *part.mutable_header();
  header.set_list_id(list.list_id);
  header.set_signed_version(version);
  header.set_sha256(ToBytes(sha256));
  header.set_total_bytes(kept.bytes);
  header.set_signatures(kept.signatures);
  RETURN_IF_ERROR(send(part));
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteReader> file,
                   OpenByteReader(kept.path));
  std::string buffer(kPartBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const size_t n, file->Read(absl::MakeSpan(buffer)));
    if (n == 0) return absl::OkStatus();
    part.set_data(buffer.data(), n);
    RETURN_IF_ERROR(send(part));
  }
}

}  // namespace lenscap
