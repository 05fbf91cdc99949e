#include "services/takedown_handler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/proto_time.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr int kMaxLeases = 100;
constexpr absl::Duration kMinLease = absl::Seconds(1);
constexpr absl::Duration kMaxLease = absl::Hours(1);
constexpr absl::Duration kDefaultLease = absl::Minutes(5);
constexpr size_t kMaxReviewerBytes = 256;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxTextBytes = 4096;
constexpr size_t kMaxFeedbackBytes = 1024;
constexpr size_t kMaxReasonBytes = 1024;
constexpr size_t kMaxWordBytes = 32;
constexpr int kMaxWords = 16;
constexpr int kMaxNamedUploads = 1000;
constexpr absl::Duration kMinHold = absl::Minutes(1);
constexpr absl::Duration kMaxHold = absl::Hours(24 * 14);
// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

absl::Status CheckToken(absl::string_view token) {
  return CheckLength("lease_token", token, 1, 128);
}

// That the claim was made under the caller's name. The machine's own user has
// given it whatever name, and the token is proof enough.
absl::Status CheckHolder(const TakedownQueue& cases, const Caller& caller,
                         absl::string_view token) {
  RETURN_IF_ERROR(CheckToken(token));
  if (caller.local) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Case claimed, cases.Claimed(token));
  const std::string& holder =
      claimed.state() == v1::Case::STATE_DECIDED && claimed.decisions_size() > 0
          ? claimed.decisions().rbegin()->reviewer()
          : claimed.reviewer();
  if (holder == caller.name) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "lease_token: ", ActorOf(caller), " does not hold this lease"));
}

absl::Status CheckCaseId(absl::string_view case_id) {
  return CheckLength("case_id", case_id, 1, 64);
}

template <typename Words>
absl::Status CheckWords(absl::string_view field, const Words& words) {
  RETURN_IF_ERROR(CheckRange(field, words.size(), 0, kMaxWords));
  for (const std::string& word : words) {
    RETURN_IF_ERROR(CheckLength(field, word, 1, kMaxWordBytes));
  }
  return absl::OkStatus();
}

Reviewer ReviewerOf(const Caller& caller, std::string name) {
  return {.name = std::move(name),
          .skills = caller.skills,
          .languages = caller.languages,
          .tenants = caller.tenants,
          .oversees = caller.role == CallerRole::kAdmin};
}

absl::StatusOr<std::vector<Lease>> Claim(TakedownQueue& cases,
                                         const Reviewer& reviewer,
                                         const v1::LeaseRequest& request,
                                         absl::Duration duration) {
  if (request.case_id().empty()) {
    return cases.LeaseCases(reviewer, request.filter(),
                            std::max(1, request.max_cases()), duration);
  }
  RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  std::vector<Lease> leases;
  ASSIGN_OR_RETURN(Lease lease,
                   cases.LeaseCase(reviewer, request.case_id(), duration));
  leases.push_back(std::move(lease));
  return leases;
}

absl::Status NoSuchCase() {
  return absl::NotFoundError("case_id: there is no such case");
}

}  // namespace

absl::StatusOr<std::string> ReviewerName(const Caller& caller,
                                         const std::string& named) {
  if (caller.local) return named;
  if (named.empty() || named == caller.name) return caller.name;
  return absl::PermissionDeniedError(absl::StrCat(
      "reviewer: ", ActorOf(caller), " claims under its own name"));
}

absl::Status CheckFilter(const v1::QueueFilter& filter) {
  RETURN_IF_ERROR(
      CheckRange("filter.queues", filter.queues_size(), 0, kMaxWords));
  for (const int queue : filter.queues()) {
    RETURN_IF_ERROR(CheckEnum("filter.queues",
                              static_cast<v1::CaseQueue>(queue),
                              v1::CaseQueue_IsValid));
  }
  RETURN_IF_ERROR(CheckLength("filter.tenant", filter.tenant(), 0, 64));
  RETURN_IF_ERROR(CheckWords("filter.skills", filter.skills()));
  return CheckWords("filter.languages", filter.languages());
}

absl::StatusOr<v1::LeaseReply> LeaseCases(TakedownQueue& cases,
                                          const Caller& caller,
                                          const v1::LeaseRequest& request) {
  ASSIGN_OR_RETURN(const std::string reviewer,
                   ReviewerName(caller, request.reviewer()));
  RETURN_IF_ERROR(CheckLength("reviewer", reviewer, 1, kMaxReviewerBytes));
  RETURN_IF_ERROR(CheckRange("max_cases", request.max_cases(), 0, kMaxLeases));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  absl::Duration duration = kDefaultLease;
  if (request.has_duration()) {
    ASSIGN_OR_RETURN(duration, CheckDuration("duration", request.duration(),
                                             kMinLease, kMaxLease));
  }
  ASSIGN_OR_RETURN(
      std::vector<Lease> leases,
      Claim(cases, ReviewerOf(caller, reviewer), request, duration));
  v1::LeaseReply reply;
  size_t bytes = 0;
  for (Lease& lease : leases) {
    bytes += lease.leased().ByteSizeLong();
    // What does not fit is given back by its lease.
    if (bytes > kMaxReplyBytes && reply.leases_size() > 0) break;
    v1::LeasedCase& leased = *reply.add_leases();
    *leased.mutable_case_() = lease.leased();
    leased.set_lease_token(std::move(lease).Detach());
  }
  return reply;
}

