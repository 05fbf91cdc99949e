#ifndef LENSCAP_SERVICES_CLI_LIST_KEYS_COMMAND_H_
#define LENSCAP_SERVICES_CLI_LIST_KEYS_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Who signs lists, without a server (lists/LISTS.md).

// lenscap list keygen FILE: the private key into FILE, which must not be there,
// the public one into FILE.pub.
struct KeygenOptions {
  std::string path;
};
ExitCode Run(const KeygenOptions& options);

// lenscap list keys new: version 1 of a key set.
struct NewKeySetOptions {
  std::string output;
  std::string issuer;
  int threshold = 1;
  absl::Time expires;
  std::vector<std::string> public_keys;  // Files.
};
ExitCode Run(const NewKeySetOptions& options);

// lenscap list keys rotate KEYSET: the version after this one.
struct RotateKeySetOptions {
  std::string key_set;
  std::string output;
  std::vector<std::string> added;    // Files of public keys.
  std::vector<std::string> revoked;  // Ids of keys.
  std::string reason;                // Of all that are revoked.
  std::optional<int> threshold;
  std::optional<absl::Time> expires;
};
ExitCode Run(const RotateKeySetOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LIST_KEYS_COMMAND_H_
