// HTTP over TLS: with the server's certificate, and with a newer one.

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "httplib.h"
#include "services/cli/certificates.h"
#include "services/web/web_server.h"
#include "tests/services/secure_server.h"
#include "tests/support/http_client.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

class WebTlsTest : public testing::Test {
 protected:
  std::unique_ptr<WebServer> Start(bool require_client_certificate) {
    const std::string& directory = server_.certificates();
    WebServer::Options options;
    options.http.address = "127.0.0.1:0";
    options.http.tls = {
        .certificate = directory + "/server.crt",
        .key = directory + "/server.key",
        .client_ca = directory + "/ca.crt",
        .require_client_certificate = require_client_certificate};
    options.hosts = {"scans.example"};
    options.sessions.clock = &server_.clock();
    auto web = WebServer::Start(&server_.server(), std::move(options));
    EXPECT_TRUE(web.ok()) << web.status();
    return *std::move(web);
  }
  std::unique_ptr<httplib::SSLClient> Client(const WebServer& web,
                                             bool certificate = false) {
    const std::string& directory = server_.certificates();
    auto client = std::make_unique<httplib::SSLClient>(
        "127.0.0.1", web.port(), certificate ? directory + "/admin.crt" : "",
        certificate ? directory + "/admin.key" : "");
    client->set_ca_cert_path((directory + "/ca.crt").c_str());
    client->enable_server_certificate_verification(true);
    return client;
  }

  SecureServer server_;
};

TEST_F(WebTlsTest, ABrowserSignsInAndItsCookieIsTheHostsOwn) {
  const auto web = Start(false);
  const auto client = Client(*web);
  const std::string token =
      server_.NewToken(SecureServer::Somebody(CallerRole::kReviewer));
  const auto signed_in =
      client->Post("/session", absl::StrCat("{\"token\":\"", token, "\"}"),
                   "application/json");
  ASSERT_TRUE(signed_in) << httplib::to_string(signed_in.error());
  EXPECT_EQ(signed_in->status, 200);
  const std::string cookie = signed_in->get_header_value("Set-Cookie");
  EXPECT_THAT(cookie, HasSubstr("__Host-lenscap-session="));
  EXPECT_THAT(cookie, HasSubstr("; Secure"));
  EXPECT_THAT(signed_in->get_header_value("Strict-Transport-Security"),
              HasSubstr("max-age="));
  const auto told =
      client->Get("/session", {{"Cookie", cookie.substr(0, cookie.find(';'))}});
  ASSERT_TRUE(told);
  EXPECT_THAT(told->body, HasSubstr("\"signedIn\":true"));
  // Large bodies both ways.
  const auto large = client->Post(
      "/v1/TakedownService/Stats", {{"Authorization", "Bearer " + token}},
      std::string(3 << 20, ' ') + "{}", "application/json");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->status, 200);
}

TEST_F(WebTlsTest, PlainTextIsNotSpoken) {
  const auto web = Start(false);
  EXPECT_EQ(Ask(web->port(), {.path = "/healthz"}).status, 0);
  const auto client = Client(*web);
  const auto health = client->Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
}

TEST_F(WebTlsTest, WhereAClientCertificateIsRequiredOthersAreNotTalkedTo) {
  const auto web = Start(true);
  const auto without = Client(*web);
  EXPECT_FALSE(without->Get("/healthz"));
  const auto with = Client(*web, true);
  const auto health = with->Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
}

TEST_F(WebTlsTest, FilesThatAreNoCertificateAreNamed) {
  WebServer::Options options;
  options.http.address = "127.0.0.1:0";
  options.http.tls = {.certificate = server_.certificates() + "/server.crt",
                      .key = server_.certificates() + "/admin.key",
                      .client_ca = "",
                      .require_client_certificate = false};
  const auto web = WebServer::Start(&server_.server(), std::move(options));
  EXPECT_TRUE(absl::IsInvalidArgument(web.status()));
  EXPECT_THAT(std::string(web.status().message()), HasSubstr("admin.key"));
}

}  // namespace
}  // namespace lenscap
