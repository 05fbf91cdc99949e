#include "services/cli/audit_command.h"

#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "audit/checkpoint.h"
#include "audit/verify.h"
#include "base/ed25519.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/report.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using Stub = v1::ReportService::Stub;

absl::StatusOr<std::string> Describe(const v1::AuditRecord& record,
                                     const ShowAuditOptions& options) {
  if (options.json) return ToJsonLine(record);
  if (options.lines) return absl::StrCat(record.line(), "\n");
  std::string text =
      absl::StrCat(record.sequence(), "  ", FormatClock(record.time()), "  ",
                   Printable(record.actor()), "  ", Printable(record.action()),
                   "  ", Printable(record.subject()));
  if (!record.reason().empty()) {
    absl::StrAppend(&text, ": ", Printable(record.reason()));
  }
  return text + "\n";
}

absl::Status Show(const ShowAuditOptions& options, const Connection& connection,
                  Stub& stub) {
  grpc::ClientContext context;
  v1::AuditRequest request;
  request.set_after_sequence(options.after_sequence);
  const auto reader = stub.Audit(&context, request);
  v1::AuditRecord record;
  while (reader->Read(&record)) {
    const auto text = Describe(record, options);
    if (text.ok()) std::cout << *text;
    if (!text.ok() || !std::cout) {
      context.TryCancel();
      return text.status();
    }
  }
  return connection.ToStatus(reader->Finish());
}

absl::Status ShowCheckpoint(const CheckpointOptions& options,
                            const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::Checkpoint,
                                          v1::CheckpointRequest()));
  if (options.json) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(reply));
    std::cout << line;
  } else {
    std::cout << reply.line() << "\n";
  }
  return absl::OkStatus();
}

// Those that are named, or that the log's own directory has.
absl::StatusOr<std::vector<Checkpoint>> CheckpointsFor(
    const VerifyAuditLogOptions& options) {
  std::vector<std::string> files = options.checkpoints;
  std::string key_path = options.key;
  std::error_code error;
  if (files.empty() &&
      std::filesystem::exists(CheckpointsPath(options.path), error)) {
    files.push_back(CheckpointsPath(options.path));
  }
  if (files.empty()) return std::vector<Checkpoint>();
  if (key_path.empty()) key_path = options.path + "/public.pem";
  ASSIGN_OR_RETURN(const Ed25519PublicKey key, ReadPublicKey(key_path));
  std::vector<Checkpoint> checkpoints;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const auto read, ReadCheckpoints(file, key));
    checkpoints.insert(checkpoints.end(), read.begin(), read.end());
  }
  return checkpoints;
}

std::string DescribeFault(const AuditVerification::Fault& fault) {
  return absl::StrCat("broken: record ", fault.record, ": ",
                      Printable(fault.what), " (", Printable(fault.file), ":",
                      fault.line, ")\n");
}

std::string DescribeWhole(const AuditVerification& verified) {
  std::string text =
      absl::StrCat("whole: records ", verified.first, " to ", verified.last,
                   ", ", ToHex(verified.sha256), "\n");
  if (verified.checkpoints == 0) {
    absl::StrAppend(&text,
                    "no checkpoint vouches for them: the chain shows no "
                    "end that was cut off or made anew\n");
  } else {
    absl::StrAppend(&text, verified.checkpoints,
                    " checkpoints vouch for all up to record ",
                    verified.proven_up_to, "\n");
  }
  if (verified.cut_line) {
    absl::StrAppend(&text, "a part of a line at the end is left out\n");
  }
  return text;
}

absl::StatusOr<bool> Verify(const VerifyAuditLogOptions& options) {
  ASSIGN_OR_RETURN(auto checkpoints, CheckpointsFor(options));
  ASSIGN_OR_RETURN(const AuditVerification verified,
                   VerifyAuditLog({.path = options.path,
                                   .checkpoints = std::move(checkpoints),
                                   .excerpt = options.excerpt}));
  std::cout << (verified.fault ? DescribeFault(*verified.fault)
                               : DescribeWhole(verified))
            << std::flush;
  return !verified.fault;
}

}  // namespace

ExitCode Run(const ShowAuditOptions& options) {
  return RunOn<v1::ReportService>(options, {Role::kReview}, Show);
}
ExitCode Run(const CheckpointOptions& options) {
  return RunOn<v1::ReportService>(options, {Role::kReview}, ShowCheckpoint);
}
ExitCode Run(const VerifyAuditLogOptions& options) {
  const auto whole = Verify(options);
  if (!whole.ok()) return Fail(whole.status(), ExitCode::kUnreadable);
  return *whole ? ExitCode::kOk : ExitCode::kFound;
}

}  // namespace lenscap::cli
