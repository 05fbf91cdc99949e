#ifndef LENSCAP_SERVICES_CLI_CONVERT_COMMAND_H_
#define LENSCAP_SERVICES_CLI_CONVERT_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "index/clip_match.h"
#include "lists/formats/format.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap list convert FILE...: hash lists from one format into another,
// without a server. Prints what the formats cannot carry.
struct ConvertOptions {
  std::vector<std::string> files;  // "-" is standard input.
  std::optional<ListFormat> from;  // By the start of each file, if not said.
  ListFormat to = ListFormat::kLenscap;
  std::string list_id = "list";
  std::string issuer;
  Severity severity = Severity::kSuspected;
  // A file or, for vPDQ text, a directory of ENTRY.vpdq files. Empty: standard
  // output.
  std::string output;
};

ExitCode Run(const ConvertOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CONVERT_COMMAND_H_
