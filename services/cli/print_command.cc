#include "services/cli/print_command.h"

#include <iostream>

namespace lenscap::cli {

ExitCode Run(const PrintOptions& options) {
  std::cout << options.text << std::flush;
  return ExitCode::kOk;
}

}  // namespace lenscap::cli
