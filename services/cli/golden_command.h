#ifndef LENSCAP_SERVICES_CLI_GOLDEN_COMMAND_H_
#define LENSCAP_SERVICES_CLI_GOLDEN_COMMAND_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap queue golden add CASE
struct AddGoldenOptions {
  Endpoint endpoint;
  std::string case_id;
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  std::string note;
  bool json = false;
};

// lenscap queue golden ls
struct ListGoldenOptions {
  Endpoint endpoint;
  bool json = false;
};

// lenscap queue golden rm ID
struct RemoveGoldenOptions {
  Endpoint endpoint;
  std::string golden_id;
  bool json = false;
};

// lenscap report reviewers
struct ReviewersOptions {
  Endpoint endpoint;
  std::optional<absl::Time> start;
  std::optional<absl::Time> end;
  bool json = false;
};

ExitCode Run(const AddGoldenOptions& options);
ExitCode Run(const ListGoldenOptions& options);
ExitCode Run(const RemoveGoldenOptions& options);
ExitCode Run(const ReviewersOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_GOLDEN_COMMAND_H_
