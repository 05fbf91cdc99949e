#include "services/admit.h"

#include <grpc/grpc_security_constants.h>

#include "absl/strings/match.h"

namespace lenscap {
namespace {

// gRPC verifies it before it shows it.
std::string CertificateOf(const grpc::CallbackServerContext& context) {
  const auto values = context.auth_context()->FindPropertyValues(
      GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return values.empty() ? "" : std::string(values[0].data(), values[0].size());
}

Credentials CredentialsOf(const grpc::CallbackServerContext& context) {
  Credentials credentials;
  const auto [first, last] =
      context.client_metadata().equal_range("authorization");
  for (auto it = first; it != last; ++it) {
    credentials.authorization.emplace_back(it->second.data(),
                                           it->second.size());
  }
  credentials.certificate = CertificateOf(context);
  // A pair of sockets, which no address leads to; gRPC names it by its
  // descriptor, and whatever it accepts by the address that it came from.
  credentials.in_process = absl::StartsWith(context.peer(), "fd:");
  return credentials;
}

}  // namespace

absl::StatusOr<Caller> Admit(grpc::CallbackServerContext* context,
                             const SignIn* sign_in, const char* method) {
  if (sign_in == nullptr) {
    return absl::PermissionDeniedError("nobody may call this server");
  }
  absl::StatusOr<Caller> caller =
      sign_in->Authorize(CredentialsOf(*context), method);
  if (absl::IsUnauthenticated(caller.status())) {
    context->AddTrailingMetadata("www-authenticate",
                                 "Bearer realm=\"lenscap\"");
  }
  return caller;
}

}  // namespace lenscap
