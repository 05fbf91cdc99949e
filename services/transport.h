#ifndef LENSCAP_SERVICES_TRANSPORT_H_
#define LENSCAP_SERVICES_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"

namespace lenscap {

// Files in PEM. They are looked at again every 10 s, so that a certificate is
// renewed without a restart; what cannot be read is left until it can.
struct TlsOptions {
  std::string certificate;  // The server's own, and the chain below its root.
  std::string key;
  // The authority of the clients' certificates, which signs for lenscap alone
  // (services/certificate_caller.h); empty: none is asked for.
  std::string client_ca;
  // A client without a certificate is not talked to.
  bool require_client_certificate = false;
};

// TLS 1.2 or later. A client certificate that comes is verified whether it is
// required or not. INVALID_ARGUMENT, naming the file, for what cannot be read
// or does not fit together now.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(
    const TlsOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TRANSPORT_H_
