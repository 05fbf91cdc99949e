#ifndef LENSCAP_SERVICES_CLI_PRINT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_PRINT_COMMAND_H_

#include <string>

#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Help, the version or a completion script: all there is to do is print it.
struct PrintOptions {
  std::string text;
};

ExitCode Run(const PrintOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_PRINT_COMMAND_H_
