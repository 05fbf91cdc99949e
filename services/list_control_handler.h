#ifndef LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_
#define LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_

#include "absl/status/statusor.h"
#include "index/known_clips.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/auditor.h"
#include "services/caller.h"
#include "services/retro_match.h"
#include "takedown/queue.h"

namespace lenscap {

// What lists are controlled with; all must outlive it.
struct ListControlRooms {
  KnownClips* clips = nullptr;
  const TakedownQueue* cases = nullptr;
  Auditor* auditor = nullptr;
  // What is searched from now on is looked for in kept uploads, too. May be
  // null.
  RetroMatch* retro = nullptr;
};

// What an operator does to a list of others, and what its issuer hears of it.
// See hash_list.proto for what each call promises.

absl::StatusOr<v1::HashList> HoldEntries(const ListControlRooms& rooms,
                                         const Caller& caller,
                                         const v1::HoldEntriesRequest& request);
absl::StatusOr<v1::HashList> ReleaseEntries(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::HoldEntriesRequest& request);
absl::StatusOr<v1::HashList> SetListMode(const ListControlRooms& rooms,
                                         const Caller& caller,
                                         const v1::SetListModeRequest& request);
absl::StatusOr<v1::FeedbackReply> ListFeedback(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::FeedbackRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_
