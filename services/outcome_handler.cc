#include "services/outcome_handler.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/limit_status.h"
#include "services/proto_time.h"
#include "services/validate.h"
#include "services/webhooks/webhook_signature.h"

namespace lenscap {
namespace {

constexpr size_t kMaxContentIdBytes = 256;
constexpr size_t kMaxTenantBytes = 64;
constexpr size_t kMaxEndpointIdBytes = 64;
constexpr size_t kMaxDeliveryIdBytes = 512;
constexpr int kMaxReplays = 1'000;
// Each keeps a thread of the pool for requests waiting for a receiver.
constexpr int kMaxTests = 4;
// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

v1::Endpoint MessageOf(const OutcomeRooms& rooms,
                       const WebhookEndpoint& endpoint) {
  v1::Endpoint message;
  message.set_endpoint_id(endpoint.id);
  message.set_tenant(endpoint.tenant);
  message.set_url(endpoint.url);
  for (const v1::Outcome::Type type : endpoint.types) message.add_types(type);
  *message.mutable_created() = ToProto(endpoint.created);
  message.set_public_key(WebhookKeyText(endpoint.key.public_key()));
  const auto health = rooms.webhooks->HealthOf(endpoint.id);
  if (!health.last_error.empty()) {
    message.set_last_error(health.last_error);
    *message.mutable_last_failed() = ToProto(health.last_failed);
  }
  return message;
}

absl::Status Record(const OutcomeRooms& rooms, const Caller& caller,
                    const std::string& action, const WebhookEndpoint& endpoint,
                    const std::string& replayed = "") {
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = action;
  entry.subject = absl::StrCat("endpoint/", endpoint.id);
  entry.details = {{"tenant", endpoint.tenant}, {"url", endpoint.url}};
  if (!replayed.empty()) entry.details.emplace_back("replayed", replayed);
  return rooms.record(entry);
}

// One that the caller may know of.
absl::StatusOr<WebhookEndpoint> VisibleEndpoint(const OutcomeRooms& rooms,
                                                const Caller& caller,
                                                const std::string& id) {
  RETURN_IF_ERROR(CheckLength("endpoint_id", id, 1, kMaxEndpointIdBytes));
  absl::StatusOr<WebhookEndpoint> endpoint = rooms.webhooks->Get(id);
  if (endpoint.ok() && !SeesUploadsOf(caller, endpoint->tenant)) {
    return absl::NotFoundError("endpoint_id: there is no such endpoint");
  }
  return endpoint;
}

// The decision that holds, and that can no longer be undone; null before.
const v1::Decision* EffectiveDecision(const v1::CaseUpload& upload,
                                      absl::Time latest) {
  const auto& decisions = upload.decisions();
  for (int i = decisions.size() - 1; i >= 0; --i) {
    if (FromProto(decisions[i].time()) <= latest) return &decisions[i];
  }
  return nullptr;
}

// Of the decision, as the outcomes number them; 0 where it is not found.
int VersionIn(const v1::Case& subject, const v1::Decision& decision) {
  for (int i = subject.decisions_size(); i > 0; --i) {
    const v1::Decision& other = subject.decisions(i - 1);
    if (FromProto(other.time()) == FromProto(decision.time()) &&
        other.reviewer() == decision.reviewer()) {
      return i;
    }
  }
  return 0;
}

absl::Status AddHold(const OutcomeRooms& rooms, const Caller& caller,
                     v1::UploadState& state) {
  if (rooms.holds == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto held, rooms.holds->State(state.content_id()));
  if (!held || !SeesUploadsOf(caller, held->tenant())) return absl::OkStatus();
  state.set_state(v1::UploadState::STATE_HELD);
  *state.mutable_deadline() = held->deadline();
  state.set_fallback(held->fallback());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::UploadState> GetUploadState(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::GetUploadStateRequest& request) {
  RETURN_IF_ERROR(
      CheckLength("content_id", request.content_id(), 1, kMaxContentIdBytes));
  v1::UploadState state;
  state.set_content_id(request.content_id());
  state.set_state(v1::UploadState::STATE_UNKNOWN);
  const auto upload = rooms.cases->Upload(request.content_id());
  if (!upload.ok() && !absl::IsNotFound(upload.status())) {
    return upload.status();
  }
  if (upload.ok() && SeesUploadsOf(caller, upload->tenant())) {
    state.set_case_id(upload->case_id());
    state.set_state(v1::UploadState::STATE_UNDECIDED);
    const v1::Decision* const decision =
        EffectiveDecision(*upload, rooms.clock->Now() - rooms.undo_window);
    if (decision != nullptr) {
      ASSIGN_OR_RETURN(const v1::Case subject,
                       rooms.cases->Get(upload->case_id()));
      state.set_version(VersionIn(subject, *decision));
      state.set_state(decision->outcome() == v1::Decision::OUTCOME_REMOVE
                          ? v1::UploadState::STATE_REMOVED
                          : v1::UploadState::STATE_KEPT);
      return state;
    }
  }
  RETURN_IF_ERROR(AddHold(rooms, caller, state));
  return state;
}

absl::StatusOr<v1::Endpoint> CreateEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::CreateEndpointRequest& request) {
  RETURN_IF_ERROR(CheckLength("tenant", request.tenant(), 0, kMaxTenantBytes));
  std::string tenant = request.tenant();
  if (tenant.empty()) tenant = caller.tenant;
  if (!SeesUploadsOf(caller, tenant)) {
    return absl::PermissionDeniedError(absl::StrCat(
        "tenant: ", ActorOf(caller), " hears of its own tenant alone"));
  }
  WebhookEndpoints::Wish wish;
  for (const int type : request.types()) {
    RETURN_IF_ERROR(CheckEnum("types", static_cast<v1::Outcome::Type>(type),
                              v1::Outcome::Type_IsValid));
    wish.types.insert(static_cast<v1::Outcome::Type>(type));
  }
  const bool is_admin = caller.local || caller.role == CallerRole::kAdmin;
  wish.tenant = std::move(tenant);
  wish.url = request.url();
  wish.public_only = !is_admin;
  RETURN_IF_ERROR(CheckWebhookUrl(wish.url));
  if (!is_admin && ReachOf(wish.url, true) == WebhookReach::kLoopback) {
    return absl::PermissionDeniedError(
        "url: \"http://\" to the server's own machine is an administrator's");
  }
  ASSIGN_OR_RETURN(const WebhookEndpoint created,
                   rooms.webhooks->Create(std::move(wish)));
  if (const absl::Status recorded =
          Record(rooms, caller, "endpoint.create", created);
      !recorded.ok()) {
    RETURN_IF_ERROR(rooms.webhooks->Delete(created.id).status());
    return recorded;
  }
  return MessageOf(rooms, created);
}

v1::ListEndpointsReply ListEndpoints(const OutcomeRooms& rooms,
                                     const Caller& caller) {
  v1::ListEndpointsReply reply;
  for (const WebhookEndpoint& endpoint : rooms.webhooks->List()) {
    if (!SeesUploadsOf(caller, endpoint.tenant)) continue;
    *reply.add_endpoints() = MessageOf(rooms, endpoint);
  }
  return reply;
}

absl::StatusOr<v1::Endpoint> DeleteEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::DeleteEndpointRequest& request) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint,
                   VisibleEndpoint(rooms, caller, request.endpoint_id()));
  v1::Endpoint message = MessageOf(rooms, endpoint);
  ASSIGN_OR_RETURN(const WebhookEndpoint deleted,
                   rooms.webhooks->Delete(endpoint.id));
  RETURN_IF_ERROR(Record(rooms, caller, "endpoint.delete", deleted));
  return message;
}

