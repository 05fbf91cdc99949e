#include "services/web/door.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

class DoorTest : public testing::Test {
 protected:
  static HttpRequest Request(HttpHeaders headers,
                             const std::string& method = "POST") {
    HttpRequest request;
    request.method = method;
    request.headers = std::move(headers);
    return request;
  }
  Door Make(bool require_sign_in) {
    return Door({.require_sign_in = require_sign_in,
                 .hosts = {"lenscap.example"},
                 .sessions = &sessions_});
  }
  static absl::StatusCode Code(const absl::StatusOr<WebCaller>& caller) {
    return caller.status().code();
  }

  SessionStore sessions_{{}};
};

constexpr auto kOk = absl::StatusCode::kOk;
constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

TEST_F(DoorTest, ATokenCountsAloneWhateverElseComes) {
  const Door door = Make(false);
  const std::string id = sessions_.Open("lc_session");
  const auto caller =
      door.Admit(Request({{"authorization", "Bearer lc_token"},
                          {"cookie", absl::StrCat("lenscap-session=", id)}}));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->token(), "lc_token");
  EXPECT_EQ(caller->session(), "");
}

TEST_F(DoorTest, WhatIsNoTokenIsRefusedAndNothingElseIsTried) {
  const Door door = Make(false);
  for (const char* bad :
       {"", "Bearer", "Bearer ", "Basic bGVuc2NhcDo=", "lc_token", "Bearer a b",
        "Bearer a\tb", "Bearer \xc3\xa9", "Bearer a\r\nb"}) {
    EXPECT_EQ(Code(door.Admit(Request(
                  {{"Authorization", bad}, {kCsrfHeader, door.local_csrf()}}))),
              kUnauthenticated)
        << bad;
  }
  EXPECT_EQ(Code(door.Admit(Request({{"Authorization", "Bearer lc_one"},
                                     {"Authorization", "Bearer lc_two"}}))),
            kUnauthenticated);
  EXPECT_EQ(Code(door.Admit(Request(
                {{"Authorization", "Bearer " + std::string(257, 'a')}}))),
            kUnauthenticated);
}

TEST_F(DoorTest, WithoutACredentialNobodyIsLetInWhereSignInIsRequired) {
  const Door door = Make(true);
  for (const HttpHeaders& headers :
       {HttpHeaders{}, HttpHeaders{{kCsrfHeader, door.local_csrf()}},
        HttpHeaders{{kCsrfHeader, ""}},
        HttpHeaders{{"Cookie", "lenscap-session="}},
        HttpHeaders{{"Cookie", "lenscap-session=forged"}}}) {
    EXPECT_EQ(Code(door.Admit(Request(headers))), kUnauthenticated);
  }
  EXPECT_EQ(door.Local().status().code(), kUnauthenticated);
  EXPECT_EQ(door.HolderOf("").status().code(), kUnauthenticated);
}

TEST_F(DoorTest, TheMachinesOwnUserNeedsTheTokenOfTheProcess) {
  const Door door = Make(false);
  const auto caller = door.Admit(Request({{kCsrfHeader, door.local_csrf()}}));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->token(), "");
  EXPECT_EQ(Code(door.Admit(Request({}))), kDenied);
  EXPECT_EQ(
      Code(door.Admit(Request({{kCsrfHeader, Make(false).local_csrf()}}))),
      kDenied)
      << "of another process";
  EXPECT_EQ(Code(door.Admit(Request({{kCsrfHeader, door.local_csrf()},
                                     {kCsrfHeader, door.local_csrf()}}))),
            kDenied);
}

