// lenscap: the command line of the services, for people and scripts.

#include <clocale>
#include <string>
#include <variant>
#include <vector>

#include "services/cli/command_line.h"

// What is thrown past here, such as for want of memory, ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  using namespace lenscap::cli;  // NOLINT: this file is its front door.
  // The width of characters; everything we print is UTF-8.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  const auto command =
      ParseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
  const ExitCode code =
      command.ok()
          ? std::visit([](const auto& options) { return Run(options); },
                       *command)
          : Fail(command.status(), ExitCode::kUsage);
  return static_cast<int>(code);
}
