#ifndef LENSCAP_SERVICES_CLI_QUEUE_WORK_COMMAND_H_
#define LENSCAP_SERVICES_CLI_QUEUE_WORK_COMMAND_H_

#include <string>

#include "absl/time/time.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap queue claims
struct ClaimsOptions {
  Endpoint endpoint;
  std::string reviewer;
  bool json = false;
};

// lenscap queue undo TOKEN
struct UndoOptions {
  Endpoint endpoint;
  std::string token;
  bool json = false;
};

// lenscap queue hold TOKEN
struct HoldCaseOptions {
  Endpoint endpoint;
  std::string token;
  absl::Duration duration = absl::Hours(24);
  std::string reason;
  bool json = false;
};

// lenscap queue escalate TOKEN
struct EscalateOptions {
  Endpoint endpoint;
  std::string token;
  std::string reason;
  std::string skill;
  bool json = false;
};

// lenscap queue reassign CASE
struct ReassignOptions {
  Endpoint endpoint;
  std::string case_id;
  std::string token;
  std::string to;  // Empty for anybody.
  std::string reason;
  bool json = false;
};

// lenscap queue uploads CASE
struct UploadsOptions {
  Endpoint endpoint;
  std::string case_id;
  bool undecided = false;
  bool json = false;
};

// lenscap queue account NAME, lenscap queue group NAME
struct AccountOptions {
  Endpoint endpoint;
  std::string tenant;
  std::string name;
  bool json = false;
};
struct GroupOptions {
  Endpoint endpoint;
  std::string tenant;
  std::string name;
  bool json = false;
};

ExitCode Run(const ClaimsOptions& options);
ExitCode Run(const UndoOptions& options);
ExitCode Run(const HoldCaseOptions& options);
ExitCode Run(const EscalateOptions& options);
ExitCode Run(const ReassignOptions& options);
ExitCode Run(const UploadsOptions& options);
ExitCode Run(const AccountOptions& options);
ExitCode Run(const GroupOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_QUEUE_WORK_COMMAND_H_
