#include "services/cli/grammar.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace lenscap::cli {
namespace {

// A port has to be named: gRPC would take 443.
void CheckServer(const std::string& server) {
  const size_t colon = server.rfind(':');
  int port = 0;
  if (absl::StartsWith(server, "unix:")) return;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(server.substr(colon + 1), &port) || port < 1 ||
      port > 65535) {
    Refuse("--server", absl::StrCat("'", server, "' is not HOST:PORT"));
  }
}

void AddTransport(CLI::App& command, Endpoint& endpoint) {
  const auto add = [&command](const char* name, std::string& value,
                              const char* description) {
    return command.add_option(name, value, description)
        ->option_text("FILE")
        ->group("Where");
  };
  add("--tls-ca", endpoint.tls_ca,
      "Speak TLS with the server, which this PEM file's\n"
      "authority certifies (default: LENSCAP_TLS_CA)");
  auto* certificate = add("--tls-cert", endpoint.tls_certificate,
                          "Sign in by this certificate, and its key");
  auto* key = add("--tls-key", endpoint.tls_key, "Of --tls-cert");
  certificate->needs(key);
  key->needs(certificate);
  add("--token-file", endpoint.token_file,
      "Sign in by the token in this file\n"
      "(default: the token LENSCAP_TOKEN)");
}

// Of a server: the environment, where no option says more.
void ResolveTransport(Endpoint& endpoint) {
  if (endpoint.tls_ca.empty()) endpoint.tls_ca = Environment("LENSCAP_TLS_CA");
  if (!endpoint.signs_in()) endpoint.token = Environment("LENSCAP_TOKEN");
  if (!endpoint.tls_certificate.empty() && endpoint.tls_ca.empty()) {
    Refuse("--tls-cert", "needs --tls-ca: without it nothing speaks TLS");
  }
}

}  // namespace

void Refuse(const std::string& name, const std::string& why) {
  throw CLI::ValidationError(name, why);
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void AddEndpoint(CLI::App& command, Endpoint& endpoint) {
  auto* server =
      command
          .add_option(
              "--server", endpoint.server,
              absl::StrCat("A running lenscapd (default: LENSCAP_SERVER,\n"
                           "or ",
                           kDefaultServer, ")"))
          ->option_text("HOST:PORT")
          ->group("Where");
  command
      .add_option("--data-dir", endpoint.data_directory,
                  "Stand-alone, on this directory\n"
                  "(default: LENSCAP_DATA_DIR)")
      ->option_text("DIR")
      ->group("Where")
      ->excludes(server);
  AddTransport(command, endpoint);
}

void ResolveEndpoint(Endpoint& endpoint) {
  if (endpoint.server.empty() && endpoint.data_directory.empty()) {
    endpoint.server = Environment("LENSCAP_SERVER");
    endpoint.data_directory = Environment("LENSCAP_DATA_DIR");
    if (!endpoint.server.empty() && !endpoint.data_directory.empty()) {
      Refuse("--server",
             "LENSCAP_SERVER and LENSCAP_DATA_DIR are both set; say which is "
             "meant, by --server or --data-dir");
    }
  }
  if (endpoint.server.empty() && endpoint.data_directory.empty()) {
    endpoint.server = kDefaultServer;
  }
  if (!endpoint.server.empty()) {
    CheckServer(endpoint.server);
    ResolveTransport(endpoint);
  } else if (!endpoint.tls_ca.empty() || endpoint.signs_in()) {
    Refuse("--data-dir",
           "a directory on this machine needs no TLS and no token");
  }
}

void AddName(CLI::App& command, const std::string& name, std::string& value,
             const std::string& description) {
  command.add_option(name, value, description)->required()->type_name("");
}

void AddEvidence(CLI::App& command, std::string& directory) {
  command
      .add_option("--evidence", directory,
                  "Write a page with pictures, cues and what they\n"
                  "rest on to DIR/NAME.svg; it shows footage")
      ->type_name("DIR");
}

void AddDuration(CLI::App& command, absl::Duration& value,
                 const std::string& description) {
  command
      .add_option_function<std::string>(
          "--for",
          [&value](const std::string& text) {
            if (!absl::ParseDuration(text, &value)) {
              Refuse("--for", absl::StrCat("'", text,
                                           "' is no duration, such as 90s "
                                           "or 5m"));
            }
          },
          description)
      ->type_name("DURATION")
      ->default_str(absl::FormatDuration(value));
}

}  // namespace lenscap::cli
