// Browsers sign in, go on and sign out; forged, stolen and ended sessions.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/web/web_fixture.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kStats[] = "/v1/TakedownService/Stats";
constexpr char kWhoAmI[] = "/v1/AccessService/WhoAmI";

class SessionTest : public testing::Test {
 protected:
  int StatusWith(const std::vector<std::string>& headers) {
    return web_.Post(kStats, "{}", headers).status;
  }

  WebFixture web_{/*require_sign_in=*/true};
  const std::string ada_ = web_.NewToken(CallerRole::kReviewer, "ada");
};

TEST_F(SessionTest, AReviewerSignsInWorksAndSignsOut) {
  EXPECT_EQ(web_.Get("/session").body,
            "{\"local\":false,\"signInRequired\":true,\"signedIn\":false}");
  const auto headers = web_.SignIn(ada_);
  ASSERT_EQ(headers.size(), 2u);
  const HttpReply told = web_.Get("/session", {headers[0]});
  EXPECT_THAT(told.body, HasSubstr("\"signedIn\":true"));
  EXPECT_THAT(told.body, HasSubstr("\"name\":\"ada\""));
  EXPECT_THAT(told.body, HasSubstr("CALLER_ROLE_REVIEWER"));
  EXPECT_EQ(StatusWith(headers), 200);
  EXPECT_THAT(web_.Post(kWhoAmI, "{}", headers).body, HasSubstr("ada"));
  // What the role may not do it may not do here either.
  EXPECT_EQ(web_.Post("/v1/AccessService/ListTokens", "{}", headers).status,
            403);
  const HttpReply out =
      Ask(web_.port(),
          {.path = "/session", .headers = headers, .method = "DELETE"});
  EXPECT_EQ(out.status, 200);
  EXPECT_THAT(out.Header("Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(StatusWith(headers), 401);
}

TEST_F(SessionTest, TheCookieIsForTheServerAlone) {
  const HttpReply reply =
      web_.Post("/session", absl::StrCat("{\"token\":\"", ada_, "\"}"));
  const std::string cookie = reply.Header("Set-Cookie");
  EXPECT_THAT(cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(cookie, HasSubstr("SameSite=Strict"));
  EXPECT_THAT(cookie, Not(HasSubstr(ada_)));
  EXPECT_THAT(reply.body, Not(HasSubstr(ada_)));
  EXPECT_EQ(reply.Header("Cache-Control"), "no-store");
}

TEST_F(SessionTest, ForgedSessionsAreNobodys) {
  const auto headers = web_.SignIn(ada_);
  for (const std::string& cookie :
       {std::string("lenscap-session="), std::string("lenscap-session=x"),
        "lenscap-session=" + std::string(43, 'A'),
        absl::StrCat(headers[0].substr(8), "A"),
        absl::StrCat("lenscap-session=", ada_)}) {
    EXPECT_EQ(StatusWith({absl::StrCat("Cookie: ", cookie), headers[1]}), 401)
        << cookie;
  }
}

TEST_F(SessionTest, ACookieAloneChangesNothing) {
  const auto headers = web_.SignIn(ada_);
  EXPECT_EQ(StatusWith({headers[0]}), 403);
  EXPECT_EQ(StatusWith({headers[0], "X-Lenscap-Csrf: x"}), 403);
  EXPECT_EQ(StatusWith({headers[0], web_.SignIn(ada_)[1]}), 403)
      << "of another session of the same person";
  EXPECT_EQ(
      Ask(web_.port(),
          {.path = "/session", .headers = {headers[0]}, .method = "DELETE"})
          .status,
      403);
  EXPECT_EQ(StatusWith(headers), 200);
}

TEST_F(SessionTest, ThePageOfAnotherSiteCannotUseOrOpenASession) {
  auto headers = web_.SignIn(ada_);
  headers.push_back("Origin: https://evil.example");
  EXPECT_EQ(StatusWith(headers), 403);
  const std::string token = absl::StrCat("{\"token\":\"", ada_, "\"}");
  EXPECT_EQ(
      web_.Post("/session", token, {"Origin: http://evil.example"}).status,
      403);
  EXPECT_EQ(web_.Post("/session", token, {"Sec-Fetch-Site: cross-site"}).status,
            403);
  EXPECT_EQ(web_.Get("/session", {"Sec-Fetch-Site: cross-site"}).status, 403);
  // A form of another site can send no JSON.
  EXPECT_EQ(Ask(web_.port(), {.path = "/session",
                              .headers = {"Content-Type: text/plain"},
                              .body = token})
                .status,
            415);
}

TEST_F(SessionTest, ARevokedTokenEndsItsSessionsAtOnce) {
  const auto headers = web_.SignIn(ada_);
  EXPECT_EQ(StatusWith(headers), 200);
  web_.RevokeTokensOf("ada");
  EXPECT_EQ(StatusWith(headers), 401);
  EXPECT_THAT(web_.Get("/session", {headers[0]}).body,
              HasSubstr("\"signedIn\":false"));
}

TEST_F(SessionTest, AnExpiredTokenEndsItsSessions) {
  const auto headers = web_.SignIn(ada_);
  web_.clock().Advance(absl::Hours(24 * 91));
  EXPECT_EQ(StatusWith(headers), 401);
}

TEST_F(SessionTest, SessionsEndByThemselves) {
  const auto idle = web_.SignIn(ada_);
  web_.clock().Advance(absl::Minutes(59));
  EXPECT_EQ(StatusWith(idle), 200);
  web_.clock().Advance(absl::Minutes(60));
  EXPECT_EQ(StatusWith(idle), 401);
}

TEST_F(SessionTest, ASignInEndsTheSessionThatItReplaces) {
  const auto first = web_.SignIn(ada_);
  const HttpReply again = web_.Post(
      "/session", absl::StrCat("{\"token\":\"", ada_, "\"}"), {first[0]});
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(StatusWith(first), 401);
}

TEST_F(SessionTest, WhatIsNoSignInSaysSo) {
  for (const char* body :
       {"", "x", "[]", "{}", "{\"token\":1}", "null",
        "{\"token\":\"a\",\"more\":1}", "{\"token\":\"a\""}) {
    EXPECT_EQ(Ask(web_.port(), {.path = "/session",
                                .headers = {"Content-Type: application/json"},
                                .body = body,
                                .method = "POST"})
                  .status,
              400)
        << body;
  }
  EXPECT_EQ(web_.Post("/session", std::string(5000, ' ')).status, 413);
  for (const char* token : {"", "lc_made_up", "a b", "\\u0000", "\\r\\nX: y"}) {
    EXPECT_EQ(web_.Post("/session", absl::StrCat("{\"token\":\"", token, "\"}"))
                  .status,
              401)
        << token;
  }
  const HttpReply put = Ask(web_.port(), {.path = "/session", .method = "PUT"});
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.Header("Allow"), "GET, POST, DELETE");
}

TEST(SignInThrottleTest, WhoGuessesTokensHasToWaitAndOthersDoNot) {
  WebServer::Options options;
  options.failed_sign_ins = 5;
  WebFixture web(true, options);
  const std::string ada = web.NewToken(CallerRole::kReviewer);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(web.Post("/session", "{\"token\":\"lc_guess\"}").status, 401);
  }
  const HttpReply reply = web.Post("/session", "{\"token\":\"lc_guess\"}");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Header("Retry-After"), "720");
  EXPECT_TRUE(web.SignIn(ada).empty()) << "from the same address";
  EXPECT_EQ(web.PostAs(ada, kStats, "{}").status, 200);
  web.clock().Advance(absl::Seconds(720));
  EXPECT_FALSE(web.SignIn(ada).empty());
}

