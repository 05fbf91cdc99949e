#ifndef LENSCAP_SERVICES_CLI_RULES_COMMAND_H_
#define LENSCAP_SERVICES_CLI_RULES_COMMAND_H_

#include <string>

#include "proto/lenscap/v1/listing.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Rule packs of a server.

// lenscap rules publish FILE [FILE.jws]
struct PublishRulesOptions {
  Endpoint endpoint;
  std::string file;
  std::string signatures;  // Empty: FILE.jws.
  bool json = false;
};

// lenscap rules list
struct ListRulesOptions {
  Endpoint endpoint;
  bool json = false;  // One RulePack a line.
};

// lenscap rules mode PACK RULE active|shadow|off|pack
struct RuleModeOptions {
  Endpoint endpoint;
  std::string pack_id;
  std::string rule_id;
  v1::Rule::Mode mode = v1::Rule::MODE_UNSPECIFIED;  // Follows the pack.
  std::string reason;
  bool json = false;
};

ExitCode Run(const PublishRulesOptions& options);
ExitCode Run(const ListRulesOptions& options);
ExitCode Run(const RuleModeOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_RULES_COMMAND_H_
