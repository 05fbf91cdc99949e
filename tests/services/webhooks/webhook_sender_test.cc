// Posts to a real receiver on loopback, well and ill behaved.

#include "services/webhooks/webhook_sender.h"

#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_receiver.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Manner = ReceiverReply::Manner;

class WebhookSenderTest : public testing::Test {
 protected:
  WebhookAnswer PostTo(const std::string& url,
                       WebhookReach reach = WebhookReach::kLoopback) {
    WebhookSender sender(options_, &stopping_);
    return sender.Post(Message(url, reach));
  }
  // Of a receiver that always answers like this.
  WebhookAnswer PostFor(const ReceiverReply& reply) {
    HttpReceiver receiver([&](const ReceivedPost&) { return reply; });
    return PostTo(receiver.url());
  }
  static WebhookPost Message(const std::string& url, WebhookReach reach) {
    return {.url = url,
            .reach = reach,
            .headers = {.id = "out_1", .timestamp = "17", .signature = "v1a,s"},
            .body = R"({"type":"webhook.test"})"};
  }

  WebhookSender::Options options_;
  std::atomic<bool> stopping_ = false;
};

TEST_F(WebhookSenderTest, PostsTheBodyWithItsHeaders) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const WebhookAnswer answer = PostTo(receiver.url());
  EXPECT_TRUE(answer.taken()) << answer.error;
  EXPECT_EQ(answer.http_status, 200);
  const ReceivedPost post = receiver.posts().at(0);
  EXPECT_EQ(post.target, "/hook");
  EXPECT_EQ(post.body, R"({"type":"webhook.test"})");
  EXPECT_EQ(post.headers.at("content-type"), "application/json");
  EXPECT_EQ(post.headers.at("webhook-id"), "out_1");
  EXPECT_EQ(post.headers.at("webhook-timestamp"), "17");
  EXPECT_EQ(post.headers.at("webhook-signature"), "v1a,s");
}

TEST_F(WebhookSenderTest, AnyStatusOfTwoHundredIsSuccessAndNoOther) {
  for (const int status : {200, 201, 204, 299}) {
    EXPECT_TRUE(PostFor({.status = status}).taken()) << status;
  }
  for (const int status : {300, 302, 400, 404, 410, 429, 500, 503, 999}) {
    const WebhookAnswer answer = PostFor({.status = status});
    EXPECT_EQ(answer.error, absl::StrCat("HTTP ", status));
    EXPECT_EQ(answer.http_status, status);
  }
}

TEST_F(WebhookSenderTest, ARedirectIsNotFollowed) {
  HttpReceiver other([](const ReceivedPost&) { return ReceiverReply(); });
  const WebhookAnswer answer =
      PostFor({.status = 307,
               .headers = absl::StrCat("Location: ", other.url(), "\r\n")});
  EXPECT_EQ(answer.error, "HTTP 307");
  EXPECT_EQ(other.posts().size(), 0);
}

TEST_F(WebhookSenderTest, WhenToTryAgainIsHeard) {
  EXPECT_EQ(
      PostFor({.status = 429, .headers = "Retry-After: 120\r\n"}).retry_after,
      absl::Minutes(2));
  EXPECT_EQ(PostFor({.status = 503}).retry_after, absl::ZeroDuration());
}

TEST_F(WebhookSenderTest, AHugeAnswerIsCutOff) {
  EXPECT_TRUE(PostFor({.body = std::string(10 << 20, 'x')}).taken());
  EXPECT_EQ(PostFor({.status = 500, .body = std::string(10 << 20, 'x')}).error,
            "HTTP 500");
  std::string headers;
  for (int i = 0; i < 2000; ++i) {
    absl::StrAppend(&headers, "x-", i, ": ", std::string(100, 'x'), "\r\n");
  }
  EXPECT_TRUE(PostFor({.status = 200, .headers = headers}).taken());
}

TEST_F(WebhookSenderTest, WhatTheReceiverSaysIsNotPassedOn) {
  const WebhookAnswer answer =
      PostFor({.status = 500, .body = "secret of the intranet"});
  EXPECT_THAT(answer.error, Not(HasSubstr("secret")));
}

