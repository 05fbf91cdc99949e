#include "services/takedown_handler.h"

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
constexpr size_t kMaxTextBytes = 4096;
constexpr size_t kMaxFeedbackBytes = 1024;
// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

absl::Status CheckToken(absl::string_view token) {
  return CheckLength("lease_token", token, 1, 128);
}

// Under whose name the caller claims: their own, once they have signed in.
absl::StatusOr<std::string> ReviewerOf(const Caller& caller,
                                       const std::string& named) {
  if (caller.local) return named;
  if (named.empty() || named == caller.name) return caller.name;
  return absl::PermissionDeniedError(absl::StrCat(
      "reviewer: ", ActorOf(caller), " claims under its own name"));
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

}  // namespace

absl::StatusOr<v1::LeaseReply> LeaseCases(TakedownQueue& cases,
                                          const Caller& caller,
                                          const v1::LeaseRequest& request) {
  ASSIGN_OR_RETURN(const std::string reviewer,
                   ReviewerOf(caller, request.reviewer()));
  RETURN_IF_ERROR(CheckLength("reviewer", reviewer, 1, kMaxReviewerBytes));
  RETURN_IF_ERROR(CheckRange("max_cases", request.max_cases(), 0, kMaxLeases));
  absl::Duration duration = kDefaultLease;
  if (request.has_duration()) {
    ASSIGN_OR_RETURN(duration, CheckDuration("duration", request.duration(),
                                             kMinLease, kMaxLease));
  }
  ASSIGN_OR_RETURN(
      std::vector<Lease> leases,
      cases.LeaseCases(reviewer, std::max(1, request.max_cases()), duration));
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
  v1::DecideReply reply;
  ASSIGN_OR_RETURN(
      *reply.mutable_case_(),
      cases.Rule(request.lease_token(), {.outcome = request.outcome(),
                                         .note = request.note(),
                                         .feedback = request.feedback()}));
  return reply;
}

absl::StatusOr<v1::AppealReply> AppealCase(TakedownQueue& cases,
                                           const Caller& caller,
                                           const v1::AppealRequest& request) {
  RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  RETURN_IF_ERROR(
      CheckLength("statement", request.statement(), 1, kMaxTextBytes));
  ASSIGN_OR_RETURN(const v1::Case appealed, cases.Get(request.case_id()));
  if (!SeesUploadsOf(caller, appealed.tenant())) {
    return absl::NotFoundError("case_id: there is no such case");
  }
  v1::AppealReply reply;
  ASSIGN_OR_RETURN(
      *reply.mutable_case_(),
      cases.Reopen(request.case_id(), request.statement(), ActorOf(caller)));
  return reply;
}

absl::StatusOr<v1::Case> GetCase(const TakedownQueue& cases,
                                 const v1::GetCaseRequest& request) {
  RETURN_IF_ERROR(CheckCaseId(request.case_id()));
  return cases.Get(request.case_id());
}

absl::StatusOr<v1::ListCasesReply> ListCases(
    const TakedownQueue& cases, const v1::ListCasesRequest& request) {
  const v1::Case::State state = request.state() == v1::Case::STATE_UNSPECIFIED
                                    ? v1::Case::STATE_WAITING
                                    : request.state();
  RETURN_IF_ERROR(CheckEnum("state", state, v1::Case::State_IsValid));
  ASSIGN_OR_RETURN(int limit, CheckPageSize("page_size", request.page_size()));
  RETURN_IF_ERROR(CheckLength("page_token", request.page_token(), 0, 256));
  while (true) {
    ASSIGN_OR_RETURN(TakedownQueue::Page page,
                     cases.List(state, request.page_token(), limit));
    v1::ListCasesReply reply;
    for (v1::Case& listed : page.cases) {
      auto& matches = *listed.mutable_report()->mutable_matches();
      if (matches.size() > 1) {
        matches.DeleteSubrange(1, matches.size() - 1);
      }
      *reply.add_cases() = std::move(listed);
    }
    reply.set_next_page_token(page.next);
    if (limit == 1 || reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
    limit /= 2;  // A page's cursor is its own; cutting it here would lose it.
  }
}

}  // namespace lenscap
