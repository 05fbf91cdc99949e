#include "services/cli/golden_command.h"

#include <iostream>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/reviewer_table.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::TakedownService::Stub;

absl::Status PrintGolden(bool json, const v1::ListGoldenReply& reply) {
  if (!json) {
    std::cout << FormatGoldenTable(reply);
    return absl::OkStatus();
  }
  for (const v1::GoldenCase& golden : reply.golden()) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(golden));
    std::cout << line;
  }
  return absl::OkStatus();
}

absl::Status PrintOne(bool json, const v1::GoldenCase& golden) {
  v1::ListGoldenReply reply;
  *reply.add_golden() = golden;
  return PrintGolden(json, reply);
}

absl::Status Add(const AddGoldenOptions& options, const Connection& connection,
                 Stub& stub) {
  v1::AddGoldenRequest request;
  request.set_case_id(options.case_id);
  request.set_outcome(options.outcome);
  request.set_note(options.note);
  ASSIGN_OR_RETURN(const auto golden,
                   Call(connection, stub, &Stub::AddGolden, request));
  return PrintOne(options.json, golden);
}

absl::Status List(const ListGoldenOptions& options,
                  const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply, Call(connection, stub, &Stub::ListGolden,
                                          v1::ListGoldenRequest()));
  return PrintGolden(options.json, reply);
}

absl::Status Remove(const RemoveGoldenOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::RemoveGoldenRequest request;
  request.set_golden_id(options.golden_id);
  ASSIGN_OR_RETURN(const auto golden,
                   Call(connection, stub, &Stub::RemoveGolden, request));
  return PrintOne(options.json, golden);
}

absl::Status ShowReviewers(const ReviewersOptions& options,
                           const Connection& connection, Stub& stub) {
  v1::ReviewerStatsRequest request;
  if (options.start) *request.mutable_start() = ToProto(*options.start);
  if (options.end) *request.mutable_end() = ToProto(*options.end);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::ReviewerStats, request));
  if (!options.json) {
    std::cout << FormatReviewerTable(reply);
    return absl::OkStatus();
  }
  for (const v1::ReviewerFigures& figures : reply.reviewers()) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(figures));
    std::cout << line;
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const AddGoldenOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Add);
}
ExitCode Run(const ListGoldenOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, List);
}
ExitCode Run(const RemoveGoldenOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Remove);
}
ExitCode Run(const ReviewersOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, ShowReviewers);
}

}  // namespace lenscap::cli
