#ifndef LENSCAP_SERVICES_LISTEN_FLAGS_H_
#define LENSCAP_SERVICES_LISTEN_FLAGS_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "prometheus/exposer.h"
#include "services/metrics.h"
#include "services/server.h"

namespace lenscap {

// lenscapd's flags that say where it listens and who may call: --listen,
// --metrics_address, --tls_certificate and those about them.

// Takes them over. INVALID_ARGUMENT, naming the flag, for what does not fit
// together: plain text on an address that other machines reach above all.
absl::Status ReadListenFlags(ServerOptions& options);

// Serves the metrics, where a flag says so; else null. Where callers must sign
// in, a token is the password, under whatever name. `server` must outlive it.
absl::StatusOr<std::unique_ptr<prometheus::Exposer>> ExposeMetrics(
    const Server& server, const std::shared_ptr<Metrics>& metrics);

// Says in the log, at every start, how callers are told apart.
void LogWhoMayCall(const ServerOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTEN_FLAGS_H_
