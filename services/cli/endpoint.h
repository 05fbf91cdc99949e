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

  // Of a server, files in PEM: the authority that it must be certified by,
  // without which it is spoken to in plain text, and the certificate and key
  // that sign this client in, both or neither.
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  // What signs this client in instead: a file that holds a token, or the token
  // itself. At most one is set.
  std::string token_file;
  std::string token;

  // The one that is set, as errors name it.
  const std::string& name() const {
    return server.empty() ? data_directory : server;
  }
  // Whether the server is told who calls.
  bool signs_in() const {
    return !tls_certificate.empty() || !token_file.empty() || !token.empty();
  }
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_ENDPOINT_H_
