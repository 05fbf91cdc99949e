#ifndef LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_
#define LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_

#include "absl/status/statusor.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/caller.h"
#include "takedown/queue.h"

namespace lenscap {

// The calls of the takedown service, one by one: checks of the request, and
// the queue. Each may block on the disk. See takedown.proto for what each
// promises. A reviewer who has signed in claims under their own name, and has
// the claims made under it alone. A platform with a tenant finds the cases of
// that one alone.
absl::StatusOr<v1::LeaseReply> LeaseCases(TakedownQueue& cases,
                                          const Caller& caller,
                                          const v1::LeaseRequest& request);
absl::StatusOr<v1::ExtendReply> ExtendLease(TakedownQueue& cases,
                                            const Caller& caller,
                                            const v1::ExtendRequest& request);
absl::StatusOr<v1::ReleaseReply> ReleaseLease(
    TakedownQueue& cases, const Caller& caller,
    const v1::ReleaseRequest& request);
absl::StatusOr<v1::DecideReply> DecideCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::DecideRequest& request);
absl::StatusOr<v1::AppealReply> AppealCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::AppealRequest& request);
absl::StatusOr<v1::Case> GetCase(const TakedownQueue& cases,
                                 const v1::GetCaseRequest& request);
absl::StatusOr<v1::ListCasesReply> ListCases(
    const TakedownQueue& cases, const v1::ListCasesRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_
