#ifndef LENSCAP_SERVICES_CLI_EXPLAIN_COMMAND_H_
#define LENSCAP_SERVICES_CLI_EXPLAIN_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap rules explain TEXT|-
struct ExplainTextOptions {
  std::string text;                 // The title; "-": standard input has it.
  std::vector<std::string> fields;  // "title=..."
  v1::ReviewListingRequest::Kind kind =
      v1::ReviewListingRequest::KIND_UNSPECIFIED;
  std::string locale;
  std::vector<std::string> packs;  // Files; empty: the packs built in.
  bool json = false;
  // `fields`, kind and locale, once they are read.
  v1::ReviewListingRequest listing;
};

// "title=...", "description=...", "category=..." or "attributes.NAME=...", as
// rules name fields. INVALID_ARGUMENT for another.
absl::Status SetTextField(absl::string_view assignment,
                          v1::ReviewListingRequest& listing);

// What rules make of a text, without a server: how they see it, what is hit
// where, how that adds up, and what the policy built in would do.
ExitCode Run(const ExplainTextOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_EXPLAIN_COMMAND_H_
