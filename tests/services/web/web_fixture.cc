#include "tests/services/web/web_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proto/lenscap/v1/access.grpc.pb.h"
#include "tests/support/paths.h"

namespace lenscap {

WebFixture::WebFixture(bool require_sign_in, WebServer::Options options,
                       std::set<Role> roles) {
  ServerOptions server;
  server.data_directory = MakeTempDirectory();
  server.require_sign_in = require_sign_in;
  server.scan_workers = 1;
  server.roles = std::move(roles);
  server.clock = &clock_;
  auto started = Server::Start(std::move(server));
  EXPECT_TRUE(started.ok()) << started.status();
  server_ = *std::move(started);
  options.http.address = "127.0.0.1:0";
  options.sessions.clock = &clock_;
  auto web = WebServer::Start(server_.get(), std::move(options));
  EXPECT_TRUE(web.ok()) << web.status();
  web_ = *std::move(web);
}

std::string WebFixture::NewToken(CallerRole role, const std::string& name) {
  v1::CreateTokenRequest request;
  request.mutable_identity()->set_role(static_cast<v1::CallerRole>(role));
  request.mutable_identity()->set_name(name);
  if (role == CallerRole::kRegulator) {
    request.mutable_identity()->set_issuer("hotline");
  }
  const auto access = v1::AccessService::NewStub(Local());
  const auto reply =
      Call(access.get(), &v1::AccessService::Stub::CreateToken, request);
  EXPECT_TRUE(reply.ok()) << reply.status();
  return reply.ok() ? reply->secret() : "";
}

void WebFixture::RevokeTokensOf(const std::string& name) {
  const auto access = v1::AccessService::NewStub(Local());
  const auto tokens =
      Call(access.get(), &v1::AccessService::Stub::ListTokens, {});
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  for (const v1::AccessToken& token : tokens->tokens()) {
    if (token.identity().name() != name) continue;
    v1::RevokeTokenRequest request;
    request.set_token_id(token.token_id());
    request.set_reason("left");
    EXPECT_TRUE(
        Call(access.get(), &v1::AccessService::Stub::RevokeToken, request)
            .ok());
  }
}

HttpReply WebFixture::Post(const std::string& path, const std::string& json,
                           std::vector<std::string> headers) {
  headers.push_back("Content-Type: application/json");
  return Ask(port(),
             {.path = path, .headers = std::move(headers), .body = json});
}

HttpReply WebFixture::PostAs(const std::string& token, const std::string& path,
                             const std::string& json) {
  return Post(path, json, {absl::StrCat("Authorization: Bearer ", token)});
}

HttpReply WebFixture::Get(const std::string& path,
                          std::vector<std::string> headers) {
  return Ask(port(), {.path = path, .headers = std::move(headers)});
}

std::vector<std::string> WebFixture::SignIn(const std::string& token) {
  const HttpReply reply =
      Post("/session", absl::StrCat("{\"token\":\"", token, "\"}"));
  if (reply.status != 200) return {};
  const std::string cookie = reply.Header("Set-Cookie");
  return {absl::StrCat("Cookie: ", cookie.substr(0, cookie.find(';'))),
          absl::StrCat("X-Lenscap-Csrf: ", JsonText(reply.body, "csrfToken"))};
}

std::string JsonText(const std::string& json, const std::string& name) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object() || !parsed.contains(name)) return "";
  return parsed[name].is_string() ? parsed[name].get<std::string>() : "";
}

}  // namespace lenscap
