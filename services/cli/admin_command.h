#ifndef LENSCAP_SERVICES_CLI_ADMIN_COMMAND_H_
#define LENSCAP_SERVICES_CLI_ADMIN_COMMAND_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/access.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap admin whoami
struct WhoAmIOptions {
  Endpoint endpoint;
  bool json = false;
};

// lenscap admin token create
struct CreateTokenOptions {
  Endpoint endpoint;
  v1::CallerRole role = v1::CALLER_ROLE_UNSPECIFIED;
  std::string name;
  std::string issuer;
  std::string tenant;
  std::string platform_class;
  std::vector<std::string> skills;
  std::vector<std::string> languages;
  std::vector<std::string> tenants;
  absl::Duration valid_for = absl::Hours(24 * 90);
  std::string reason;
  bool json = false;
};

// lenscap admin token list
struct ListTokensOptions {
  Endpoint endpoint;
  bool json = false;
};

// lenscap admin token revoke TOKEN
struct RevokeTokenOptions {
  Endpoint endpoint;
  std::string token_id;
  std::string reason;
  bool json = false;
};

// lenscap admin certificates DIR
struct CertificatesOptions {
  std::string directory;
  std::vector<std::string> hosts;
  std::string issuer = "development";
};

ExitCode Run(const WhoAmIOptions& options);
ExitCode Run(const CreateTokenOptions& options);
ExitCode Run(const ListTokensOptions& options);
ExitCode Run(const RevokeTokenOptions& options);
ExitCode Run(const CertificatesOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_ADMIN_COMMAND_H_
