#ifndef LENSCAP_SERVICES_CLI_PUBLISH_COMMAND_H_
#define LENSCAP_SERVICES_CLI_PUBLISH_COMMAND_H_

#include <string>
#include <vector>

#include "proto/lenscap/v1/common.pb.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap list publish FILE...
struct PublishOptions {
  Endpoint endpoint;
  std::vector<std::string> files;
  std::string list_id;
  std::string entry_id;          // For a single file alone.
  bool entry_from_name = false;  // The file's name without its extension.
  v1::Severity severity = v1::SEVERITY_SUSPECTED;
  // Unspecified: told by the content of each file.
  v1::PublishHeader::Format format = v1::PublishHeader::FORMAT_UNSPECIFIED;
  bool create = false;  // The list, and a data directory to hold it.
  std::string issuer;
  // Of a signed list: checked by the server, and not applied.
  bool dry_run = false;
  bool json = false;
};

ExitCode Run(const PublishOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_PUBLISH_COMMAND_H_
