#ifndef LENSCAP_SERVICES_CLI_LIST_FILE_COMMAND_H_
#define LENSCAP_SERVICES_CLI_LIST_FILE_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "index/clip.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// List files, without a server (lists/LISTS.md).

// lenscap list sign FILE: adds a signature of a list file or a key set to
// FILE.jws. Signs nothing that could not be read.
struct SignOptions {
  std::string file;
  std::string key;  // A file.
};
ExitCode Run(const SignOptions& options);

// lenscap list verify FILE: a list file by the key set; or a key set by the one
// before it, the first by itself.
struct VerifyOptions {
  std::string file;
  std::string signature;  // Empty: FILE.jws.
  std::string key_set;
  // The list's files before it, oldest first.
  std::vector<std::string> previous;
};
ExitCode Run(const VerifyOptions& options);

// lenscap list make ENTRIES: a list file of bare entry lines. What is not said
// is as in the last of `previous`.
struct MakeListOptions {
  std::string entries;
  std::string output;
  std::string list_id;
  std::string issuer;
  std::string legal_basis;
  std::vector<std::string> jurisdictions;
  std::optional<ListPurpose> purpose;
  absl::Time expires;
  bool delta = false;
  bool compress = false;
  std::vector<std::string> previous;  // As of VerifyOptions.
};
ExitCode Run(const MakeListOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LIST_FILE_COMMAND_H_
