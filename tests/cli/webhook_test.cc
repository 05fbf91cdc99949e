// Webhooks by the program itself: endpoints in a data directory of its own,
// posts to a receiver, and requests that are checked by hand.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/ed25519.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/webhooks/webhook_signature.h"
#include "tests/cli/lenscap_process.h"
#include "tests/support/http_receiver.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class WebhookTest : public testing::Test {
 protected:
  // Runs `lenscap COMMAND... --data-dir=...`.
  Outcome Run(std::vector<std::string> arguments) {
    arguments.push_back("--data-dir=" + data_);
    return Lenscap(arguments);
  }
  // As a receiver would have written it down.
  std::string Written(const Ed25519PrivateKey& key, absl::Time time) {
    const std::string body = R"({"type":"webhook.test"})";
    const WebhookHeaders headers = SignWebhook(key, "out_1", time, body);
    return WriteTempFile(
        "request", absl::StrCat("POST / HTTP/1.1\r\nwebhook-id: ", headers.id,
                                "\r\nwebhook-timestamp: ", headers.timestamp,
                                "\r\nwebhook-signature: ", headers.signature,
                                "\r\n\r\n", body));
  }
  static std::string KeyOption(const Ed25519PrivateKey& key) {
    return absl::StrCat("--key=", WebhookKeyText(key.public_key()));
  }

  const std::string data_ = MakeTempDirectory();
};

TEST_F(WebhookTest, AnEndpointIsMadeListedTestedAndRemoved) {
  HttpReceiver receiver([](const ReceivedPost&) { return ReceiverReply(); });
  const Outcome created =
      Run({"webhook", "create", receiver.url(), "--tenant=forum",
           "--type=decided", "--type", "restored", "--json"});
  ASSERT_EQ(created.exit_code, 0) << created.err;
  const auto endpoint = nlohmann::json::parse(created.out);
  const std::string id = endpoint["endpoint_id"];
  EXPECT_THAT(std::string(endpoint["public_key"]), HasSubstr("whpk_"));
  EXPECT_EQ(endpoint["types"].size(), 2);

  EXPECT_THAT(
      Run({"webhook", "ls"}).out,
      AllOf(HasSubstr(id), HasSubstr("forum"), HasSubstr(receiver.url())));
  const Outcome tested = Run({"webhook", "test", id});
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
  EXPECT_EQ(tested.out, "taken: HTTP 200\n");
  EXPECT_EQ(receiver.posts().size(), 1);
  EXPECT_EQ(Run({"webhook", "deliveries", id}).exit_code, 0);
  EXPECT_EQ(Run({"webhook", "replay", id}).out, "0 will be delivered again\n");

  EXPECT_THAT(Run({"webhook", "rm", id}).out, HasSubstr("deleted"));
  EXPECT_THAT(Run({"webhook", "ls"}).out, Not(HasSubstr(id)));
  EXPECT_EQ(Run({"webhook", "rm", id}).exit_code, 4);
}

TEST_F(WebhookTest, AReceiverThatRefusesIsToldByTheExitCode) {
  HttpReceiver receiver(
      [](const ReceivedPost&) { return ReceiverReply{.status = 404}; });
  const Outcome created = Run({"webhook", "create", receiver.url(), "--json"});
  ASSERT_EQ(created.exit_code, 0) << created.err;
  const std::string id = nlohmann::json::parse(created.out)["endpoint_id"];
  const Outcome tested = Run({"webhook", "test", id});
  EXPECT_EQ(tested.exit_code, 1);
  EXPECT_EQ(tested.out, "not taken: HTTP 404\n");
}

TEST_F(WebhookTest, WrongWordsAreSaid) {
  EXPECT_EQ(Run({"webhook", "create", "ftp://x.example/"}).exit_code, 4);
  const Outcome type =
      Run({"webhook", "create", "https://x.example/", "--type=decide"});
  EXPECT_EQ(type.exit_code, 2);
  EXPECT_THAT(type.err, HasSubstr("'decide' is none of decided"));
}

TEST_F(WebhookTest, WhereAnUploadStandsIsShown) {
  EXPECT_EQ(Run({"outcomes", "show", "nobody's"}).out, "unknown\n");
}

TEST_F(WebhookTest, AGoodRequestIsGood) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Outcome verified =
      Lenscap({"webhook", "verify", Written(key, absl::Now()), KeyOption(key)});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_EQ(verified.out, "good: out_1\n");
  const Outcome piped =
      Lenscap({"webhook", "verify", "-", KeyOption(key)},
              {.environment = {}, .input_file = Written(key, absl::Now())});
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
}

TEST_F(WebhookTest, AForgedOrOldRequestIsNot) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Outcome forged = Lenscap(
      {"webhook", "verify", Written(Ed25519PrivateKey::Generate(), absl::Now()),
       KeyOption(key)});
  EXPECT_EQ(forged.exit_code, 1);
  EXPECT_THAT(forged.err, HasSubstr("webhook-signature"));
  const std::string old = Written(key, absl::Now() - absl::Hours(1));
  const Outcome replayed = Lenscap({"webhook", "verify", old, KeyOption(key)});
  EXPECT_EQ(replayed.exit_code, 1);
  EXPECT_THAT(replayed.err, HasSubstr("replayed"));
  EXPECT_EQ(Lenscap({"webhook", "verify", old, KeyOption(key), "--any-time"})
                .exit_code,
            0);
}

TEST_F(WebhookTest, WhatCannotBeReadIsNoVerdict) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  EXPECT_EQ(
      Lenscap({"webhook", "verify", "/no/such/file", KeyOption(key)}).exit_code,
      3);
  EXPECT_EQ(Lenscap({"webhook", "verify", WriteTempFile("x", "body alone"),
                     KeyOption(key)})
                .exit_code,
            3);
  EXPECT_EQ(Lenscap({"webhook", "verify", "-", "--key=whsec_AAAA"}).exit_code,
            2);
}

}  // namespace
}  // namespace lenscap::cli
