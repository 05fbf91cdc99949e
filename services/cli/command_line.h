#ifndef LENSCAP_SERVICES_CLI_COMMAND_LINE_H_
#define LENSCAP_SERVICES_CLI_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/command.h"

namespace lenscap::cli {

// `words` are the arguments without the program's name. Reads the environment
// variables that --help names. INVALID_ARGUMENT says what is wrong with them.
absl::StatusOr<Command> ParseCommandLine(const std::vector<std::string>& words);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_COMMAND_LINE_H_
