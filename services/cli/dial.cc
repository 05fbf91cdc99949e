#include "services/cli/dial.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/client_interceptor.h"
#include "services/listen_address.h"

namespace lenscap::cli {
namespace {

// Exported entries and reports of long videos are larger than gRPC's default.
constexpr int kMaxMessageBytes = 64 << 20;
constexpr size_t kMaxFileBytes = 1 << 20;

namespace grpcx = grpc::experimental;

// gRPC's own credentials for a call are not sent in plain text, not even to
// this machine.
class TokenSender final : public grpcx::Interceptor {
 public:
  explicit TokenSender(std::string authorization)
      : authorization_(std::move(authorization)) {}
  void Intercept(grpcx::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpcx::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace("authorization",
                                                 authorization_);
    }
    methods->Proceed();
  }

 private:
  const std::string authorization_;
};

class TokenSenderFactory final
    : public grpcx::ClientInterceptorFactoryInterface {
 public:
  explicit TokenSenderFactory(absl::string_view token)
      : authorization_(absl::StrCat("Bearer ", token)) {}
  grpcx::Interceptor* CreateClientInterceptor(grpcx::ClientRpcInfo*) override {
    return new TokenSender(authorization_);
  }

 private:
  const std::string authorization_;
};

absl::StatusOr<std::string> ReadToken(const Endpoint& endpoint) {
  std::string token = endpoint.token;
  if (!endpoint.token_file.empty()) {
    ASSIGN_OR_RETURN(token, ReadSmallFile(endpoint.token_file, kMaxFileBytes));
  }
  absl::StripAsciiWhitespace(&token);
  for (const char c : token) {
    if (absl::ascii_isgraph(c)) continue;
    return absl::InvalidArgumentError("the token is none: it has spaces");
  }
  if (token.empty() && !endpoint.token_file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(endpoint.token_file, ": there is no token in it"));
  }
  return token;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(
    const Endpoint& endpoint) {
  if (endpoint.tls_ca.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions tls;
  ASSIGN_OR_RETURN(tls.pem_root_certs,
                   ReadSmallFile(endpoint.tls_ca, kMaxFileBytes));
  if (!endpoint.tls_certificate.empty()) {
    ASSIGN_OR_RETURN(tls.pem_cert_chain,
                     ReadSmallFile(endpoint.tls_certificate, kMaxFileBytes));
    ASSIGN_OR_RETURN(tls.pem_private_key,
                     ReadSmallFile(endpoint.tls_key, kMaxFileBytes));
  }
  return grpc::SslCredentials(tls);
}

bool OnThisMachine(const std::string& server) {
  return absl::StartsWith(server, "unix:") || IsLoopbackAddress(server);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> Dial(const Endpoint& endpoint) {
  ASSIGN_OR_RETURN(const std::string token, ReadToken(endpoint));
  if (!token.empty() && endpoint.tls_ca.empty() &&
      !OnThisMachine(endpoint.server)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a token is not sent to ", endpoint.server,
        " in plain text: name the authority of its certificate by --tls-ca"));
  }
  ASSIGN_OR_RETURN(const auto credentials, Credentials(endpoint));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  std::vector<std::unique_ptr<grpcx::ClientInterceptorFactoryInterface>>
      interceptors;
  if (!token.empty()) {
    interceptors.push_back(std::make_unique<TokenSenderFactory>(token));
  }
  return grpcx::CreateCustomChannelWithInterceptors(
      endpoint.server, credentials, arguments, std::move(interceptors));
}

}  // namespace lenscap::cli
