#include "services/permissions.h"

#include <algorithm>
#include <set>

namespace lenscap {
namespace {

using Roles = std::set<CallerRole>;

struct Row {
  const char* guarded;
  Roles roles;
};

const std::vector<Row>& Table() {
  using enum CallerRole;
  static const auto* const table = [] {
    const Roles everybody = {std::begin(kCallerRoles), std::end(kCallerRoles)};
    const Roles uploads = {kPlatform, kAdmin};
    const Roles list_writers = {kRegulator, kAdmin};
    const Roles list_readers = {kRegulator, kAdmin, kAuditor};
    const Roles deciders = {kReviewer, kAdmin};
    const Roles case_readers = {kReviewer, kAdmin, kAuditor};
    const Roles overseers = {kAdmin, kAuditor};
    return new std::vector<Row>{
        {"lenscap.v1.ScanService.Scan", uploads},
        {"lenscap.v1.ScanService.Submit", uploads},
        {"lenscap.v1.ScanService.GetScan", uploads},
        {"lenscap.v1.ScanService.WatchScan", uploads},
        {"lenscap.v1.ScanService.CancelScan", uploads},
        {"lenscap.v1.ListingService.Review", uploads},
        {"lenscap.v1.ListingService.ReviewBatch", uploads},
        {"lenscap.v1.ListingService.ReviewStream", uploads},
        {"lenscap.v1.ListingService.Explain", {kPlatform, kReviewer, kAdmin}},
        {"lenscap.v1.ListingService.PublishRulePack", list_writers},
        {"lenscap.v1.ListingService.ListRulePacks",
         {kRegulator, kReviewer, kAdmin, kAuditor}},
        {"lenscap.v1.ListingService.SetRuleMode", {kAdmin}},

        {"lenscap.v1.HashListService.ListLists",
         {kRegulator, kReviewer, kAdmin, kAuditor}},
        {"lenscap.v1.HashListService.GetList", list_readers},
        {"lenscap.v1.HashListService.History", list_readers},
        {"lenscap.v1.HashListService.Download", list_readers},
        {"lenscap.v1.HashListService.Export", list_writers},
        {"lenscap.v1.HashListService.Feedback", list_writers},
        {"lenscap.v1.HashListService.Publish", list_writers},
        {"lenscap.v1.HashListService.Withdraw", list_writers},
        {"lenscap.v1.HashListService.PublishSigned", list_writers},
        {"lenscap.v1.HashListService.Rollback", list_writers},
        {"lenscap.v1.HashListService.HoldEntries", {kAdmin}},
        {"lenscap.v1.HashListService.ReleaseEntries", {kAdmin}},
        {"lenscap.v1.HashListService.SetListMode", {kAdmin}},

        {"lenscap.v1.TakedownService.Lease", deciders},
        {"lenscap.v1.TakedownService.Extend", deciders},
        {"lenscap.v1.TakedownService.Release", deciders},
        {"lenscap.v1.TakedownService.Decide", deciders},
        {"lenscap.v1.TakedownService.Appeal", {kPlatform, kReviewer, kAdmin}},
        {"lenscap.v1.TakedownService.GetCase", case_readers},
        {"lenscap.v1.TakedownService.ListCases", case_readers},
        {"lenscap.v1.TakedownService.Stats", case_readers},
        {"lenscap.v1.TakedownService.Watch", {kPlatform, kAdmin, kAuditor}},
        {"lenscap.v1.TakedownService.ListClaims", deciders},
        {"lenscap.v1.TakedownService.Undo", deciders},
        {"lenscap.v1.TakedownService.Hold", deciders},
        {"lenscap.v1.TakedownService.Escalate", deciders},
        {"lenscap.v1.TakedownService.Reassign", deciders},
        {"lenscap.v1.TakedownService.ListUploads", case_readers},
        {"lenscap.v1.TakedownService.GetAccount", case_readers},
        {"lenscap.v1.TakedownService.GetGroup", case_readers},
        {"lenscap.v1.TakedownService.Trends", case_readers},
        {"lenscap.v1.TakedownService.AddGolden", {kAdmin}},
        {"lenscap.v1.TakedownService.ListGolden", overseers},
        {"lenscap.v1.TakedownService.RemoveGolden", {kAdmin}},
        {"lenscap.v1.TakedownService.ReviewerStats", overseers},

        {"lenscap.v1.OutcomeService.Watch", {kPlatform, kAdmin, kAuditor}},
        {"lenscap.v1.OutcomeService.GetUploadState",
         {kPlatform, kAdmin, kAuditor}},
        {"lenscap.v1.OutcomeService.CreateEndpoint", uploads},
        {"lenscap.v1.OutcomeService.ListEndpoints",
         {kPlatform, kAdmin, kAuditor}},
        {"lenscap.v1.OutcomeService.DeleteEndpoint", uploads},
        {"lenscap.v1.OutcomeService.TestEndpoint", uploads},
        {"lenscap.v1.OutcomeService.ListDeliveries",
         {kPlatform, kAdmin, kAuditor}},
        {"lenscap.v1.OutcomeService.Replay", uploads},

        {"lenscap.v1.EvidenceService.ListStills", case_readers},
        {"lenscap.v1.EvidenceService.Reveal", deciders},
        {"lenscap.v1.EvidenceService.GetExposure", deciders},

        {"lenscap.v1.IntakeService.SubmitReport", uploads},
        {"lenscap.v1.IntakeService.GetReportStatus", uploads},
        {"lenscap.v1.IntakeService.GetReport", case_readers},
        {"lenscap.v1.IntakeService.ListReports", case_readers},
        {"lenscap.v1.IntakeService.AcceptReport", deciders},
        {"lenscap.v1.IntakeService.RejectReport", deciders},

        {"lenscap.v1.ReportService.Campaign", {kRegulator, kAdmin, kAuditor}},
        {"lenscap.v1.ReportService.Statements", {kRegulator, kAdmin, kAuditor}},
        {"lenscap.v1.ReportService.Compliance", {kRegulator, kAdmin, kAuditor}},
        {"lenscap.v1.ReportService.Audit", overseers},
        {"lenscap.v1.ReportService.Checkpoint", overseers},

        {"lenscap.v1.AccessService.WhoAmI", everybody},
        {"lenscap.v1.AccessService.CreateToken", {kAdmin}},
        {"lenscap.v1.AccessService.RevokeToken", {kAdmin}},
        {"lenscap.v1.AccessService.ListTokens", overseers},
        {"lenscap.v1.AccessService.InstallIssuerKeys", {kAdmin}},
        {"lenscap.v1.AccessService.RotateIssuerKeys", list_writers},
        {"lenscap.v1.AccessService.RevokeIssuerKey", {kAdmin}},
        {"lenscap.v1.AccessService.ListIssuers", overseers},

        {kMetricsRoute, overseers},
    };
  }();
  return *table;
}

}  // namespace

bool MayUse(CallerRole role, absl::string_view guarded) {
  return std::any_of(
      Table().begin(), Table().end(), [role, guarded](const Row& row) {
        return row.guarded == guarded && row.roles.contains(role);
      });
}

std::vector<std::string> Guarded() {
  std::vector<std::string> names;
  for (const Row& row : Table()) names.emplace_back(row.guarded);
  return names;
}

}  // namespace lenscap
