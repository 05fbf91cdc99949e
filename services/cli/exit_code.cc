#include "services/cli/exit_code.h"

#include <iostream>

#include "services/cli/text.h"

namespace lenscap::cli {

ExitCode Fail(const absl::Status& error, ExitCode code) {
  std::cerr << "lenscap: " << Printable(error.message()) << "\n";
  return code;
}

}  // namespace lenscap::cli
