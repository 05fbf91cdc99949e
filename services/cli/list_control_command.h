#ifndef LENSCAP_SERVICES_CLI_LIST_CONTROL_COMMAND_H_
#define LENSCAP_SERVICES_CLI_LIST_CONTROL_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap list rollback LIST --to=N
struct RollbackOptions {
  Endpoint endpoint;
  std::string list_id;
  int64_t signed_version = 0;
  std::string reason;
  bool json = false;
};

// lenscap list hold|release LIST ENTRY...
struct HoldEntriesOptions {
  Endpoint endpoint;
  bool release = false;
  std::string list_id;
  std::vector<std::string> entry_ids;
  std::string reason;
  bool json = false;
};

// lenscap list mode LIST --shadow|--active
struct ListModeOptions {
  Endpoint endpoint;
  std::string list_id;
  v1::ListMode mode = v1::LIST_MODE_UNSPECIFIED;
  std::string reason;
  bool json = false;
};

// lenscap list download LIST
struct DownloadListOptions {
  Endpoint endpoint;
  std::string list_id;
  int64_t signed_version = 0;  // 0: the last one.
  std::string output;          // And OUTPUT.jws; empty: LIST-VERSION.list.
};

// lenscap list feedback LIST
struct FeedbackOptions {
  Endpoint endpoint;
  std::string list_id;
  bool json = false;
};

ExitCode Run(const RollbackOptions& options);
ExitCode Run(const HoldEntriesOptions& options);
ExitCode Run(const ListModeOptions& options);
ExitCode Run(const DownloadListOptions& options);
ExitCode Run(const FeedbackOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LIST_CONTROL_COMMAND_H_
