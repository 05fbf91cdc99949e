// The pages, and calls over HTTP: unary, streams both ways, files.

#include "services/web/web_server.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/services/footage.h"
#include "tests/services/web/web_fixture.h"

namespace lenscap {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class WebServerTest : public testing::Test {
 protected:
  HttpReply Stream(const std::string& path, const std::string& lines,
                   const std::string& token = {}) {
    return Ask(web_.port(),
               {.path = path,
                .headers = {absl::StrCat("Authorization: Bearer ",
                                         token.empty() ? admin_ : token),
                            "Content-Type: application/x-ndjson"},
                .body = lines});
  }
  HttpReply Upload(const std::string& path, const std::string& header,
                   const std::string& bytes) {
    return Ask(web_.port(),
               {.path = path,
                .headers = {absl::StrCat("Authorization: Bearer ", admin_),
                            "Content-Type: application/octet-stream",
                            absl::StrCat("Lenscap-Header: ", header)},
                .body = bytes});
  }
  static std::vector<json> Lines(const std::string& body) {
    std::vector<json> lines;
    for (const auto line : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
      lines.push_back(json::parse(std::string(line), nullptr, false));
    }
    return lines;
  }

  WebFixture web_{/*require_sign_in=*/true};
  const std::string admin_ = web_.NewToken(CallerRole::kAdmin);
};

TEST_F(WebServerTest, PagesComeWithStrictHeaders) {
  for (const char* path : {"/", "/console/index.html"}) {
    const HttpReply page = web_.Get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.Header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(page.Header("Content-Security-Policy"),
                HasSubstr("default-src 'none'; script-src 'self'"));
    EXPECT_THAT(page.Header("Content-Security-Policy"),
                Not(HasSubstr("unsafe")));
    EXPECT_EQ(page.Header("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(page.Header("Date"), testing::EndsWith(" GMT"));
    EXPECT_EQ(page.Header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(page.Header("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(page.Header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(page.Header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(page.Header("Strict-Transport-Security"), "") << "no TLS";
  }
  const HttpReply missing = web_.Get("/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(missing.Header("Cache-Control"), "no-store");
}

TEST_F(WebServerTest, ABrowserThatHasAPageIsNotSentItAgain) {
  const std::string tag = web_.Get("/").Header("ETag");
  ASSERT_NE(tag, "");
  EXPECT_EQ(web_.Get("/").Header("Cache-Control"), "no-cache");
  const HttpReply again =
      web_.Get("/", {absl::StrCat("If-None-Match: \"x\", W/", tag)});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(web_.Get("/", {"If-None-Match: \"x\""}).status, 200);
  EXPECT_EQ(web_.Post("/", "{}").status, 405);
}

TEST_F(WebServerTest, NoPathLeadsToAnythingElse) {
  for (const char* path :
       {"/console/../console/index.html", "/console//index.html", "//",
        "/console/%2e%2e/index.html", "/%63onsole/index.html", "/console/",
        "/../../../etc/passwd", "/console/..%2f..%2fetc/passwd",
        "/console/index.html/", "/CONSOLE/index.html", "/console/index.html;a",
        "/console/BUILD", "*", "http://localhost/"}) {
    EXPECT_EQ(web_.Get(path).status, 404) << path;
  }
}

TEST_F(WebServerTest, HealthAndTheDescriptionOfTheApiNeedNoSignIn) {
  EXPECT_EQ(web_.Get("/healthz").body, "ok\n");
  EXPECT_EQ(web_.Get("/healthz", {"Host: 10.1.2.3"}).status, 200);
  const HttpReply api = web_.Get("/openapi.json");
  EXPECT_EQ(json::parse(api.body)["openapi"], "3.1.0");
  EXPECT_EQ(web_.Get("/openapi.json", {"Host: evil.example"}).status, 421);
}

TEST_F(WebServerTest, AUnaryCallIsJsonBothWays) {
  const HttpReply made =
      web_.PostAs(admin_, "/v1/AccessService/CreateToken",
                  R"({"identity":{"role":"CALLER_ROLE_REVIEWER","name":"ben",)"
                  R"("languages":["zh-CN"]},"validFor":"3600s"})");
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(made.Header("Content-Type"), "application/json");
  const json reply = json::parse(made.body);
  EXPECT_EQ(reply["token"]["identity"]["name"], "ben");
  const HttpReply who =
      web_.PostAs(reply["secret"], "/v1/AccessService/WhoAmI", "{}");
  EXPECT_EQ(json::parse(who.body)["identity"]["role"], "CALLER_ROLE_REVIEWER");
}

TEST_F(WebServerTest, WhatIsWrongWithARequestNamesTheField) {
  const auto answer = [this](const std::string& body) {
    return web_.PostAs(admin_, "/v1/TakedownService/Lease", body);
  };
  EXPECT_THAT(answer(R"({"maxCases":"many"})").body, HasSubstr("max_cases"));
  EXPECT_THAT(answer(R"({"no_such":1})").body, HasSubstr("no_such"));
  for (const std::string& bad :
       {std::string("x"), std::string("[]"), std::string("{"),
        std::string("{}{}"), std::string("\"\""), std::string("{\"a\":}"),
        std::string(200, '['), std::string("{\"reviewer\":\"\xff\"}"),
        std::string("{\"reviewer\":\"\\ud800\"}"),
        std::string("{\"maxCases\":99999999999}")}) {
    const HttpReply reply = answer(bad);
    EXPECT_EQ(reply.status, 400) << bad;
    const json error = json::parse(reply.body);
    EXPECT_EQ(error["error"]["code"], "INVALID_ARGUMENT") << bad;
    EXPECT_EQ(error["error"]["status"], 400);
  }
}

TEST_F(WebServerTest, ErrorsOfTheServerKeepTheirMeaning) {
  const HttpReply lost =
      web_.PostAs(admin_, "/v1/TakedownService/GetCase",
                  R"({"caseId":"case-aaaaaaaaaaaaaaaaaaaaaaaaaa"})");
  EXPECT_EQ(lost.status, 404);
  EXPECT_EQ(json::parse(lost.body)["error"]["code"], "NOT_FOUND");
  const HttpReply nobody = web_.Post("/v1/TakedownService/Stats", "{}");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_THAT(nobody.Header("WWW-Authenticate"), HasSubstr("Bearer"));
  EXPECT_EQ(web_.PostAs(admin_, "/v1/TakedownService/NoSuch", "{}").status,
            404);
  EXPECT_EQ(web_.PostAs(admin_, "/v1/NoSuch/Lease", "{}").status, 404);
  EXPECT_EQ(
      web_.PostAs(admin_, "/v1/lenscap.v1.TakedownService/Lease", "{}").status,
      404);
  WebFixture reviews(/*require_sign_in=*/true, {}, {Role::kReview});
  const HttpReply not_served = reviews.PostAs(
      reviews.NewToken(CallerRole::kAdmin), "/v1/ListingService/Review", "{}");
  EXPECT_EQ(not_served.status, 501);
  EXPECT_THAT(not_served.body, HasSubstr("does not offer"));
  const HttpReply get = web_.Get("/v1/TakedownService/Stats");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.Header("Allow"), "POST");
}

TEST_F(WebServerTest, ABodyOfAnotherTypeOrTooLongIsRefused) {
  const auto status = [this](const char* type, const std::string& body) {
    return Ask(web_.port(),
               {.path = "/v1/TakedownService/Stats",
                .headers = {absl::StrCat("Authorization: Bearer ", admin_),
                            absl::StrCat("Content-Type: ", type)},
                .body = body})
        .status;
  };
  EXPECT_EQ(status("application/json; charset=utf-8", "{}"), 200);
  EXPECT_EQ(status("text/plain", "{}"), 415);
  EXPECT_EQ(status("application/x-www-form-urlencoded", "a=b"), 415);
  EXPECT_EQ(status("multipart/form-data; boundary=x", "--x--"), 415);
  EXPECT_EQ(status("application/json", std::string((4 << 20) + 1, ' ')), 413);
}

TEST_F(WebServerTest, ATimeoutIsTheCallersToSet) {
  const auto status = [this](const std::string& timeout) {
    return web_
        .Post("/v1/TakedownService/Stats", "{}",
              {absl::StrCat("Authorization: Bearer ", admin_),
               absl::StrCat("Grpc-Timeout: ", timeout)})
        .status;
  };
  EXPECT_EQ(status("30S"), 200);
  // A stream that nothing happens on ends by it.
  const HttpReply ended = web_.Post(
      "/v1/TakedownService/Watch", "{}",
      {absl::StrCat("Authorization: Bearer ", admin_), "Grpc-Timeout: 50m"});
  EXPECT_EQ(ended.status, 504);
  EXPECT_THAT(ended.body, HasSubstr("DEADLINE_EXCEEDED"));
  for (const char* bad :
       {"S", "30", "-1S", "123456789S", "1.5S", "3 S", "1X"}) {
    EXPECT_EQ(status(bad), 400) << bad;
  }
}

TEST_F(WebServerTest, AFileIsScannedAsItIs) {
  const HttpReply reply = Upload("/v1/ScanService/Scan",
                                 R"({"contentId":"upload 1"})", KnownClip());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Content-Type"), "application/x-ndjson");
  const auto lines = Lines(reply.body);
  ASSERT_FALSE(lines.empty());
  const json& report = lines.back()["result"]["report"];
  EXPECT_EQ(report["contentId"], "upload 1");
  EXPECT_EQ(report["verdict"]["action"], "ACTION_ALLOW");
  EXPECT_THAT(Upload("/v1/ScanService/Scan", R"({"contentID":1})", "x").body,
              HasSubstr("Lenscap-Header"));
  EXPECT_EQ(Upload("/v1/TakedownService/Stats", "{}", "x").status, 415);
}

TEST_F(WebServerTest, AFileMayBeSentInLinesAndIsFoundByItsClip) {
  const auto lines = [](const json& header, const std::string& bytes) {
    std::string text = absl::StrCat(json({{"header", header}}).dump(), "\n");
    constexpr size_t kPart = 100'000;
    for (size_t i = 0; i < bytes.size(); i += kPart) {
      const json chunk = {{"offset", i},
                          {"data", absl::Base64Escape(bytes.substr(i, kPart))}};
      absl::StrAppend(&text, json({{"chunk", chunk}}).dump(), "\n");
    }
    return text;
  };
  const HttpReply published = Stream("/v1/HashListService/Publish",
                                     lines({{"listId", "own"},
                                            {"entryId", "clip"},
                                            {"severity", "SEVERITY_CONFIRMED"},
                                            {"format", "FORMAT_FOOTAGE"},
                                            {"createList", true},
                                            {"issuer", "Example"}},
                                           KnownClip()));
  ASSERT_EQ(published.status, 200) << published.body;
  const HttpReply scanned = Stream(
      "/v1/ScanService/Scan",
      lines({{"contentId", "<script>alert(1)</script>"}}, DisguisedExcerpt()));
  const json report = Lines(scanned.body).back()["result"]["report"];
  EXPECT_EQ(report["verdict"]["action"], "ACTION_BLOCK");
  // What an uploader named it comes as text, of a type that nobody sniffs.
  const HttpReply leased =
      web_.PostAs(admin_, "/v1/TakedownService/Lease", R"({"maxCases":1})");
  EXPECT_EQ(leased.status, 200);
  EXPECT_THAT(leased.body, Not(HasSubstr("<script>")));
  EXPECT_EQ(leased.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(json::parse(leased.body)["leases"][0]["case"]["contentId"],
            "<script>alert(1)</script>");
}

TEST_F(WebServerTest, GarbageInAStreamEndsTheCallAndNamesTheMessage) {
  const HttpReply reply = Stream("/v1/ScanService/Submit",
                                 "{\"header\":{\"contentId\":\"a\"}}\n{\"chu");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("message 2"));
  // One that says too early what it may not is told before it has sent all.
  EXPECT_EQ(
      Stream("/v1/ScanService/Submit", "{\"chunk\":{\"data\":\"AA==\"}}\n")
          .status,
      400);
  EXPECT_EQ(Stream("/v1/ScanService/Submit", "\n\n").status, 400);
  const std::string reviewer = web_.NewToken(CallerRole::kReviewer, "rae");
  EXPECT_EQ(
      Stream("/v1/ScanService/Submit", "{\"header\":{}}\n", reviewer).status,
      403);
}

TEST_F(WebServerTest, AStreamSendsWhatHappensAndEndsWithItsToken) {
  const std::string token = web_.NewToken(CallerRole::kAuditor, "uma");
  HttpConnection stream(web_.port());
  stream.Send(
      RequestText({.path = "/v1/TakedownService/Watch",
                   .headers = {absl::StrCat("Authorization: Bearer ", token),
                               "Content-Type: application/json"},
                   .body = "{}"}));
  const HttpReply head = stream.ReadHead();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Type"), "application/x-ndjson");
  web_.RevokeTokensOf("uma");
  const json last = json::parse(stream.ReadChunk());
  EXPECT_EQ(last["error"]["code"], "UNAUTHENTICATED");
  EXPECT_EQ(stream.ReadChunk(), "");
}

TEST_F(WebServerTest, WhoGoesAwayInAnUploadLeavesNothingBehind) {
  HttpConnection upload(web_.port());
  upload.Send(absl::StrCat(
      "POST /v1/ScanService/Submit HTTP/1.1\r\nHost: localhost\r\n"
      "Authorization: Bearer ",
      admin_,
      "\r\nContent-Type: application/octet-stream\r\nContent-Length: 9999999"
      "\r\n\r\nabc"));
  upload.Close();
  const HttpReply stats =
      web_.PostAs(admin_, "/v1/TakedownService/Stats", "{}");
  EXPECT_EQ(stats.status, 200);
}

TEST_F(WebServerTest, ManyStreamsAtOnceEndWithTheServer) {
  std::vector<std::unique_ptr<HttpConnection>> streams;
  for (int i = 0; i < 30; ++i) {
    streams.push_back(std::make_unique<HttpConnection>(web_.port()));
    streams.back()->Send(
        RequestText({.path = "/v1/TakedownService/Watch",
                     .headers = {absl::StrCat("Authorization: Bearer ", admin_),
                                 "Content-Type: application/json"},
                     .body = "{}"}));
  }
  for (const auto& stream : streams) EXPECT_EQ(stream->ReadHead().status, 200);
  web_.web().Drain();
  web_.server().Shutdown(absl::Seconds(10));
  for (const auto& stream : streams) {
    EXPECT_THAT(stream->ReadChunk(), HasSubstr("UNAVAILABLE"));
    EXPECT_EQ(stream->ReadChunk(), "");
    EXPECT_TRUE(stream->Closed());
  }
  web_.web().Stop();
}

// More answers than either side keeps ahead: the request is read to its end
// before the first of them can be sent.
TEST_F(WebServerTest, ListingsAreReviewedLineByLine) {
  constexpr int kListings = 600;
  const std::string description(1000, 'x');
  std::string lines;
  for (int i = 0; i < kListings; ++i) {
    absl::StrAppend(&lines, "{\"listingId\":\"l-", i, "\",\"title\":\"",
                    i == 5 ? std::string(5000, 'x') : "a toaster",
                    "\",\"description\":\"", description, "\"}\n");
  }
  const HttpReply reply = Stream("/v1/ListingService/ReviewStream", lines);
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto results = Lines(reply.body);
  ASSERT_EQ(results.size(), kListings);
  EXPECT_EQ(results[599]["result"]["listingId"], "l-599");
  EXPECT_EQ(results[599]["result"]["report"]["verdict"]["action"],
            "ACTION_ALLOW");
  EXPECT_EQ(results[5]["result"]["error"]["code"], 3);
}

TEST_F(WebServerTest, AListingThatIsNoUtf8IsRefused) {
  const HttpReply reply =
      web_.PostAs(admin_, "/v1/ListingService/Review",
                  "{\"listingId\":\"l-1\",\"title\":\"\xff\"}");
  EXPECT_EQ(reply.status, 400) << reply.body;
}

}  // namespace
}  // namespace lenscap