// Where nobody has to sign in.
TEST(LocalSessionTest, TheMachinesOwnUserNeedsTheProcesssToken) {
  WebFixture web(false);
  const HttpReply told = web.Get("/session");
  EXPECT_THAT(told.body, HasSubstr("\"local\":true"));
  EXPECT_THAT(told.body, HasSubstr("\"signInRequired\":false"));
  const std::string csrf =
      absl::StrCat("X-Lenscap-Csrf: ", JsonText(told.body, "csrfToken"));
  EXPECT_EQ(web.Post(kStats, "{}").status, 403);
  EXPECT_EQ(web.Post(kStats, "{}", {csrf}).status, 200);
  EXPECT_EQ(
      web.Post(kStats, "{}", {csrf, "Origin: http://evil.example"}).status,
      403);
  EXPECT_EQ(web.Post(kStats, "{}", {csrf, "Host: evil.example"}).status, 421);
  // A session counts there too, and what is left of one from before does not.
  const auto ada = web.SignIn(web.NewToken(CallerRole::kReviewer, "ada"));
  EXPECT_THAT(web.Post(kWhoAmI, "{}", ada).body, HasSubstr("ada"));
  EXPECT_EQ(web.Post(kWhoAmI, "{}", {ada[0], csrf}).status, 403);
  EXPECT_EQ(
      web.Post(kStats, "{}", {"Cookie: lenscap-session=old", csrf}).status,
      200);
}

}  // namespace
}  // namespace lenscap
