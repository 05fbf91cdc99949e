#ifndef LENSCAP_SERVICES_CLI_SCAN_COMMAND_H_
#define LENSCAP_SERVICES_CLI_SCAN_COMMAND_H_

#include <string>
#include <vector>

#include "proto/lenscap/v1/scan.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap scan FILE|DIRECTORY|-...
struct ScanOptions {
  Endpoint endpoint;
  std::vector<std::string> paths;
  bool all_files = false;  // Not only what looks like video or image.
  int jobs = 0;            // Files at a time; 0 means one per core.
  bool json = false;
  bool explain = false;
  bool no_progress = false;
  v1::Effort effort = v1::EFFORT_UNSPECIFIED;
  // Where a page of evidence goes for each file with stills; empty for none.
  std::string evidence_directory;
  // Names that go into the case; the content id for a single file alone.
  std::string content_id;
  std::string account;
  std::string group;
  std::string tenant;  // Whose turn and limits it takes.
};

ExitCode Run(const ScanOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SCAN_COMMAND_H_
