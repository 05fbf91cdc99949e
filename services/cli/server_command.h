#ifndef LENSCAP_SERVICES_CLI_SERVER_COMMAND_H_
#define LENSCAP_SERVICES_CLI_SERVER_COMMAND_H_

#include <string>
#include <vector>

#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap server FLAG...
struct RunServerOptions {
  std::vector<std::string> flags;  // Of lenscapd; passed on as they are.
};

// Turns this process into lenscapd: the one beside this program, or in the
// directory above it, or on PATH. Returns only where there is none.
ExitCode Run(const RunServerOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SERVER_COMMAND_H_
