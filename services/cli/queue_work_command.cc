#include "services/cli/queue_work_command.h"

#include <iostream>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/cli/case_table.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::TakedownService::Stub;

// One message as JSON, or as `describe` puts it.
template <typename Message, typename Describe>
absl::Status Print(bool json, const Message& message, Describe describe) {
  if (!json) {
    std::cout << describe(message) << std::flush;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(message));
  std::cout << line << std::flush;
  return absl::OkStatus();
}

absl::Status Claims(const ClaimsOptions& options, const Connection& connection,
                    Stub& stub) {
  v1::ListClaimsRequest request;
  request.set_reviewer(options.reviewer);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::ListClaims, request));
  for (const v1::LeasedCase& claim : reply.leases()) {
    RETURN_IF_ERROR(Print(options.json, claim, [](const auto& message) {
      return absl::StrCat(DescribeCase(message.case_()), "  token   ",
                          Printable(message.lease_token()), "\n");
    }));
  }
  if (!options.json && reply.leases().empty()) {
    std::cout << "no case is claimed\n";
  }
  return absl::OkStatus();
}

absl::Status Undo(const UndoOptions& options, const Connection& connection,
                  Stub& stub) {
  v1::UndoRequest request;
  request.set_lease_token(options.token);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Undo, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status Hold(const HoldCaseOptions& options, const Connection& connection,
                  Stub& stub) {
  v1::HoldRequest request;
  request.set_lease_token(options.token);
  *request.mutable_duration() = ToProto(options.duration);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Hold, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status Escalate(const EscalateOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::EscalateRequest request;
  request.set_lease_token(options.token);
  request.set_reason(options.reason);
  request.set_skill(options.skill);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Escalate, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status Reassign(const ReassignOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::ReassignRequest request;
  request.set_case_id(options.case_id);
  request.set_lease_token(options.token);
  request.set_reviewer(options.to);
  request.set_reason(options.reason);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Reassign, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status ListUploads(const UploadsOptions& options,
                         const Connection& connection, Stub& stub) {
  v1::ListUploadsRequest request;
  request.set_case_id(options.case_id);
  request.set_undecided(options.undecided);
  std::vector<v1::CaseUpload> uploads;
  v1::ListUploadsReply reply;
  do {
    ASSIGN_OR_RETURN(reply,
                     Call(connection, stub, &Stub::ListUploads, request));
    for (v1::CaseUpload& upload : *reply.mutable_uploads()) {
      if (!options.json) {
        uploads.push_back(std::move(upload));
        continue;
      }
      ASSIGN_OR_RETURN(const std::string line, ToJsonLine(upload));
      std::cout << line;
    }
    request.set_page_token(reply.next_page_token());
  } while (!reply.next_page_token().empty());
  if (!options.json) std::cout << FormatUploadTable(uploads);
  return absl::OkStatus();
}

absl::Status Account(const AccountOptions& options,
                     const Connection& connection, Stub& stub) {
  v1::GetAccountRequest request;
  request.set_tenant(options.tenant);
  request.set_account(options.name);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::GetAccount, request));
  return Print(options.json, reply, DescribeHistory);
}

absl::Status Group(const GroupOptions& options, const Connection& connection,
                   Stub& stub) {
  v1::GetGroupRequest request;
  request.set_tenant(options.tenant);
  request.set_group(options.name);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::GetGroup, request));
  return Print(options.json, reply, DescribeHistory);
}

}  // namespace

ExitCode Run(const ClaimsOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Claims);
}
ExitCode Run(const UndoOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Undo);
}
ExitCode Run(const HoldCaseOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Hold);
}
ExitCode Run(const EscalateOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Escalate);
}
ExitCode Run(const ReassignOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Reassign);
}
ExitCode Run(const UploadsOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, ListUploads);
}
ExitCode Run(const AccountOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Account);
}
ExitCode Run(const GroupOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Group);
}

}  // namespace lenscap::cli
