#ifndef LENSCAP_SERVICES_CLI_LISTING_COMMAND_H_
#define LENSCAP_SERVICES_CLI_LISTING_COMMAND_H_

#include <string>

#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

enum class ListingFormat { kTable, kNdjson, kCsv };

// lenscap listing review FILE|-
struct ReviewListingsOptions {
  Endpoint endpoint;
  std::string path;
  ListingFormat format = ListingFormat::kTable;
  bool json = false;   // The same as kNdjson.
  bool all = false;    // In the table, what is allowed too.
  std::string photos;  // Empty: the file's folder.
  std::string tenant;  // Of listings that name none.
  std::string after;   // Begin behind the listing with this id.
  bool no_progress = false;
};

// Results go to standard output as they come, in the order of the file.
ExitCode Run(const ReviewListingsOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_COMMAND_H_
