#ifndef LENSCAP_SERVICES_CLI_RULES_FILE_COMMAND_H_
#define LENSCAP_SERVICES_CLI_RULES_FILE_COMMAND_H_

#include <string>
#include <vector>

#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Files of rule packs, without a server (listings/RULES.md).

// lenscap rules test FILE...
struct TestRulesOptions {
  std::vector<std::string> files;
};
// Runs each rule's examples, and sees whether the packs can be used together.
ExitCode Run(const TestRulesOptions& options);

// lenscap rules lint FILE...
struct LintRulesOptions {
  std::vector<std::string> files;
};
// The same, and what a reviewer of the packs would ask about.
ExitCode Run(const LintRulesOptions& options);

// lenscap rules sign FILE: adds a signature to FILE.jws. Signs no pack that is
// none, or whose examples come out otherwise than they say.
struct SignRulesOptions {
  std::string file;
  std::string key;  // A file.
};
ExitCode Run(const SignRulesOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_RULES_FILE_COMMAND_H_
