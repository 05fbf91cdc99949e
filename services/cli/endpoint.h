#ifndef LENSCAP_SERVICES_CLI_ENDPOINT_H_
#define LENSCAP_SERVICES_CLI_ENDPOINT_H_

#include <string>

namespace lenscap::cli {

// Where lenscapd listens unless it is told otherwise.
inline constexpr char kDefaultServer[] = "127.0.0.1:7300";

// Where the lists and cases are: behind a server, or in a data directory that
// this process opens itself. Exactly one of the two is set.
struct Endpoint {
  std::string server;          // "host:port".
  std::string data_directory;  // Stand-alone.
  // Stand-alone: the policy to decide by; empty for the one built in.
  std::string policy_file;
  // Stand-alone: the directory may be made.
  bool create = false;

  // The one that is set, as errors name it.
  const std::string& name() const {
    return server.empty() ? data_directory : server;
  }
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_ENDPOINT_H_