TEST_F(WebhookSenderTest, AReceiverThatHangsUpIsAFailure) {
  const WebhookAnswer closed = PostFor({.manner = Manner::kClose});
  EXPECT_EQ(closed.http_status, 0);
  EXPECT_FALSE(closed.taken());
  EXPECT_FALSE(
      PostFor({.body = std::string(100, 'x'), .manner = Manner::kCut}).taken());
}

TEST_F(WebhookSenderTest, AReceiverThatHangsTimesOut) {
  options_.timeout = absl::Milliseconds(200);
  const WebhookAnswer answer = PostFor({.manner = Manner::kHang});
  EXPECT_FALSE(answer.taken());
  EXPECT_THAT(answer.error, HasSubstr("Timeout was reached"));
}

TEST_F(WebhookSenderTest, StoppingEndsAPostThatHangs) {
  HttpReceiver receiver([](const ReceivedPost&) {
    return ReceiverReply{.manner = Manner::kHang};
  });
  options_.timeout = absl::Hours(1);
  std::thread stopper([&] {
    receiver.WaitFor(1);
    stopping_ = true;
  });
  EXPECT_FALSE(PostTo(receiver.url()).taken());
  stopper.join();
}

TEST_F(WebhookSenderTest, NobodyListeningIsAFailure) {
  std::string url;
  {
    HttpReceiver gone([](const ReceivedPost&) { return ReceiverReply(); });
    url = gone.url();
  }
  EXPECT_FALSE(PostTo(url).taken());
}

TEST_F(WebhookSenderTest, AnAddressOutOfReachIsNotConnectedTo) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const WebhookAnswer answer = PostTo(receiver.url(), WebhookReach::kPublic);
  EXPECT_EQ(answer.error,
            "its address is not one that this endpoint may reach");
  EXPECT_EQ(receiver.posts().size(), 0);
}

TEST_F(WebhookSenderTest, ProxiesOfTheEnvironmentAreNotUsed) {
  HttpReceiver proxy([](const ReceivedPost&) { return ReceiverReply(); });
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy"}) {
    setenv(name, absl::StrCat("http://127.0.0.1:", proxy.port()).c_str(), 1);
  }
  EXPECT_TRUE(PostTo(receiver.url()).taken());
  EXPECT_EQ(receiver.posts().size(), 1);
  EXPECT_EQ(proxy.posts().size(), 0);
}

TEST_F(WebhookSenderTest, OneSenderPostsManyTimes) {
  HttpReceiver receiver([](const ReceivedPost& post) {
    return ReceiverReply{.status = post.body.size() > 100 ? 500 : 200};
  });
  WebhookSender sender(options_, &stopping_);
  WebhookPost post = Message(receiver.url(), WebhookReach::kLoopback);
  EXPECT_TRUE(sender.Post(post).taken());
  post.body = std::string(2 << 20, 'x');
  EXPECT_EQ(sender.Post(post).error, "HTTP 500");
  post.body = "";
  EXPECT_TRUE(sender.Post(post).taken());
  EXPECT_EQ(receiver.posts().at(1).body.size(), 2 << 20);
}

TEST_F(WebhookSenderTest, ACertificateIsVerified) {
  const std::string directory = MakeTempDirectory();
  const std::string key = directory + "/key.pem";
  const std::string certificate = directory + "/certificate.pem";
  OutputOf({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); },
                        certificate, key);
  const WebhookAnswer stranger =
      PostTo(receiver.url(), WebhookReach::kAnywhere);
  EXPECT_THAT(stranger.error, HasSubstr("certificate"));
  EXPECT_EQ(receiver.posts().size(), 0);
  options_.ca_file = certificate;
  const WebhookAnswer known = PostTo(receiver.url(), WebhookReach::kAnywhere);
  EXPECT_TRUE(known.taken()) << known.error;
  const WebhookAnswer other_name =
      PostTo(absl::StrCat("https://127.0.0.1:", receiver.port(), "/"),
             WebhookReach::kAnywhere);
  EXPECT_FALSE(other_name.taken());
  EXPECT_EQ(receiver.posts().size(), 1);
}

}  // namespace
}  // namespace lenscap
