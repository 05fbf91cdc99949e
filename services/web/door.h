#ifndef LENSCAP_SERVICES_WEB_DOOR_H_
#define LENSCAP_SERVICES_WEB_DOOR_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/web/http.h"
#include "services/web/session_store.h"
#include "services/web/web_caller.h"

namespace lenscap {

inline constexpr char kCsrfHeader[] = "X-Lenscap-Csrf";

// Says on whose behalf a request over HTTP is made. A token counts alone, as
// over gRPC; then a session's cookie; then, where the server lets in whoever
// reaches it, nothing at all. What a browser sends by itself, a cookie or
// nothing, is no proof that its user meant it: such a request must bring the
// CSRF token, and must not come from another site's page. Thread-safe.
class Door {
 public:
  struct Options {
    // Nobody is the machine's own user.
    bool require_sign_in = true;
    // Names and addresses, without ports, that the server is known by beside
    // those of loopback.
    std::vector<std::string> hosts;
    SessionStore* sessions = nullptr;  // Must outlive the door.
  };

  explicit Door(Options options)
      : options_(std::move(options)), local_csrf_(NewWebSecret()) {}

  bool requires_sign_in() const { return options_.require_sign_in; }

  // Refuses requests that were sent to another name, 421 over HTTP: a page of
  // that name would be taken for the server's own.
  absl::Status CheckHost(const HttpRequest& request) const;
  // PERMISSION_DENIED where a browser says that another site's page asks.
  absl::Status CheckSite(const HttpRequest& request) const;

  // Whoever asks for something to be done. UNAUTHENTICATED for nobody,
  // PERMISSION_DENIED without the CSRF token where one is needed.
  absl::StatusOr<WebCaller> Admit(const HttpRequest& request) const;

  // The session that a request rides on, used now; none without.
  struct Riding {
    std::string id;
    SessionStore::Session session;
  };
  std::optional<Riding> SessionOf(const HttpRequest& request) const;
  // The value of Set-Cookie that hands the id out, or takes it back with "".
  std::string CookieOf(const HttpRequest& request, absl::string_view id) const;

  // Of who holds this token, which must not be empty.
  absl::StatusOr<WebCaller> HolderOf(absl::string_view token) const;
  // The machine's own user. UNAUTHENTICATED where callers must sign in.
  absl::StatusOr<WebCaller> Local() const;
  const std::string& local_csrf() const { return local_csrf_; }

 private:
  absl::Status CheckCsrf(const HttpRequest& request,
                         absl::string_view expected) const;

  const Options options_;
  const std::string local_csrf_;  // Of this process.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_DOOR_H_
