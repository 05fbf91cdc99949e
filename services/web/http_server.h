#ifndef LENSCAP_SERVICES_WEB_HTTP_SERVER_H_
#define LENSCAP_SERVICES_WEB_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/transport.h"
#include "services/web/http.h"
#include "services/web/http_limits.h"

namespace lenscap {

// Speaks HTTP/1.1 on one port, a thread for each connection, and passes each
// well-formed request on. Whatever a client sends or leaves out is bounded: in
// bytes, in time, in connections. Thread-safe.
class HttpServer {
 public:
  struct Options {
    std::string address;            // "host:port", port 0 for any.
    std::optional<TlsOptions> tls;  // Without it: plain text.
    HttpLimits limits;
    HttpHeaders headers;  // Of every answer.
  };
  // Must answer. Runs on many threads at once.
  using Handler = std::function<void(Exchange&)>;

  // FAILED_PRECONDITION where the address cannot be had, INVALID_ARGUMENT for
  // files of TLS that are no good.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(Options options,
                                                           Handler handler);
  virtual ~HttpServer() = default;  // Stops first.

  virtual int port() const = 0;

  // Takes no new connections, and of those that are open no new requests.
  virtual void Drain() = 0;
  // Breaks what is left off; returns when no handler runs any more.
  virtual void Stop() = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_SERVER_H_
