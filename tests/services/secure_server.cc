#include "tests/services/secure_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/access.grpc.pb.h"
#include "services/cli/certificates.h"
#include "services/cli/dial.h"
#include "services/proto_time.h"
#include "takedown/local_queue.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

std::string MakeCertificates() {
  const std::string directory = MakeTempDirectory();
  const absl::Status made =
      cli::MakeDevelopmentCertificates({.directory = directory,
                                        .hosts = {"scans.example"},
                                        .issuer = "hotline",
                                        .now = absl::Now()});
  EXPECT_TRUE(made.ok()) << made;
  return directory;
}

void OpenCases(const std::string& data_directory, const Clock* clock) {
  const auto cases =
      OpenLocalQueue({.directory = data_directory + "/cases", .clock = clock});
  ASSERT_TRUE(cases.ok()) << cases.status();
  for (const char* tenant : {"forum", "shop"}) {
    v1::Case opened;
    opened.set_content_id(absl::StrCat("upload-of-", tenant));
    opened.set_tenant(tenant);
    ASSERT_TRUE((*cases)->Submit(opened).ok());
  }
}

}  // namespace

SecureServer::SecureServer(bool require_client_certificate)
    : certificates_(MakeCertificates()), stranger_(MakeCertificates()) {
  ServerOptions options;
  options.data_directory = MakeTempDirectory();
  OpenCases(options.data_directory, &clock_);
  options.listen_address = "127.0.0.1:0";
  options.tls = {.certificate = certificates_ + "/server.crt",
                 .key = certificates_ + "/server.key",
                 .client_ca = certificates_ + "/ca.crt",
                 .require_client_certificate = require_client_certificate};
  options.scan_workers = 1;
  options.clock = &clock_;
  auto server = Server::Start(std::move(options));
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

std::string SecureServer::NewToken(const Caller& caller,
                                   absl::Duration valid_for) {
  v1::CreateTokenRequest request;
  v1::Identity& identity = *request.mutable_identity();
  identity.set_role(static_cast<v1::CallerRole>(caller.role));
  identity.set_name(caller.name);
  identity.set_issuer(caller.issuer);
  identity.set_tenant(caller.tenant);
  identity.set_platform_class(caller.platform_class);
  *request.mutable_valid_for() = ToProto(valid_for);
  const auto access = v1::AccessService::NewStub(Local());
  const auto reply =
      Call(access.get(), &v1::AccessService::Stub::CreateToken, request);
  EXPECT_TRUE(reply.ok()) << reply.status();
  return reply.ok() ? reply->secret() : "";
}

Caller SecureServer::Somebody(CallerRole role) {
  Caller caller;
  caller.name = "ann";
  caller.role = role;
  if (role == CallerRole::kRegulator) caller.issuer = "hotline";
  return caller;
}

ChannelPtr SecureServer::WithToken(const std::string& token) const {
  cli::Endpoint endpoint = Place();
  endpoint.token = token;
  return Dial(endpoint);
}

ChannelPtr SecureServer::WithCertificate(CallerRole role) const {
  return WithCertificateAndToken(role, "");
}

ChannelPtr SecureServer::WithCertificateAndToken(
    CallerRole role, const std::string& token) const {
  cli::Endpoint endpoint = Place();
  endpoint.tls_certificate =
      absl::StrCat(certificates_, "/", RoleName(role), ".crt");
  endpoint.tls_key = absl::StrCat(certificates_, "/", RoleName(role), ".key");
  endpoint.token = token;
  return Dial(endpoint);
}

ChannelPtr SecureServer::WithCertificateOfStranger(CallerRole role) const {
  cli::Endpoint endpoint = Place();
  endpoint.tls_certificate =
      absl::StrCat(stranger_, "/", RoleName(role), ".crt");
  endpoint.tls_key = absl::StrCat(stranger_, "/", RoleName(role), ".key");
  return Dial(endpoint);
}

cli::Endpoint SecureServer::Place() const {
  cli::Endpoint endpoint;
  endpoint.server = absl::StrCat("127.0.0.1:", server_->port());
  endpoint.tls_ca = certificates_ + "/ca.crt";
  return endpoint;
}

ChannelPtr SecureServer::Dial(const cli::Endpoint& endpoint) {
  auto channel = cli::Dial(endpoint);
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *std::move(channel);
}

}  // namespace lenscap
