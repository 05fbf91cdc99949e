#ifndef LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_
#define LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_

#include "absl/status/statusor.h"
#include "index/known_clips.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/caller.h"
#include "takedown/queue.h"

namespace lenscap {

// What an operator does to a list of others, and what its issuer hears of it.
// See hash_list.proto for what each call promises.

absl::StatusOr<v1::HashList> HoldEntries(KnownClips& clips,
                                         const Caller& caller,
                                         const v1::HoldEntriesRequest& request);
absl::StatusOr<v1::HashList> ReleaseEntries(
    KnownClips& clips, const Caller& caller,
    const v1::HoldEntriesRequest& request);
absl::StatusOr<v1::HashList> SetListMode(KnownClips& clips,
                                         const Caller& caller,
                                         const v1::SetListModeRequest& request);
absl::StatusOr<v1::FeedbackReply> Feedback(const KnownClips& clips,
                                           const TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::FeedbackRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LIST_CONTROL_HANDLER_H_
