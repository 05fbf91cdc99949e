#ifndef LENSCAP_SERVICES_WEB_WEB_FLAGS_H_
#define LENSCAP_SERVICES_WEB_WEB_FLAGS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "services/server.h"
#include "services/web/web_server.h"

namespace lenscap {

// lenscapd's flags for HTTP: --web_address, --web_host and --intake_token_file.
// The certificate is that of the port of gRPC.

// INVALID_ARGUMENT, naming the flag, for what does not fit together.
absl::Status CheckWebFlags(const ServerOptions& options);

// Serves HTTP, where a flag says so, and says so in the log; else null.
absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(
    Server* server, const ServerOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_WEB_FLAGS_H_
