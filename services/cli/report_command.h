#ifndef LENSCAP_SERVICES_CLI_REPORT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_REPORT_COMMAND_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "proto/lenscap/v1/report.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Which decisions: of the half-open period, where it is bounded.
struct ReportScope {
  std::optional<absl::Time> start;
  std::optional<absl::Time> end;
  v1::CaseFilter filter;
};

// lenscap report campaign
struct CampaignOptions {
  Endpoint endpoint;
  ReportScope scope;
  bool csv = false;
  bool json = false;
};

// lenscap report compliance
struct ComplianceOptions {
  Endpoint endpoint;
  ReportScope scope;
  bool json = false;
};

// lenscap report statements: JSON as the DSA Transparency Database takes it,
// one statement a line.
struct StatementsOptions {
  Endpoint endpoint;
  ReportScope scope;
};

ExitCode Run(const CampaignOptions& options);
ExitCode Run(const ComplianceOptions& options);
ExitCode Run(const StatementsOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_REPORT_COMMAND_H_