TEST_F(DoorTest, ASessionNeedsItsOwnCsrfToken) {
  const Door door = Make(true);
  const std::string ada = sessions_.Open("lc_ada");
  const std::string ben = sessions_.Open("lc_ben");
  const std::string cookie = absl::StrCat("a=b; lenscap-session=", ada, "; c");
  const std::string csrf = sessions_.Use(ada)->csrf;
  const auto caller =
      door.Admit(Request({{"Cookie", cookie}, {kCsrfHeader, csrf}}));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->token(), "lc_ada");
  EXPECT_EQ(caller->session(), ada);
  EXPECT_EQ(Code(door.Admit(Request({{"Cookie", cookie}}))), kDenied);
  EXPECT_EQ(
      Code(door.Admit(Request(
          {{"Cookie", cookie}, {kCsrfHeader, sessions_.Use(ben)->csrf}}))),
      kDenied);
  EXPECT_EQ(Code(door.Admit(Request(
                {{"Cookie", cookie}, {kCsrfHeader, door.local_csrf()}}))),
            kDenied);
  EXPECT_EQ(Code(door.Admit(Request({{"Cookie", cookie}}, "GET"))), kOk);
}

TEST_F(DoorTest, TwoSessionsInOneRequestAreNone) {
  const Door door = Make(true);
  const std::string ada = sessions_.Open("lc_ada");
  EXPECT_FALSE(
      door.SessionOf(
              Request({{"Cookie", "lenscap-session=x"},
                       {"Cookie", absl::StrCat("lenscap-session=", ada)}}))
          .has_value());
}

TEST_F(DoorTest, OverTlsTheCookieIsTheHostsOwn) {
  const Door door = Make(true);
  const std::string id = sessions_.Open("lc_ada");
  HttpRequest request =
      Request({{"Cookie", absl::StrCat("lenscap-session=", id)}});
  EXPECT_TRUE(door.SessionOf(request).has_value());
  request.tls = true;
  EXPECT_FALSE(door.SessionOf(request).has_value());
  const std::string cookie = door.CookieOf(request, id);
  for (const char* part : {"__Host-lenscap-session=", "; Path=/", "; HttpOnly",
                           "; SameSite=Strict", "; Secure"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
  EXPECT_THAT(door.CookieOf(request, ""), HasSubstr("; Max-Age=0"));
}

TEST_F(DoorTest, ThePageOfAnotherSiteIsRefusedWithAnyToken) {
  const Door door = Make(false);
  const auto code = [&](HttpHeaders headers) {
    headers.emplace_back("Host", "localhost:7380");
    headers.emplace_back(kCsrfHeader, door.local_csrf());
    return Code(door.Admit(Request(headers)));
  };
  EXPECT_EQ(code({{"Origin", "http://localhost:7380"}}), kOk);
  EXPECT_EQ(code({{"Origin", "https://localhost:7380"}}), kOk);
  EXPECT_EQ(code({{"Sec-Fetch-Site", "same-origin"}}), kOk);
  EXPECT_EQ(code({{"Sec-Fetch-Site", "none"}}), kOk);
  EXPECT_EQ(code({{"Origin", "http://localhost:8000"}}), kDenied);
  EXPECT_EQ(code({{"Origin", "http://localhost:7380.evil.example"}}), kDenied);
  EXPECT_EQ(code({{"Origin", "null"}}), kDenied);
  EXPECT_EQ(code({{"Origin", ""}}), kDenied);
  EXPECT_EQ(code({{"Sec-Fetch-Site", "same-site"}}), kDenied);
  EXPECT_EQ(code({{"Sec-Fetch-Site", "cross-site"}}), kDenied);
}

TEST_F(DoorTest, OnlyNamesThatItIsKnownByAreAnswered) {
  const Door door = Make(true);
  for (const char* host :
       {"localhost", "LOCALHOST:7380", "127.0.0.1:1", "[::1]:7380", "[::1]",
        "lenscap.example", "Lenscap.Example:443", "lenscap.example."}) {
    EXPECT_TRUE(door.CheckHost(Request({{"Host", host}})).ok()) << host;
  }
  for (const char* host :
       {"", "evil.example", "lenscap.example.evil.example", "127.0.0.2",
        "evil.example:localhost", "localhost@evil.example", "::1", "[::2]"}) {
    EXPECT_FALSE(door.CheckHost(Request({{"Host", host}})).ok()) << host;
  }
  EXPECT_FALSE(door.CheckHost(Request({})).ok());
  EXPECT_FALSE(
      door.CheckHost(Request({{"Host", "localhost"}, {"Host", "localhost"}}))
          .ok());
}

}  // namespace
}  // namespace lenscap
