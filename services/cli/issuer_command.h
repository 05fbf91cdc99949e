#ifndef LENSCAP_SERVICES_CLI_ISSUER_COMMAND_H_
#define LENSCAP_SERVICES_CLI_ISSUER_COMMAND_H_

#include <string>

#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap admin issuer install KEYSET, lenscap admin issuer rotate KEYSET
struct TakeUpKeysOptions {
  Endpoint endpoint;
  bool rotate = false;  // The set before vouches for it, and not the caller.
  std::string key_set;
  std::string signatures;  // Empty: beside the key set, with ".jws" behind.
  std::string reason;
  bool json = false;
};

// lenscap admin issuer revoke-key ISSUER KEY
struct RevokeKeyOptions {
  Endpoint endpoint;
  std::string issuer;
  std::string key_id;
  std::string reason;
  bool json = false;
};

// lenscap admin issuer list
struct ListIssuersOptions {
  Endpoint endpoint;
  bool json = false;
};

ExitCode Run(const TakeUpKeysOptions& options);
ExitCode Run(const RevokeKeyOptions& options);
ExitCode Run(const ListIssuersOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_ISSUER_COMMAND_H_
