#ifndef LENSCAP_SERVICES_CLI_EXIT_CODE_H_
#define LENSCAP_SERVICES_CLI_EXIT_CODE_H_

#include <algorithm>

#include "absl/status/status.h"

namespace lenscap::cli {

// What the process answers to its caller. Where several apply, the greatest
// counts. The values are promised in --help.
enum class ExitCode {
  kOk = 0,           // Done; for those below: nothing was found.
  kFound = 1,        // scan, listing review, rules explain: something to block
                     // or review; compare: a match; audit verify: a broken
                     // record; webhook test, verify: not taken, not good;
                     // rules test, lint: an example or a warning.
  kUsage = 2,        // The command line is wrong; nothing was done.
  kUnreadable = 3,   // A file, or a part of it, could not be read.
  kUnavailable = 4,  // The server or data directory failed or refused.
};

inline ExitCode Worse(ExitCode a, ExitCode b) { return std::max(a, b); }

// Prints "lenscap: " and the error to standard error; returns `code`.
ExitCode Fail(const absl::Status& error,
              ExitCode code = ExitCode::kUnavailable);
// The same for each line of an error that has several.
ExitCode FailByLine(const absl::Status& error,
                    ExitCode code = ExitCode::kUnavailable);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EXIT_CODE_H_
