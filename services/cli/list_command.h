#ifndef LENSCAP_SERVICES_CLI_LIST_COMMAND_H_
#define LENSCAP_SERVICES_CLI_LIST_COMMAND_H_

#include <string>
#include <vector>

#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap list show [LIST]
struct ShowListOptions {
  Endpoint endpoint;
  std::string list_id;  // Empty: every list, without entries.
  bool json = false;
};

// lenscap list withdraw LIST [ENTRY...]
struct WithdrawOptions {
  Endpoint endpoint;
  std::string list_id;
  std::vector<std::string> entry_ids;
  bool all = false;
  std::string reason;
  bool json = false;
};

// lenscap list history LIST
struct HistoryOptions {
  Endpoint endpoint;
  std::string list_id;
  int limit = 100;
  bool json = false;
};

ExitCode Run(const ShowListOptions& options);
ExitCode Run(const WithdrawOptions& options);
ExitCode Run(const HistoryOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LIST_COMMAND_H_
