#ifndef LENSCAP_SERVICES_LIST_VERSION_HANDLER_H_
#define LENSCAP_SERVICES_LIST_VERSION_HANDLER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/caller.h"
#include "services/signed_list_handler.h"

namespace lenscap {

// What is done with the versions of signed lists that were accepted before. See
// hash_list.proto for what each call promises.

absl::StatusOr<v1::RollbackReply> Rollback(const SignedListRooms& rooms,
                                           const Caller& caller,
                                           const v1::RollbackRequest& request);

// Calls `send` with one part after another until it fails; its error is
// returned.
absl::Status Download(
    const SignedListRooms& rooms, const Caller& caller,
    const v1::DownloadRequest& request,
    const std::function<absl::Status(const v1::DownloadPart&)>& send);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LIST_VERSION_HANDLER_H_
