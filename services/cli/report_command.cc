#include "services/cli/report_command.h"

#include <iostream>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/report.grpc.pb.h"
#include "services/cli/campaign_text.h"
#include "services/cli/compliance_text.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::ReportService::Stub;

template <typename Request>
Request RequestFor(const ReportScope& scope) {
  Request request;
  if (scope.start) *request.mutable_start() = ToProto(*scope.start);
  if (scope.end) *request.mutable_end() = ToProto(*scope.end);
  *request.mutable_filter() = scope.filter;
  return request;
}

absl::Status ShowCampaign(const CampaignOptions& options,
                          const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const v1::CampaignReport report,
                   Call(connection, stub, &Stub::Campaign,
                        RequestFor<v1::CampaignRequest>(options.scope)));
  if (options.json) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(report));
    std::cout << line;
  } else {
    std::cout << (options.csv ? CampaignCsv(report) : DescribeCampaign(report));
  }
  return absl::OkStatus();
}

absl::Status ShowCompliance(const ComplianceOptions& options,
                            const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(const v1::ComplianceReply reply,
                   Call(connection, stub, &Stub::Compliance,
                        RequestFor<v1::ComplianceRequest>(options.scope)));
  if (options.json) {
    ASSIGN_OR_RETURN(const std::string line, ToJsonLine(reply));
    std::cout << line;
  } else {
    std::cout << DescribeCompliance(reply);
  }
  return absl::OkStatus();
}

// The database refuses fields that are empty: they are left out.
absl::Status PrintStatements(const StatementsOptions& options,
                             const Connection& connection, Stub& stub) {
  grpc::ClientContext context;
  const auto reader = stub.Statements(
      &context, RequestFor<v1::StatementsRequest>(options.scope));
  v1::StatementOfReasons statement;
  while (reader->Read(&statement)) {
    const auto line = ToSparseJsonLine(statement);
    if (line.ok()) std::cout << *line;
    if (!line.ok() || !std::cout) {
      context.TryCancel();
      return line.status();
    }
  }
  return connection.ToStatus(reader->Finish());
}

}  // namespace

ExitCode Run(const CampaignOptions& options) {
  return RunOn<v1::ReportService>(options, {Role::kReview}, ShowCampaign);
}
ExitCode Run(const ComplianceOptions& options) {
  return RunOn<v1::ReportService>(options, {Role::kReview}, ShowCompliance);
}
ExitCode Run(const StatementsOptions& options) {
  return RunOn<v1::ReportService>(options, {Role::kReview}, PrintStatements);
}

}  // namespace lenscap::cli
