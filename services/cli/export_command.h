#ifndef LENSCAP_SERVICES_CLI_EXPORT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_EXPORT_COMMAND_H_

#include <string>

#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap list export LIST
struct ExportOptions {
  Endpoint endpoint;
  std::string list_id;
  // One vPDQ text file for each entry, ENTRY.vpdq, replaced whole. Empty:
  // one ExportedEntry as JSON a line on standard output.
  std::string directory;
  bool json = false;  // What it prints anyway; every command takes --json.
};

ExitCode Run(const ExportOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EXPORT_COMMAND_H_
