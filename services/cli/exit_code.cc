#include "services/cli/exit_code.h"

#include <iostream>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "services/cli/text.h"

namespace lenscap::cli {

ExitCode Fail(const absl::Status& error, ExitCode code) {
  std::cerr << "lenscap: " << Printable(error.message()) << "\n";
  return code;
}

ExitCode FailByLine(const absl::Status& error, ExitCode code) {
  for (const absl::string_view line : absl::StrSplit(error.message(), '\n')) {
    Fail(absl::Status(error.code(), line), code);
  }
  return code;
}

}  // namespace lenscap::cli
