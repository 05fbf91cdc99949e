#include "services/takedown_read_handler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/takedown_handler.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxTenantBytes = 64;
// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

absl::StatusOr<v1::Case> Seen(const TakedownQueue& cases, const Caller& caller,
                              const std::string& case_id) {
  RETURN_IF_ERROR(CheckLength("case_id", case_id, 1, 64));
  ASSIGN_OR_RETURN(v1::Case seen, cases.Get(case_id));
  if (SeesUploadsOf(caller, seen.tenant())) return seen;
  return absl::NotFoundError("case_id: there is no such case");
}

// The tenants that the caller sees; none means all.
std::vector<std::string> TenantsOf(const Caller& caller) {
  if (!caller.tenant.empty()) return {caller.tenant};
  return caller.tenants;
}

void KeepBestMatch(v1::ScanReport& report) {
  auto& matches = *report.mutable_matches();
  if (matches.size() > 1) matches.DeleteSubrange(1, matches.size() - 1);
}

// What a list has room for of a listing: its own pages show the rest.
void KeepBrief(v1::ListingReport& listing) {
  constexpr size_t kMaxBriefBytes = 1024;
  v1::ReviewListingRequest& item = *listing.mutable_item();
  if (item.description().size() > kMaxBriefBytes) {
    size_t end = kMaxBriefBytes;  // Between two characters.
    while (end > 0 && (item.description()[end] & 0xc0) == 0x80) --end;
    item.mutable_description()->resize(end);
  }
  item.clear_attributes();
  item.clear_image_hashes();
  for (v1::RuleHit& hit : *listing.mutable_rule_hits()) hit.clear_spans();
  listing.clear_video();
}

absl::Status CheckNamed(const Caller& caller, const std::string& tenant,
                        absl::string_view field, const std::string& name) {
  RETURN_IF_ERROR(CheckLength("tenant", tenant, 0, kMaxTenantBytes));
  RETURN_IF_ERROR(CheckLength(field, name, 1, kMaxNameBytes));
  if (SeesUploadsOf(caller, tenant)) return absl::OkStatus();
  return absl::NotFoundError("tenant: there is nothing of it to be seen");
}

absl::StatusOr<v1::ListUploadsReply> WholeUpload(
    const TakedownQueue& cases, const v1::ListUploadsRequest& request) {
  auto upload = cases.Upload(request.content_id());
  if (absl::IsNotFound(upload.status()) ||
      (upload.ok() && upload->case_id() != request.case_id())) {
    return absl::NotFoundError("content_id: the case has no such upload");
  }
  RETURN_IF_ERROR(upload.status());
  v1::ListUploadsReply reply;
  *reply.add_uploads() = *std::move(upload);
  return reply;
}

}  // namespace

absl::StatusOr<v1::Case> GetCase(const TakedownQueue& cases,
                                 const Caller& caller,
                                 const v1::GetCaseRequest& request) {
  return Seen(cases, caller, request.case_id());
}

absl::StatusOr<v1::ListCasesReply> ListCases(
    const TakedownQueue& cases, const Caller& caller,
    const v1::ListCasesRequest& request) {
  const v1::Case::State state = request.state() == v1::Case::STATE_UNSPECIFIED
                                    ? v1::Case::STATE_WAITING
                                    : request.state();
  RETURN_IF_ERROR(CheckEnum("state", state, v1::Case::State_IsValid));
  ASSIGN_OR_RETURN(int limit, CheckPageSize("page_size", request.page_size()));
  RETURN_IF_ERROR(CheckLength("page_token", request.page_token(), 0, 256));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  while (true) {
    ASSIGN_OR_RETURN(TakedownQueue::Page page,
                     cases.List(state, request.filter(), TenantsOf(caller),
                                request.page_token(), limit));
    v1::ListCasesReply reply;
    for (v1::Case& listed : page.cases) {
      KeepBestMatch(*listed.mutable_report());
      if (listed.has_listing()) KeepBrief(*listed.mutable_listing());
      *reply.add_cases() = std::move(listed);
    }
    reply.set_next_page_token(page.next);
    if (limit == 1 || reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
    limit /= 2;  // A page's cursor is its own; cutting it here would lose it.
  }
}

absl::StatusOr<v1::ListUploadsReply> ListUploads(
    const TakedownQueue& cases, const Caller& caller,
    const v1::ListUploadsRequest& request) {
  ASSIGN_OR_RETURN(int limit, CheckPageSize("page_size", request.page_size()));
  RETURN_IF_ERROR(CheckLength("page_token", request.page_token(), 0, 256));
  RETURN_IF_ERROR(
      CheckLength("content_id", request.content_id(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(Seen(cases, caller, request.case_id()).status());
  if (!request.content_id().empty()) return WholeUpload(cases, request);
  while (true) {
    ASSIGN_OR_RETURN(TakedownQueue::UploadPage page,
                     cases.Uploads(request.case_id(), request.page_token(),
                                   limit, request.undecided()));
    v1::ListUploadsReply reply;
    for (v1::CaseUpload& upload : page.uploads) {
      KeepBestMatch(*upload.mutable_report());
      if (upload.has_listing()) KeepBrief(*upload.mutable_listing());
      *reply.add_uploads() = std::move(upload);
    }
    reply.set_next_page_token(page.next);
    if (limit == 1 || reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
    limit /= 2;
  }
}

absl::StatusOr<v1::LeaseReply> ListClaims(
    const TakedownQueue& cases, const Caller& caller,
    const v1::ListClaimsRequest& request) {
  ASSIGN_OR_RETURN(const std::string reviewer,
                   ReviewerName(caller, request.reviewer()));
  RETURN_IF_ERROR(CheckLength("reviewer", reviewer, 1, kMaxNameBytes));
  ASSIGN_OR_RETURN(auto claims, cases.Claims(reviewer));
  v1::LeaseReply reply;
  size_t bytes = 0;
  for (v1::LeasedCase& claim : claims) {
    bytes += claim.ByteSizeLong();
    if (bytes > kMaxReplyBytes && reply.leases_size() > 0) break;
    *reply.add_leases() = std::move(claim);
  }
  return reply;
}

absl::StatusOr<v1::History> GetAccount(const TakedownQueue& cases,
                                       const Caller& caller,
                                       const v1::GetAccountRequest& request) {
  RETURN_IF_ERROR(
      CheckNamed(caller, request.tenant(), "account", request.account()));
  return cases.Account(request.tenant(), request.account());
}

absl::StatusOr<v1::History> GetGroup(const TakedownQueue& cases,
                                     const Caller& caller,
                                     const v1::GetGroupRequest& request) {
  RETURN_IF_ERROR(
      CheckNamed(caller, request.tenant(), "group", request.group()));
  return cases.Group(request.tenant(), request.group());
}

absl::StatusOr<v1::StatsReply> QueueStatsFor(const TakedownQueue& cases,
                                             const Caller& caller) {
  ASSIGN_OR_RETURN(v1::StatsReply reply, cases.Stats());
  auto& queues = *reply.mutable_queues();
  const auto end = std::stable_partition(
      queues.begin(), queues.end(), [&](const v1::QueueStats& queue) {
        return SeesUploadsOf(caller, queue.tenant());
      });
  queues.erase(end, queues.end());
  return reply;
}

}  // namespace lenscap