absl::StatusOr<v1::ExtendReply> ExtendLease(TakedownQueue& cases,
                                            const Caller& caller,
                                            const v1::ExtendRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  ASSIGN_OR_RETURN(
      const absl::Duration duration,
      CheckDuration("duration", request.duration(), kMinLease, kMaxLease));
  ASSIGN_OR_RETURN(const absl::Time end,
                   cases.Extend(request.lease_token(), duration));
  v1::ExtendReply reply;
  *reply.mutable_lease_end() = ToProto(end);
  return reply;
}

absl::StatusOr<v1::ReleaseReply> ReleaseLease(
    TakedownQueue& cases, const Caller& caller,
    const v1::ReleaseRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  RETURN_IF_ERROR(cases.Release(request.lease_token()));
  return v1::ReleaseReply();
}

absl::StatusOr<v1::DecideReply> DecideCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::DecideRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  RETURN_IF_ERROR(
      CheckEnum("outcome", request.outcome(), v1::Decision::Outcome_IsValid));
  RETURN_IF_ERROR(CheckLength("note", request.note(), 0, kMaxTextBytes));
  RETURN_IF_ERROR(
      CheckLength("feedback", request.feedback(), 0, kMaxFeedbackBytes));
  RETURN_IF_ERROR(CheckRange("content_ids", request.content_ids_size(), 0,
                             kMaxNamedUploads));
  for (const std::string& id : request.content_ids()) {
    RETURN_IF_ERROR(CheckLength("content_ids", id, 1, kMaxNameBytes));
  }
  v1::DecideReply reply;
  ASSIGN_OR_RETURN(*reply.mutable_case_(),
                   cases.Rule(request.lease_token(),
                              {.outcome = request.outcome(),
                               .note = request.note(),
                               .feedback = request.feedback(),
                               .content_ids = {request.content_ids().begin(),
                                               request.content_ids().end()}}));
  const auto& decisions = reply.case_().decisions();
  if (!decisions.empty()) {
    *reply.mutable_undo_end() =
        ToProto(FromProto(decisions.rbegin()->time()) + cases.undo_window());
  }
  return reply;
}

absl::StatusOr<v1::UndoReply> UndoDecision(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::UndoRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  v1::UndoReply reply;
  ASSIGN_OR_RETURN(*reply.mutable_case_(), cases.Undo(request.lease_token()));
  return reply;
}

absl::StatusOr<v1::HoldReply> HoldCase(TakedownQueue& cases,
                                       const Caller& caller,
                                       const v1::HoldRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  ASSIGN_OR_RETURN(
      const absl::Duration duration,
      CheckDuration("duration", request.duration(), kMinHold, kMaxHold));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  v1::HoldReply reply;
  ASSIGN_OR_RETURN(
      *reply.mutable_case_(),
      cases.Hold(request.lease_token(), duration, request.reason()));
  return reply;
}

absl::StatusOr<v1::EscalateReply> EscalateCase(
    TakedownQueue& cases, const Caller& caller,
    const v1::EscalateRequest& request) {
  RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  v1::EscalateReply reply;
  ASSIGN_OR_RETURN(
      *reply.mutable_case_(),
      cases.Escalate(request.lease_token(), request.reason(), request.skill()));
  return reply;
}

absl::StatusOr<v1::ReassignReply> ReassignCase(
    TakedownQueue& cases, const Caller& caller,
    const v1::ReassignRequest& request) {
  RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  RETURN_IF_ERROR(
      CheckLength("reviewer", request.reviewer(), 0, kMaxReviewerBytes));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  if (!request.lease_token().empty()) {
    RETURN_IF_ERROR(CheckHolder(cases, caller, request.lease_token()));
  }
  ASSIGN_OR_RETURN(const v1::Case given, cases.Get(request.case_id()));
  if (!SeesUploadsOf(caller, given.tenant())) return NoSuchCase();
  v1::ReassignReply reply;
  ASSIGN_OR_RETURN(
      *reply.mutable_case_(),
      cases.Reassign({.case_id = request.case_id(),
                      .token = request.lease_token(),
                      .reviewer = request.reviewer(),
                      .oversees = caller.role == CallerRole::kAdmin}));
  return reply;
}

absl::StatusOr<v1::AppealReply> AppealCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::AppealRequest& request) {
  RETURN_IF_ERROR(
      CheckLength("content_id", request.content_id(), 0, kMaxNameBytes));
  if (request.content_id().empty() || !request.case_id().empty()) {
    RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  }
  RETURN_IF_ERROR(
      CheckLength("statement", request.statement(), 1, kMaxTextBytes));
  std::string case_id = request.case_id();
  if (case_id.empty()) {
    ASSIGN_OR_RETURN(const v1::CaseUpload upload,
                     cases.Upload(request.content_id()));
    case_id = upload.case_id();
  }
  ASSIGN_OR_RETURN(const v1::Case appealed, cases.Get(case_id));
  if (!SeesUploadsOf(caller, appealed.tenant())) return NoSuchCase();
  v1::AppealReply reply;
  ASSIGN_OR_RETURN(*reply.mutable_case_(),
                   cases.Reopen({.case_id = request.case_id(),
                                 .content_id = request.content_id(),
                                 .statement = request.statement(),
                                 .by = ActorOf(caller)}));
  return reply;
}

}  // namespace lenscap
