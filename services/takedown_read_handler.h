#ifndef LENSCAP_SERVICES_TAKEDOWN_READ_HANDLER_H_
#define LENSCAP_SERVICES_TAKEDOWN_READ_HANDLER_H_

#include "absl/status/statusor.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/caller.h"
#include "takedown/queue.h"

namespace lenscap {

// The calls of the takedown service that change nothing, one by one: checks of
// the request, and the queue. Each may block on the disk. See takedown.proto
// for what each promises. A reviewer with tenants, and a platform with a
// tenant, finds the cases of those alone; what they may not see is NOT_FOUND.
absl::StatusOr<v1::Case> GetCase(const TakedownQueue& cases,
                                 const Caller& caller,
                                 const v1::GetCaseRequest& request);
absl::StatusOr<v1::ListCasesReply> ListCases(
    const TakedownQueue& cases, const Caller& caller,
    const v1::ListCasesRequest& request);
absl::StatusOr<v1::ListUploadsReply> ListUploads(
    const TakedownQueue& cases, const Caller& caller,
    const v1::ListUploadsRequest& request);
absl::StatusOr<v1::LeaseReply> ListClaims(const TakedownQueue& cases,
                                          const Caller& caller,
                                          const v1::ListClaimsRequest& request);
absl::StatusOr<v1::History> GetAccount(const TakedownQueue& cases,
                                       const Caller& caller,
                                       const v1::GetAccountRequest& request);
absl::StatusOr<v1::History> GetGroup(const TakedownQueue& cases,
                                     const Caller& caller,
                                     const v1::GetGroupRequest& request);
// Totals are of all tenants; queues of those that the caller sees.
absl::StatusOr<v1::StatsReply> QueueStatsFor(const TakedownQueue& cases,
                                             const Caller& caller);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TAKEDOWN_READ_HANDLER_H_
