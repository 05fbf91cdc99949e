#ifndef LENSCAP_SERVICES_WEB_SESSION_ROUTES_H_
#define LENSCAP_SERVICES_WEB_SESSION_ROUTES_H_

#include "absl/status/statusor.h"
#include "proto/lenscap/v1/access.pb.h"
#include "services/web/attempts.h"
#include "services/web/door.h"
#include "services/web/http.h"
#include "services/web/json_gateway.h"
#include "services/web/session_store.h"
#include "services/web/web_caller.h"

namespace lenscap {

// The route /session: POST {"token":"lc_..."} signs in, GET says who the caller
// is taken for, DELETE signs out. Thread-safe.
class SessionRoutes {
 public:
  // All must outlive this. `failures` bounds how often an address may try a
  // token that is no good.
  struct Rooms {
    const Door* door = nullptr;
    const JsonGateway* gateway = nullptr;
    SessionStore* sessions = nullptr;
    Attempts* failures = nullptr;
  };

  explicit SessionRoutes(const Rooms& rooms) : rooms_(rooms) {}

  void Serve(Exchange& exchange) const;

 private:
  HttpAnswer SignIn(Exchange& exchange) const;
  HttpAnswer SignOut(const HttpRequest& request) const;
  HttpAnswer Tell(const HttpRequest& request) const;
  absl::StatusOr<v1::WhoAmIReply> WhoIs(const WebCaller& caller) const;

  const Rooms rooms_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_SESSION_ROUTES_H_
