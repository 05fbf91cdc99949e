#ifndef LENSCAP_TESTS_SERVICES_SECURE_SERVER_H_
#define LENSCAP_TESTS_SERVICES_SECURE_SERVER_H_

#include <memory>
#include <string>

#include "services/caller.h"
#include "services/cli/endpoint.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/support/fake_clock.h"

namespace lenscap {

// A real server on a port of its own, with TLS, under an authority that
// `lenscap admin certificates` makes. Of each of two tenants,
// "forum" and "shop", a case waits for a decision: "upload-of-" and the name.
class SecureServer {
 public:
  explicit SecureServer(bool require_client_certificate = false);

  Server& server() { return *server_; }
  FakeClock& clock() { return clock_; }
  // Where the certificates are; and those of an authority that nobody knows.
  const std::string& certificates() const { return certificates_; }
  const std::string& stranger() const { return stranger_; }

  // The secret of a new token.
  std::string NewToken(const Caller& caller,
                       absl::Duration valid_for = absl::Hours(24));
  // Somebody of this role, named "ann": a regulator for "hotline", a platform
  // for any tenant.
  static Caller Somebody(CallerRole role);

  // Without a credential, with a token, and with the role's certificate.
  ChannelPtr Nobody() const { return Dial(Place()); }
  ChannelPtr WithToken(const std::string& token) const;
  ChannelPtr WithCertificate(CallerRole role) const;
  ChannelPtr WithCertificateOfStranger(CallerRole role) const;
  ChannelPtr WithCertificateAndToken(CallerRole role,
                                     const std::string& token) const;
  // As the machine's own user.
  ChannelPtr Local() { return server_->InProcessChannel(); }

 private:
  cli::Endpoint Place() const;
  static ChannelPtr Dial(const cli::Endpoint& endpoint);

  FakeClock clock_;
  std::string certificates_;
  std::string stranger_;
  std::unique_ptr<Server> server_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_SECURE_SERVER_H_
