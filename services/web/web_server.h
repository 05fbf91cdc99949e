#ifndef LENSCAP_SERVICES_WEB_WEB_SERVER_H_
#define LENSCAP_SERVICES_WEB_WEB_SERVER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/server.h"
#include "services/web/http_server.h"
#include "services/web/session_store.h"

namespace lenscap {

// A server's services over HTTP, and the console for people:
//
//   /            the console; its other files are below /console/
//   /session     signs in and out (services/web/session_routes.h)
//   /v1/S/M      every RPC (services/web/json_gateway.h)
//   /report      the form for those whom footage shows, where there is a token
//                for it (services/web/report_form.h)
//   /openapi.json, /healthz
//
// Whoever calls is admitted as over gRPC. Thread-safe.
class WebServer {
 public:
  struct Options {
    HttpServer::Options http;  // Its headers are the web server's own.
    // Names, without ports, that the server is known by beside those of
    // loopback and of the address that it listens on.
    std::vector<std::string> hosts;
    SessionStore::Options sessions;
    // How often an hour an address may try a token that is no good.
    double failed_sign_ins = 60;
    // With which the form's reports are passed on; "" serves no form. How often
    // an hour an address may send one, or ask after one.
    std::string intake_token;
    double reports = 30;
  };

  // `server` must outlive it. FAILED_PRECONDITION where the address cannot be
  // had, INVALID_ARGUMENT for files of TLS that are no good.
  static absl::StatusOr<std::unique_ptr<WebServer>> Start(Server* server,
                                                          Options options);
  virtual ~WebServer() = default;  // Stops first.

  virtual int port() const = 0;

  // Drain comes before the server's Shutdown, which ends the calls that still
  // go on, and Stop after it.
  virtual void Drain() = 0;
  virtual void Stop() = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_WEB_SERVER_H_
