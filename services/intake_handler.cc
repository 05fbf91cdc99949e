#include "services/intake_handler.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/byte_source.h"
#include "services/log.h"
#include "services/proto_time.h"
#include "services/stopwatch.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxStatementBytes = 8192;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxAnswerBytes = 4096;
constexpr size_t kMaxLinkBytes = 2048;
constexpr size_t kMaxLanguageBytes = 32;
constexpr int kMaxNamed = 100;
constexpr size_t kMaxReplyBytes = 3 << 20;

using Strings = google::protobuf::RepeatedPtrField<std::string>;

absl::Status CheckAll(absl::string_view field, const Strings& values,
                      size_t max_bytes) {
  RETURN_IF_ERROR(CheckRange(field, values.size(), 0, kMaxNamed));
  for (int i = 0; i < values.size(); ++i) {
    RETURN_IF_ERROR(
        CheckLength(absl::StrCat(field, "[", i, "]"), values[i], 1, max_bytes));
  }
  return absl::OkStatus();
}

// The name as it is compared: people type capitals and spaces as they come.
std::string AsSigned(absl::string_view name) {
  std::string plain = absl::AsciiStrToLower(name);
  absl::RemoveExtraAsciiWhitespace(&plain);
  return plain;
}

absl::Status ValidateHeader(const v1::ReportHeader& header) {
  RETURN_IF_ERROR(CheckLength("header.statement", header.statement(), 1,
                              kMaxStatementBytes));
  RETURN_IF_ERROR(CheckLength("header.name", header.name(), 1, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.contact", header.contact(), 1, kMaxNameBytes));
  RETURN_IF_ERROR(CheckEnum("header.relation", header.relation(),
                            v1::ReportHeader::Relation_IsValid));
  RETURN_IF_ERROR(
      CheckLength("header.signature", header.signature(), 1, kMaxNameBytes));
  if (AsSigned(header.signature()) != AsSigned(header.name())) {
    return absl::InvalidArgumentError(
        "header.signature: expected the name again, as in header.name");
  }
  RETURN_IF_ERROR(CheckAll("header.links", header.links(), kMaxLinkBytes));
  RETURN_IF_ERROR(
      CheckAll("header.content_ids", header.content_ids(), kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.language", header.language(), 0, kMaxLanguageBytes));
  return ValidateTenant("header.tenant", header.tenant());
}

absl::Status TakeTenant(const Caller& caller, v1::ReportHeader& header) {
  if (header.tenant().empty()) header.set_tenant(caller.tenant);
  if (SeesUploadsOf(caller, header.tenant())) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("header.tenant: ", ActorOf(caller), " sends for \"",
                   caller.tenant, "\" alone"));
}

void LeaveOutWho(v1::VictimReport& report) {
  report.mutable_header()->clear_name();
  report.mutable_header()->clear_contact();
  report.mutable_header()->clear_signature();
}

absl::Status CheckReportId(absl::string_view report_id) {
  return CheckLength("report_id", report_id, 1, 64);
}

// NOT_FOUND where it is no report that the caller may know of.
absl::StatusOr<v1::VictimReport> FindReport(const IntakeRooms& rooms,
                                            const Caller& caller,
                                            const std::string& report_id) {
  RETURN_IF_ERROR(CheckReportId(report_id));
  ASSIGN_OR_RETURN(v1::VictimReport report, rooms.reports->Get(report_id));
  if (SeesUploadsOf(caller, report.header().tenant())) return report;
  return absl::NotFoundError("report_id: there is no such report");
}

AuditEntry EntryOf(const Caller& caller, const char* action,
                   absl::string_view report_id) {
  return {.actor = ActorOf(caller),
          .action = action,
          .subject = absl::StrCat("report/", report_id)};
}

// Once the answer is on disk, all of it follows: now, or where that fails when
// it is asked for again, and by the server itself.
absl::StatusOr<v1::VictimReport> AnswerReport(const IntakeRooms& rooms,
                                              const Caller& caller,
                                              const std::string& report_id,
                                              v1::VictimReport::State state,
                                              const std::string& answer) {
  RETURN_IF_ERROR(FindReport(rooms, caller, report_id).status());
  RETURN_IF_ERROR(
      rooms.reports->Answer(report_id, state, answer, ActorOf(caller))
          .status());
  return rooms.work->Finish(report_id);
}

}  // namespace

absl::Status ReportUpload::Take(const v1::ReportPart& part) {
  if (allowance_) {
    RETURN_IF_ERROR(
        allowance_->Take(static_cast<int64_t>(part.chunk().data().size())));
  }
  return parts_.Take(
      part, [this](v1::ReportHeader& header) { return Begin(header); });
}

absl::StatusOr<std::optional<Upload>> ReportUpload::Begin(
    v1::ReportHeader& header) {
  RETURN_IF_ERROR(ValidateHeader(header));
  RETURN_IF_ERROR(TakeTenant(caller_, header));
  const int64_t max_bytes = rooms_->reading.limits.max_bytes;
  ExpectedFile expected;
  expected.total_bytes = header.total_bytes();
  RETURN_IF_ERROR(expected.Validate(max_bytes));
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  tenant_ = rooms_->tenants->Get(header.tenant());
  ASSIGN_OR_RETURN(open_place_, tenant_->EnterUpload());
  RETURN_IF_ERROR(tenant_->CheckDecode());
  allowance_.emplace(tenant_);
  RETURN_IF_ERROR(allowance_->Reserve(header.total_bytes()));
  return Upload::Begin(*rooms_->spool, std::move(expected), max_bytes);
}

absl::StatusOr<v1::ReportReceipt> ReportUpload::Submit(
    const Cancellation& cancellation) {
  v1::VictimReport report;
  ASSIGN_OR_RETURN(*report.mutable_header(), parts_.TakeHeader());
  report.set_has_footage(parts_.bytes() > 0);
  const v1::ReportHeader& header = report.header();
  if (!report.has_footage() && header.links().empty() &&
      header.content_ids().empty()) {
    return absl::InvalidArgumentError(
        "header.links: say what it is about: links, content_ids or footage");
  }
  ASSIGN_OR_RETURN(const std::string footage,
                   ReadFootage(cancellation, report));
  // A caller that went away in the middle looks like one that has finished.
  RETURN_IF_ERROR(cancellation.status());
  *report.mutable_answer_by() =
      ToProto(rooms_->clock->Now() + rooms_->answer_within);
  const auto answer_by = report.answer_by();
  ASSIGN_OR_RETURN(const VictimReports::Submitted submitted,
                   rooms_->reports->Submit(std::move(report), footage));
  RETURN_IF_ERROR(
      rooms_->record(EntryOf(caller_, "report.submit", submitted.report_id)));
  if (const auto done = rooms_->work->Finish(submitted.report_id); !done.ok()) {
    Log(LogSeverity::kError, "report_not_finished",
        {{"report", submitted.report_id}, {"error", done.status().ToString()}});
  }
  v1::ReportReceipt receipt;
  receipt.set_report_id(submitted.report_id);
  receipt.set_receipt(submitted.receipt);
  *receipt.mutable_answer_by() = answer_by;
  return receipt;
}

// What is kept of it; the file is gone when this returns.
absl::StatusOr<std::string> ReportUpload::ReadFootage(
    const Cancellation& cancellation, v1::VictimReport& report) {
  ASSIGN_OR_RETURN(const UploadedFile upload, parts_.TakeFile());
  if (!report.has_footage()) return std::string();
  ASSIGN_OR_RETURN(const auto source, OpenFileSource(upload.file.path()));
  absl::Duration spent;
  absl::StatusOr<ReportedFootage> footage = Timed(&spent, [&] {
    return ReadReportedFootage(*source, upload.digests, rooms_->reading,
                               cancellation);
  });
  tenant_->ChargeDecode(spent);
  RETURN_IF_ERROR(footage.status());
  report.set_frames(static_cast<int64_t>(footage->clip.frames.size()));
  report.set_unreadable(footage->unreadable);
  *report.mutable_scan() = std::move(footage->scan);
  *report.mutable_scan()->mutable_scanned() = ToProto(rooms_->clock->Now());
  return EncodeReportedClip(footage->clip);
}

absl::StatusOr<v1::ReportStatus> GetReportStatus(
    const IntakeRooms& rooms, const v1::GetReportStatusRequest& request) {
  RETURN_IF_ERROR(CheckReportId(request.report_id()));
  RETURN_IF_ERROR(CheckLength("receipt", request.receipt(), 1, 64));
  ASSIGN_OR_RETURN(
      const v1::VictimReport report,
      rooms.reports->GetByReceipt(request.report_id(), request.receipt()));
  ASSIGN_OR_RETURN(const ReportedUploads::Count count,
                   rooms.found->CountOf(report));
  v1::ReportStatus status;
  status.set_report_id(report.report_id());
  status.set_state(report.state());
  *status.mutable_received() = report.received();
  *status.mutable_answer_by() = report.answer_by();
  if (report.has_answered()) *status.mutable_answered() = report.answered();
  status.set_found(count.found);
  status.set_removed(count.removed);
  status.set_answer(report.answer());
  return status;
}

absl::StatusOr<v1::VictimReport> GetReport(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::GetReportRequest& request) {
  ASSIGN_OR_RETURN(v1::VictimReport report,
                   FindReport(rooms, caller, request.report_id()));
  if (caller.role == CallerRole::kAuditor) LeaveOutWho(report);
  RETURN_IF_ERROR(
      rooms.record(EntryOf(caller, "report.view", report.report_id())));
  return report;
}

absl::StatusOr<v1::ListReportsReply> ListReports(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::ListReportsRequest& request) {
  const auto state = request.state() == v1::VictimReport::STATE_UNSPECIFIED
                         ? v1::VictimReport::STATE_WAITING
                         : request.state();
  RETURN_IF_ERROR(CheckEnum("state", state, v1::VictimReport::State_IsValid));
  ASSIGN_OR_RETURN(int limit, CheckPageSize("page_size", request.page_size()));
  RETURN_IF_ERROR(CheckLength("page_token", request.page_token(), 0, 256));
  while (true) {
    ASSIGN_OR_RETURN(VictimReports::Page page,
                     rooms.reports->List(state, request.page_token(), limit));
    v1::ListReportsReply reply;
    for (v1::VictimReport& report : page.reports) {
      if (!SeesUploadsOf(caller, report.header().tenant())) continue;
      LeaveOutWho(report);
      *reply.add_reports() = std::move(report);
    }
    reply.set_next_page_token(page.next);
    if (limit == 1 || reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
    limit /= 2;  // A page's cursor is its own; cutting it here would lose it.
  }
}

absl::StatusOr<v1::VictimReport> AcceptReport(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::AcceptReportRequest& request) {
  RETURN_IF_ERROR(CheckLength("answer", request.answer(), 0, kMaxAnswerBytes));
  return AnswerReport(rooms, caller, request.report_id(),
                      v1::VictimReport::STATE_ACCEPTED, request.answer());
}

absl::StatusOr<v1::VictimReport> RejectReport(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::RejectReportRequest& request) {
  RETURN_IF_ERROR(CheckLength("answer", request.answer(), 1, kMaxAnswerBytes));
  return AnswerReport(rooms, caller, request.report_id(),
                      v1::VictimReport::STATE_REJECTED, request.answer());
}

}  // namespace lenscap
