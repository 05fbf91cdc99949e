#ifndef LENSCAP_SERVICES_CLI_INTAKE_COMMAND_H_
#define LENSCAP_SERVICES_CLI_INTAKE_COMMAND_H_

#include <string>

#include "proto/lenscap/v1/intake.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap intake submit [FILE]
struct SubmitReportOptions {
  Endpoint endpoint;
  std::string file;  // "-" is standard input; empty for no footage.
  v1::ReportHeader header;
  bool json = false;
};

// lenscap intake status REPORT RECEIPT
struct ReportStatusOptions {
  Endpoint endpoint;
  std::string report_id;
  std::string receipt;
  bool json = false;
};

// lenscap intake ls
struct ListReportsOptions {
  Endpoint endpoint;
  v1::VictimReport::State state = v1::VictimReport::STATE_WAITING;
  bool json = false;
};

// lenscap intake show REPORT
struct ShowReportOptions {
  Endpoint endpoint;
  std::string report_id;
  bool json = false;
};

// lenscap intake accept REPORT, lenscap intake reject REPORT
struct AnswerReportOptions {
  Endpoint endpoint;
  bool accept = false;
  std::string report_id;
  std::string answer;
  bool json = false;
};

ExitCode Run(const SubmitReportOptions& options);
ExitCode Run(const ReportStatusOptions& options);
ExitCode Run(const ListReportsOptions& options);
ExitCode Run(const ShowReportOptions& options);
ExitCode Run(const AnswerReportOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_INTAKE_COMMAND_H_
