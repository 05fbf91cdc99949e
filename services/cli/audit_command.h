#ifndef LENSCAP_SERVICES_CLI_AUDIT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_AUDIT_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap audit show
struct ShowAuditOptions {
  Endpoint endpoint;
  uint64_t after_sequence = 0;
  bool lines = false;  // As they stand in the log, for 'audit verify'.
  bool json = false;
};

// lenscap audit verify PATH; needs no server.
struct VerifyAuditLogOptions {
  std::string path;  // A directory, or a file of lines.
  // Files of checkpoints, and the PEM of the key that has signed them. Empty:
  // those in the directory, if it is one.
  std::vector<std::string> checkpoints;
  std::string key;
  bool excerpt = false;
};

// lenscap audit checkpoint
struct CheckpointOptions {
  Endpoint endpoint;
  bool json = false;
};

ExitCode Run(const ShowAuditOptions& options);
ExitCode Run(const VerifyAuditLogOptions& options);
ExitCode Run(const CheckpointOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_AUDIT_COMMAND_H_