absl::StatusOr<v1::TestEndpointReply> TestEndpoint(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::TestEndpointRequest& request) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint,
                   VisibleEndpoint(rooms, caller, request.endpoint_id()));
  const absl::Cleanup leave = [&rooms] { --*rooms.tests; };
  if (++*rooms.tests > kMaxTests) {
    return OverLimit(kBusyLimit,
                     absl::StrCat("the server is testing ", kMaxTests,
                                  " endpoints, as many as it may"),
                     absl::Seconds(5));
  }
  const WebhookAnswer answer = rooms.webhooks->Test(endpoint);
  v1::TestEndpointReply reply;
  reply.set_http_status(answer.http_status);
  reply.set_error(answer.error);
  return reply;
}

absl::StatusOr<v1::ListDeliveriesReply> ListDeliveries(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::ListDeliveriesRequest& request) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint,
                   VisibleEndpoint(rooms, caller, request.endpoint_id()));
  const v1::Delivery::State state =
      request.state() == v1::Delivery::STATE_UNSPECIFIED
          ? v1::Delivery::STATE_DEAD_LETTER
          : request.state();
  RETURN_IF_ERROR(CheckEnum("state", state, v1::Delivery::State_IsValid));
  ASSIGN_OR_RETURN(int limit, CheckPageSize("page_size", request.page_size()));
  RETURN_IF_ERROR(CheckLength("page_token", request.page_token(), 0, 256));
  while (true) {
    ASSIGN_OR_RETURN(v1::ListDeliveriesReply reply,
                     rooms.webhooks->deliveries().List(
                         endpoint.id, state, request.page_token(), limit));
    if (limit == 1 || reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
    limit /= 2;  // A page's cursor is its own; cutting it here would lose it.
  }
}

absl::StatusOr<v1::ReplayReply> ReplayDeliveries(
    const OutcomeRooms& rooms, const Caller& caller,
    const v1::ReplayRequest& request) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint,
                   VisibleEndpoint(rooms, caller, request.endpoint_id()));
  RETURN_IF_ERROR(
      CheckRange("delivery_ids", request.delivery_ids_size(), 0, kMaxReplays));
  for (const std::string& id : request.delivery_ids()) {
    RETURN_IF_ERROR(CheckLength("delivery_ids", id, 1, kMaxDeliveryIdBytes));
  }
  const std::vector<std::string> ids(request.delivery_ids().begin(),
                                     request.delivery_ids().end());
  ASSIGN_OR_RETURN(const int64_t replayed,
                   rooms.webhooks->Replay(endpoint.id, ids));
  RETURN_IF_ERROR(Record(rooms, caller, "endpoint.replay", endpoint,
                         absl::StrCat(replayed)));
  v1::ReplayReply reply;
  reply.set_replayed(replayed);
  return reply;
}

}  // namespace lenscap
