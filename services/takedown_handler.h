#ifndef LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_
#define LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_

#include <string>

#include "absl/status/status.h"
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
absl::StatusOr<v1::UndoReply> UndoDecision(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::UndoRequest& request);
absl::StatusOr<v1::HoldReply> HoldCase(TakedownQueue& cases,
                                       const Caller& caller,
                                       const v1::HoldRequest& request);
absl::StatusOr<v1::EscalateReply> EscalateCase(
    TakedownQueue& cases, const Caller& caller,
    const v1::EscalateRequest& request);
absl::StatusOr<v1::ReassignReply> ReassignCase(
    TakedownQueue& cases, const Caller& caller,
    const v1::ReassignRequest& request);
absl::StatusOr<v1::AppealReply> AppealCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::AppealRequest& request);

// Under whose name the caller claims: their own, once they have signed in.
absl::StatusOr<std::string> ReviewerName(const Caller& caller,
                                         const std::string& named);
// INVALID_ARGUMENT, naming the field.
absl::Status CheckFilter(const v1::QueueFilter& filter);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TAKEDOWN_HANDLER_H_
