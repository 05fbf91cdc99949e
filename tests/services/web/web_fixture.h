#ifndef LENSCAP_TESTS_SERVICES_WEB_WEB_FIXTURE_H_
#define LENSCAP_TESTS_SERVICES_WEB_WEB_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/server.h"
#include "services/web/web_server.h"
#include "tests/services/client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_client.h"

namespace lenscap {

// A real server without a port of its own, and its web server in plain text on
// loopback.
class WebFixture {
 public:
  explicit WebFixture(bool require_sign_in, WebServer::Options options = {},
                      std::set<Role> roles = ServerOptions().roles);

  Server& server() { return *server_; }
  WebServer& web() { return *web_; }
  FakeClock& clock() { return clock_; }
  int port() const { return web_->port(); }
  ChannelPtr Local() { return server_->InProcessChannel(); }

  // The secret of a new token of this role.
  std::string NewToken(CallerRole role, const std::string& name = "ann");
  // What ends all tokens of this name.
  void RevokeTokensOf(const std::string& name);

  // POST of JSON with these headers beside its type.
  HttpReply Post(const std::string& path, const std::string& json,
                 std::vector<std::string> headers = {});
  // The same, by the holder of a token.
  HttpReply PostAs(const std::string& token, const std::string& path,
                   const std::string& json);
  HttpReply Get(const std::string& path, std::vector<std::string> headers = {});

  // The headers by which a browser that has signed in asks for something:
  // "Cookie: ..." and "X-Lenscap-Csrf: ...". Empty where it cannot.
  std::vector<std::string> SignIn(const std::string& token);

 private:
  FakeClock clock_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<WebServer> web_;
};

// A string of a JSON object at the top; "" where it has none of that name.
std::string JsonText(const std::string& json, const std::string& name);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_WEB_WEB_FIXTURE_H_
