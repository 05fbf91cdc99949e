#include "services/intake_work.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/log.h"
#include "services/reported_footage.h"

namespace lenscap {
namespace {

// Above what cues alone suggest, among known clips of a confirmed list.
constexpr int kReportedPriority = 400;

AuditEntry EntryOf(const v1::VictimReport& report, const std::string& entry) {
  const bool accepted = report.state() == v1::VictimReport::STATE_ACCEPTED;
  AuditEntry audited = {.actor = report.answered_by(),
                        .action = accepted ? "report.accept" : "report.reject",
                        .subject = absl::StrCat("report/", report.report_id()),
                        .reason = report.answer()};
  if (!entry.empty()) audited.details.emplace_back("entry", entry);
  return audited;
}

}  // namespace

absl::StatusOr<v1::VictimReport> IntakeWork::Finish(
    absl::string_view report_id) {
  ASSIGN_OR_RETURN(const std::vector<VictimReports::Pending> pending,
                   options_.reports->ListPending());
  for (const VictimReports::Pending& of : pending) {
    if (of.report_id == report_id) return FinishOne(of);
  }
  return options_.reports->Get(report_id);
}

absl::Status IntakeWork::FinishAll() {
  ASSIGN_OR_RETURN(const std::vector<VictimReports::Pending> pending,
                   options_.reports->ListPending());
  absl::Status first;
  for (const VictimReports::Pending& of : pending) {
    const absl::Status finished = FinishOne(of).status();
    if (finished.ok()) continue;
    Log(LogSeverity::kError, "report_not_finished",
        {{"report", of.report_id}, {"error", finished.ToString()}});
    first.Update(finished);
  }
  return first;
}

absl::StatusOr<v1::VictimReport> IntakeWork::FinishOne(
    const VictimReports::Pending& pending) {
  const std::lock_guard lock(working_);
  ASSIGN_OR_RETURN(v1::VictimReport report,
                   options_.reports->Get(pending.report_id));
  if (pending.submission) {
    ASSIGN_OR_RETURN(report, FinishSubmission(report));
  }
  if (pending.answer) {
    ASSIGN_OR_RETURN(report, FinishAnswer(report));
  }
  return report;
}

// --- What follows from a submission.

absl::StatusOr<v1::VictimReport> IntakeWork::FinishSubmission(
    const v1::VictimReport& report) {
  std::vector<std::string> case_ids;
  for (const std::string& content_id : report.header().content_ids()) {
    ASSIGN_OR_RETURN(std::string case_id, CaseOf(report, content_id));
    if (!case_id.empty()) case_ids.push_back(std::move(case_id));
  }
  if (!case_ids.empty()) {
    options_.news->Notify(kCaseNews);
    RETURN_IF_ERROR(options_.record_cases());
  }
  return options_.reports->FinishSubmission(report.report_id(), case_ids);
}

// "" where the upload is another tenant's.
absl::StatusOr<std::string> IntakeWork::CaseOf(const v1::VictimReport& report,
                                               const std::string& content_id) {
  const auto upload = options_.cases->Upload(content_id);
  if (absl::IsNotFound(upload.status())) return OpenCaseOf(report, content_id);
  RETURN_IF_ERROR(upload.status());
  if (upload->tenant() != report.header().tenant()) return std::string();
  v1::Case known;
  known.set_content_id(content_id);
  known.set_tenant(upload->tenant());
  *known.mutable_reported() = report.received();
  return options_.cases->Submit(known);
}

absl::StatusOr<std::string> IntakeWork::OpenCaseOf(
    const v1::VictimReport& report, const std::string& content_id) {
  v1::Case opened;
  opened.set_content_id(content_id);
  opened.set_tenant(report.header().tenant());
  if (options_.uploads != nullptr) {
    const auto kept = options_.uploads->Find(content_id);
    if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
    if (kept.ok()) {
      if (kept->tenant != opened.tenant()) return std::string();
      opened.set_account(kept->account);
      opened.set_group(kept->group);
      opened.set_platform_class(kept->platform_class);
      // What is damaged is as what was never scanned.
      if (!opened.mutable_report()->ParseFromString(kept->report)) {
        opened.clear_report();
      }
    }
  }
  opened.set_priority(kReportedPriority);
  opened.set_queue(v1::CASE_QUEUE_VICTIM_REPORT);
  *opened.mutable_reported() = report.received();
  v1::ScanReport& found = *opened.mutable_report();
  found.set_content_id(content_id);
  found.mutable_verdict()->set_action(v1::ACTION_REVIEW);
  found.mutable_verdict()->add_reasons(absl::StrCat(
      "A person says that it shows them: ", report.report_id(), "."));
  return options_.cases->Submit(opened);
}

// --- What follows from an answer.

absl::StatusOr<std::string> IntakeWork::Publish(
    const v1::VictimReport& report) {
  const auto footage = options_.reports->Footage(report.report_id());
  if (absl::IsNotFound(footage.status())) return std::string();
  RETURN_IF_ERROR(footage.status());
  ASSIGN_OR_RETURN(Clip clip, DecodeReportedClip(*footage));
  clip.list_id = kReportsList;
  clip.entry_id = report.report_id();
  clip.severity = Severity::kConfirmed;
  RETURN_IF_ERROR(options_.clips->CreateList(kReportsList, kReportsIssuer));
  const auto published = options_.clips->Publish(clip, report.answered_by());
  if (absl::IsInvalidArgument(published.status())) {
    Log(LogSeverity::kError, "report_finds_nothing",
        {{"report", report.report_id()},
         {"error", published.status().ToString()}});
    return std::string();
  }
  RETURN_IF_ERROR(published.status());
  RETURN_IF_ERROR(options_.record_list(kReportsList));
  return absl::StrCat(kReportsList, "/", report.report_id());
}

absl::StatusOr<v1::VictimReport> IntakeWork::FinishAnswer(
    const v1::VictimReport& report) {
  std::string entry;
  if (report.state() == v1::VictimReport::STATE_ACCEPTED) {
    ASSIGN_OR_RETURN(entry, Publish(report));
  }
  RETURN_IF_ERROR(options_.record(EntryOf(report, entry)));
  return options_.reports->FinishAnswer(report.report_id(), entry);
}

}  // namespace lenscap
