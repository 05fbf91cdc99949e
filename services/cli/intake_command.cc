#include "services/cli/intake_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/intake.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/cli/upload_file.h"

namespace lenscap::cli {
namespace {

using Stub = v1::IntakeService::Stub;

// "waiting", ...
std::string StateWord(v1::VictimReport::State state) {
  const std::string& name = v1::VictimReport::State_Name(state);
  return name.empty()
             ? "?"
             : absl::AsciiStrToLower(absl::StripPrefix(name, "STATE_"));
}

template <typename Message>
absl::Status PrintReply(bool json, const Message& message,
                        const std::string& text) {
  if (!json) {
    std::cout << text << std::flush;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(message));
  std::cout << line << std::flush;
  return absl::OkStatus();
}

std::string DescribeReceipt(const v1::ReportReceipt& receipt) {
  return absl::StrCat("report   ", Printable(receipt.report_id()),
                      "\nreceipt  ", Printable(receipt.receipt()),
                      "\nanswer by ", FormatClock(receipt.answer_by()),
                      "\nKeep the receipt: it alone shows where the report "
                      "stands, and it is told once.\n");
}

std::string DescribeStatus(const v1::ReportStatus& status) {
  std::string text = absl::StrCat(
      Printable(status.report_id()), "  ", StateWord(status.state()),
      "\n  received  ", FormatClock(status.received()), "\n  answer by ",
      FormatClock(status.answer_by()), "\n  found     ", status.found(),
      " uploads, ", status.removed(), " of them removed\n");
  if (!status.answer().empty()) {
    absl::StrAppend(&text, "  answer    ", Printable(status.answer()), "\n");
  }
  return text;
}

std::string DescribeFootage(const v1::VictimReport& report) {
  if (!report.has_footage()) return "none was sent";
  if (!report.unreadable().empty()) {
    return absl::StrCat("could not be decoded: ",
                        Printable(report.unreadable()));
  }
  return absl::StrCat(report.frames(), " frames were kept as hashes, which ",
                      report.scan().matches_size(), " known clips match");
}

std::string DescribeReport(const v1::VictimReport& report) {
  const v1::ReportHeader& header = report.header();
  std::string text = absl::StrCat(Printable(report.report_id()), "  ",
                                  StateWord(report.state()), "\n");
  const auto line = [&text](absl::string_view name, const std::string& value) {
    if (value.empty()) return;
    absl::StrAppend(&text, "  ", name, Printable(value), "\n");
  };
  line("received  ", FormatClock(report.received()));
  line("answer by ", FormatClock(report.answer_by()));
  line("name      ", header.name());
  line("contact   ", header.contact());
  line("tenant    ", header.tenant());
  line("language  ", header.language());
  line("statement ", header.statement());
  for (const std::string& link : header.links()) line("link      ", link);
  for (const std::string& id : header.content_ids()) line("upload    ", id);
  for (const std::string& id : report.case_ids()) line("case      ", id);
  line("footage   ", DescribeFootage(report));
  line("entry     ", report.entry());
  line("answer    ", report.answer());
  line("by        ", report.answered_by());
  return text;
}

// An error of the file goes before the server's.
absl::StatusOr<v1::ReportReceipt> Send(const Connection& connection, Stub& stub,
                                       const v1::ReportHeader& header,
                                       UploadFile* file) {
  grpc::ClientContext context;
  v1::ReportReceipt receipt;
  const auto writer = stub.SubmitReport(&context, &receipt);
  v1::ReportPart part;
  *part.mutable_header() = header;
  absl::Status file_error;
  bool open = writer->Write(part);
  while (open && file != nullptr) {
    const absl::StatusOr<bool> more = file->Next(*part.mutable_chunk());
    if (!more.ok()) {
      file_error = more.status();
      context.TryCancel();
    }
    if (!more.ok() || !*more) break;
    open = writer->Write(part);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  RETURN_IF_ERROR(file_error);
  if (!status.ok()) return connection.ToStatus(status);
  return receipt;
}

absl::Status SubmitReport(const SubmitReportOptions& options,
                          const Connection& connection, Stub& stub) {
  v1::ReportHeader header = options.header;
  std::unique_ptr<UploadFile> file;
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(file, UploadFile::Open(options.file));
    header.set_total_bytes(file->bytes());
  }
  ASSIGN_OR_RETURN(const v1::ReportReceipt receipt,
                   Send(connection, stub, header, file.get()));
  return PrintReply(options.json, receipt, DescribeReceipt(receipt));
}

absl::Status ShowStatus(const ReportStatusOptions& options,
                        const Connection& connection, Stub& stub) {
  v1::GetReportStatusRequest request;
  request.set_report_id(options.report_id);
  request.set_receipt(options.receipt);
  ASSIGN_OR_RETURN(const v1::ReportStatus reply,
                   Call(connection, stub, &Stub::GetReportStatus, request));
  return PrintReply(options.json, reply, DescribeStatus(reply));
}

absl::Status ListReports(const ListReportsOptions& options,
                         const Connection& connection, Stub& stub) {
  v1::ListReportsRequest request;
  request.set_state(options.state);
  std::vector<std::vector<std::string>> rows = {
      {"REPORT", "RECEIVED", "ANSWER BY", "TENANT", "FOOTAGE", "STATEMENT"}};
  v1::ListReportsReply reply;
  do {
    ASSIGN_OR_RETURN(reply,
                     Call(connection, stub, &Stub::ListReports, request));
    for (const v1::VictimReport& report : reply.reports()) {
      if (options.json) {
        RETURN_IF_ERROR(PrintReply(true, report, ""));
        continue;
      }
      rows.push_back(
          {Printable(report.report_id()), FormatClock(report.received()),
           FormatClock(report.answer_by()), Printable(report.header().tenant()),
           report.has_footage() ? "yes" : "no",
           FitTail(Printable(report.header().statement()), 40)});
    }
    request.set_page_token(reply.next_page_token());
  } while (!reply.next_page_token().empty());
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status ShowReport(const ShowReportOptions& options,
                        const Connection& connection, Stub& stub) {
  v1::GetReportRequest request;
  request.set_report_id(options.report_id);
  ASSIGN_OR_RETURN(const v1::VictimReport reply,
                   Call(connection, stub, &Stub::GetReport, request));
  return PrintReply(options.json, reply, DescribeReport(reply));
}

template <typename Request>
Request AnswerRequest(const AnswerReportOptions& options) {
  Request request;
  request.set_report_id(options.report_id);
  request.set_answer(options.answer);
  return request;
}

absl::Status AnswerReport(const AnswerReportOptions& options,
                          const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const v1::VictimReport reply,
                   options.accept
                       ? Call(connection, stub, &Stub::AcceptReport,
                              AnswerRequest<v1::AcceptReportRequest>(options))
                       : Call(connection, stub, &Stub::RejectReport,
                              AnswerRequest<v1::RejectReportRequest>(options)));
  return PrintReply(options.json, reply, DescribeReport(reply));
}

}  // namespace

ExitCode Run(const SubmitReportOptions& options) {
  return RunOn<v1::IntakeService>(options, {Role::kReview}, SubmitReport);
}
ExitCode Run(const ReportStatusOptions& options) {
  return RunOn<v1::IntakeService>(options, {Role::kReview}, ShowStatus);
}
ExitCode Run(const ListReportsOptions& options) {
  return RunOn<v1::IntakeService>(options, {Role::kReview}, ListReports);
}
ExitCode Run(const ShowReportOptions& options) {
  return RunOn<v1::IntakeService>(options, {Role::kReview}, ShowReport);
}
ExitCode Run(const AnswerReportOptions& options) {
  return RunOn<v1::IntakeService>(options, {Role::kReview}, AnswerReport);
}

}  // namespace lenscap::cli
