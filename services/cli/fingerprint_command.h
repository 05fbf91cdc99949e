#ifndef LENSCAP_SERVICES_CLI_FINGERPRINT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_FINGERPRINT_COMMAND_H_

#include <string>

#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap fingerprint FILE
struct FingerprintFileOptions {
  std::string path;
  bool json = false;  // One ExportedEntry instead of vPDQ text.
};

// lenscap compare UPLOAD CLIP
struct CompareOptions {
  std::string upload;
  std::string clip;
  bool json = false;  // One ClipMatch a line.
};

// Both decode here, without a server.
ExitCode Run(const FingerprintFileOptions& options);
ExitCode Run(const CompareOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_FINGERPRINT_COMMAND_H_
