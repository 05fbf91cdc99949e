#ifndef LENSCAP_SERVICES_OUTCOME_HANDLER_H_
#define LENSCAP_SERVICES_OUTCOME_HANDLER_H_

#include <atomic>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "audit/audit_log.h"
#include "base/clock.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "services/caller.h"
#include "services/webhooks/webhooks.h"
#include "takedown/held_uploads.h"
#include "takedown/queue.h"

namespace lenscap {

// What the outcome service works with; all must outlive it.
struct OutcomeRooms {
  const TakedownQueue* cases = nullptr;
  const HeldUploads* holds = nullptr;  // Null: nothing is held.
  Webhooks* webhooks = nullptr;
  std::atomic<int>* tests = nullptr;  // Of endpoints, that are under way.
  absl::Duration undo_window = absl::ZeroDuration();
  // Puts what was done on record, before it is answered.
  std::function<absl::Status(const AuditEntry&)> record;
  const Clock* clock = Clock::Real();
};

// The calls of the outcome service, one by one, for a caller who may make
// them. Each may block on the disk. See outcome.proto for what each promises.
// A platform with a tenant sees and changes what is of that one alone.
absl::StatusOr<v1::UploadState> GetUploadState(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::GetUploadStateRequest& request);

// Endpoints of a platform reach public addresses alone.
absl::StatusOr<v1::Endpoint> CreateEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::CreateEndpointRequest& request);
v1::ListEndpointsReply ListEndpoints(const OutcomeRooms& rooms,
                                     const Caller& caller);
absl::StatusOr<v1::Endpoint> DeleteEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::DeleteEndpointRequest& request);
// Waits for the receiver.
absl::StatusOr<v1::TestEndpointReply> TestEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::TestEndpointRequest& request);
absl::StatusOr<v1::ListDeliveriesReply> ListDeliveries(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::ListDeliveriesRequest& request);
absl::StatusOr<v1::ReplayReply> ReplayDeliveries(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::ReplayRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_OUTCOME_HANDLER_H_
