#ifndef LENSCAP_SERVICES_CLI_STILLS_COMMAND_H_
#define LENSCAP_SERVICES_CLI_STILLS_COMMAND_H_

#include <string>

#include "absl/status/status.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/cli/connection.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap queue exposure
struct ExposureOptions {
  Endpoint endpoint;
  std::string reviewer;
  bool json = false;
};

ExitCode Run(const ExposureOptions& options);

// Where a page with the stills of a case goes.
struct CaseEvidenceOptions {
  std::string directory;
  std::string lease_token;  // Reveals them; empty leaves them blurred.
  bool quiet = false;       // Does not say where it is.
};

// Writes the page of the upload that opened the case, and says where it is.
// That it has no stills is no error; the reason is said.
absl::Status WriteCaseEvidence(const Connection& connection,
                               const v1::Case& opened,
                               const CaseEvidenceOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_STILLS_COMMAND_H_
