// Whoever calls a method over HTTP is answered as over gRPC: every method, as
// every role, and as nobody.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/permissions.h"
#include "services/web/api_services.h"
#include "services/web/http_status.h"
#include "services/web/web_server.h"
#include "tests/services/client.h"
#include "tests/services/secure_server.h"
#include "tests/support/http_client.h"

namespace lenscap {
namespace {

using google::protobuf::MethodDescriptor;

class WebAccessTest : public testing::Test {
 protected:
  WebAccessTest() {
    WebServer::Options options;
    options.http.address = "127.0.0.1:0";
    options.sessions.clock = &server_.clock();
    auto web = WebServer::Start(&server_.server(), std::move(options));
    EXPECT_TRUE(web.ok()) << web.status();
    web_ = *std::move(web);
  }

  template <typename Visit>
  static void ForEachMethod(const Visit& visit) {
    for (const auto* service : ApiServices()) {
      for (int i = 0; i < service->method_count(); ++i) {
        visit(*service->method(i));
      }
    }
  }
  // What an empty message is answered.
  HttpReply Answer(const MethodDescriptor& method,
                   std::vector<std::string> headers) {
    headers.push_back(method.client_streaming()
                          ? "Content-Type: application/x-ndjson"
                          : "Content-Type: application/json");
    HttpConnection connection(web_->port());
    connection.Send(RequestText(
        {.path = PathOf(method), .headers = std::move(headers), .body = "{}"}));
    return connection.ReadHead();
  }
  // Of what the server does not offer gRPC says so to everybody with a token.
  void ExpectNobody(const std::vector<std::string>& headers) {
    const bool token = !headers.empty() &&
                       absl::StartsWith(headers[0], "Authorization: Bearer l");
    ForEachMethod([&](const MethodDescriptor& method) {
      const bool offered = !token || Offers(method);
      EXPECT_EQ(Answer(method, headers).status, offered ? 401 : 501)
          << method.full_name();
    });
  }
  bool Offers(const MethodDescriptor& method) {
    return !absl::IsUnimplemented(
        CallRaw(server_.Nobody(),
                absl::StrCat("/", method.service()->full_name(), "/",
                             method.name()),
                "")
            .status());
  }

  SecureServer server_;
  std::unique_ptr<WebServer> web_;
};

TEST_F(WebAccessTest, EveryRoleIsAnsweredAsOverGrpc) {
  for (const CallerRole role : kCallerRoles) {
    const std::string token = server_.NewToken(SecureServer::Somebody(role));
    const ChannelPtr channel = server_.WithToken(token);
    ForEachMethod([&](const MethodDescriptor& method) {
      const std::string what =
          absl::StrCat(RoleName(role), " ", method.full_name());
      if (method.name() == "Watch" && MayUse(role, method.full_name())) {
        // It goes on until the caller leaves: over gRPC there is no status.
        const HttpReply begun =
            Answer(method, {absl::StrCat("Authorization: Bearer ", token)});
        EXPECT_EQ(begun.status, 200) << what;
        return;
      }
      const absl::Status grpc =
          CallRaw(channel,
                  absl::StrCat("/", method.service()->full_name(), "/",
                               method.name()),
                  "")
              .status();
      const HttpReply http =
          Answer(method, {absl::StrCat("Authorization: Bearer ", token)});
      EXPECT_EQ(http.status, HttpStatusOf(grpc.code())) << what << grpc;
      if (!grpc.ok() && !absl::IsUnimplemented(grpc)) {
        const auto error = nlohmann::json::parse(http.body)["error"];
        EXPECT_EQ(error["message"], std::string(grpc.message())) << what;
        EXPECT_EQ(error["code"], absl::StatusCodeToString(grpc.code())) << what;
      }
      if (!absl::IsUnimplemented(grpc)) {
        EXPECT_EQ(http.status == 403, !MayUse(role, method.full_name()))
            << what;
      }
    });
  }
}

TEST_F(WebAccessTest, NobodyMayAnythingWhateverTheySendInstead) {
  ExpectNobody({});
  ExpectNobody({"X-Lenscap-Csrf: x"});
  ExpectNobody({"Cookie: lenscap-session=x", "X-Lenscap-Csrf: x"});
  ExpectNobody({"Authorization: "});
  ExpectNobody({"Authorization: Bearer "});
  ExpectNobody(
      {absl::StrCat("Authorization: Bearer lc_", std::string(43, 'A'))});
}

TEST_F(WebAccessTest, AnExpiredTokenIsNobodys) {
  const std::string token = server_.NewToken(
      SecureServer::Somebody(CallerRole::kAdmin), absl::Minutes(1));
  server_.clock().Advance(absl::Minutes(1));
  ExpectNobody({absl::StrCat("Authorization: Bearer ", token)});
}

}  // namespace
}  // namespace lenscap
