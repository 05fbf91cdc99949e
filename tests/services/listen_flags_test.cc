#include "services/listen_flags.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/secure_server.h"
#include "tests/support/paths.h"

ABSL_DECLARE_FLAG(std::string, listen);
ABSL_DECLARE_FLAG(std::string, tls_certificate);
ABSL_DECLARE_FLAG(std::string, tls_key);
ABSL_DECLARE_FLAG(std::string, client_ca);
ABSL_DECLARE_FLAG(bool, require_client_certificate);
ABSL_DECLARE_FLAG(bool, require_sign_in);
ABSL_DECLARE_FLAG(bool, insecure_public);
ABSL_DECLARE_FLAG(std::string, metrics_address);

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ListenFlagsTest : public testing::Test {
 protected:
  std::string Refused() {
    ServerOptions options;
    const absl::Status status = ReadListenFlags(options);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  }
  static void SetTls() {
    absl::SetFlag(&FLAGS_tls_certificate, "server.crt");
    absl::SetFlag(&FLAGS_tls_key, "server.key");
  }

  const absl::FlagSaver saver_;
};

TEST_F(ListenFlagsTest, ThePlainPortIsThisMachinesUnlessToldOtherwise) {
  ServerOptions options;
  ASSERT_TRUE(ReadListenFlags(options).ok());
  EXPECT_EQ(options.listen_address, "127.0.0.1:7300");
  EXPECT_FALSE(options.tls.has_value());
  EXPECT_FALSE(options.require_sign_in);
  absl::SetFlag(&FLAGS_listen, "0.0.0.0:7300");
  EXPECT_THAT(Refused(), StartsWith("--listen"));
  absl::SetFlag(&FLAGS_require_sign_in, true);
  EXPECT_THAT(Refused(), HasSubstr("plain text"));
  absl::SetFlag(&FLAGS_insecure_public, true);
  EXPECT_TRUE(ReadListenFlags(options).ok());
  EXPECT_TRUE(options.require_sign_in);
}

TEST_F(ListenFlagsTest, APortWithTlsMayBePublicAndMetricsMayNot) {
  absl::SetFlag(&FLAGS_listen, "0.0.0.0:7300");
  SetTls();
  ServerOptions options;
  ASSERT_TRUE(ReadListenFlags(options).ok());
  EXPECT_EQ(options.tls->certificate, "server.crt");
  absl::SetFlag(&FLAGS_metrics_address, "0.0.0.0:9100");
  EXPECT_THAT(Refused(), StartsWith("--metrics_address"));
}

TEST_F(ListenFlagsTest, FlagsOfTlsThatDoNotFitTogetherAreNamed) {
  absl::SetFlag(&FLAGS_tls_certificate, "server.crt");
  EXPECT_THAT(Refused(), StartsWith("--tls_key"));
  absl::SetFlag(&FLAGS_tls_certificate, "");
  absl::SetFlag(&FLAGS_tls_key, "server.key");
  EXPECT_THAT(Refused(), StartsWith("--tls_certificate"));
  absl::SetFlag(&FLAGS_tls_key, "");
  absl::SetFlag(&FLAGS_client_ca, "ca.crt");
  EXPECT_THAT(Refused(), StartsWith("--tls_certificate"));
  SetTls();
  absl::SetFlag(&FLAGS_client_ca, "");
  absl::SetFlag(&FLAGS_require_client_certificate, true);
  EXPECT_THAT(Refused(), StartsWith("--client_ca"));
}

TEST_F(ListenFlagsTest, FilesThatCannotBeUsedAreNamedAtTheStart) {
  SecureServer good;
  const std::string& directory = good.certificates();
  const auto started = [](const TlsOptions& tls) {
    ServerOptions options;
    options.data_directory = MakeTempDirectory();
    options.listen_address = "127.0.0.1:0";
    options.tls = tls;
    return Server::Start(options).status();
  };
  const TlsOptions tls = {.certificate = directory + "/server.crt",
                          .key = directory + "/server.key",
                          .client_ca = directory + "/ca.crt",
                          .require_client_certificate = false};
  EXPECT_TRUE(started(tls).ok());
  for (const auto& [member, file] :
       std::vector<std::pair<std::string TlsOptions::*, std::string>>{
           {&TlsOptions::certificate, "/none.crt"},
           {&TlsOptions::certificate, "/server.key"},
           {&TlsOptions::key, "/none.key"},
           {&TlsOptions::key, "/admin.key"},
           {&TlsOptions::key, "/server.crt"},
           {&TlsOptions::client_ca, "/none.crt"},
           {&TlsOptions::client_ca, "/ca.key"}}) {
    TlsOptions bad = tls;
    bad.*member = directory + file;
    const absl::Status status = started(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(directory + file));
  }
}

// The first line of the answer to a GET, with "name:password" if there is one.
std::string Get(int port, const std::string& user) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address),
                    sizeof(address)),
            0);
  std::string request = "GET /metrics HTTP/1.0\r\n";
  if (!user.empty()) {
    absl::StrAppend(&request, "Authorization: Basic ", absl::Base64Escape(user),
                    "\r\n");
  }
  absl::StrAppend(&request, "\r\n");
  EXPECT_EQ(write(connection, request.data(), request.size()),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  ssize_t n = 0;
  while ((n = read(connection, buffer, sizeof(buffer))) > 0) {
    answer.append(buffer, n);
  }
  close(connection);
  return answer.substr(0, answer.find('\r'));
}

TEST_F(ListenFlagsTest, MetricsAreReadWithATokenAsThePassword) {
  SecureServer server;
  absl::SetFlag(&FLAGS_metrics_address, "127.0.0.1:0");
  const auto exposer =
      ExposeMetrics(server.server(), std::make_shared<Metrics>());
  ASSERT_TRUE(exposer.ok()) << exposer.status();
  const int port = (*exposer)->GetListeningPorts().at(0);
  const auto with = [&](CallerRole role) {
    return Get(port,
               "prometheus:" + server.NewToken(SecureServer::Somebody(role)));
  };
  EXPECT_THAT(with(CallerRole::kAuditor), HasSubstr("200"));
  EXPECT_THAT(with(CallerRole::kAdmin), HasSubstr("200"));
  EXPECT_THAT(with(CallerRole::kPlatform), HasSubstr("401"));
  EXPECT_THAT(with(CallerRole::kReviewer), HasSubstr("401"));
  EXPECT_THAT(with(CallerRole::kRegulator), HasSubstr("401"));
  EXPECT_THAT(Get(port, "prometheus:lc_made_up"), HasSubstr("401"));
  EXPECT_THAT(Get(port, "prometheus:"), HasSubstr("401"));
  EXPECT_THAT(Get(port, ""), HasSubstr("401"));
}

TEST_F(ListenFlagsTest, MetricsNeedNoTokenWhereNobodyMustSignIn) {
  ServerOptions options;
  options.data_directory = MakeTempDirectory();
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  absl::SetFlag(&FLAGS_metrics_address, "127.0.0.1:0");
  const auto exposer = ExposeMetrics(**server, std::make_shared<Metrics>());
  ASSERT_TRUE(exposer.ok()) << exposer.status();
  EXPECT_THAT(Get((*exposer)->GetListeningPorts().at(0), ""), HasSubstr("200"));
}

}  // namespace
}  // namespace lenscap
