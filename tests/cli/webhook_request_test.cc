#include "services/cli/webhook_request.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;

std::string Error(absl::string_view bytes) {
  const auto request = ParseWebhookRequest(bytes);
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(request.status().message());
}

TEST(WebhookRequestTest, TakesWhatAReceiverWroteDown) {
  const auto request = ParseWebhookRequest(
      "POST /hook HTTP/1.1\r\nHost: x.example:80\r\nWebhook-Id: out_1\r\n"
      "WEBHOOK-TIMESTAMP:17\r\nwebhook-signature:  v1a,AA== v1a,BB== \r\n\r\n"
      "{\"a\":\r\n\r\n\"b\"}\n");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->headers.id, "out_1");
  EXPECT_EQ(request->headers.timestamp, "17");
  EXPECT_EQ(request->headers.signature, "v1a,AA== v1a,BB==");
  EXPECT_EQ(request->body, "{\"a\":\r\n\r\n\"b\"}\n");
}

TEST(WebhookRequestTest, TakesLinesAsUnixHasThemAndNoRequestLine) {
  const auto request = ParseWebhookRequest(
      "webhook-id: a\nwebhook-timestamp: 1\nwebhook-signature: s\n\nbody");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->body, "body");
}

TEST(WebhookRequestTest, SaysWhatIsMissing) {
  EXPECT_THAT(Error(""), HasSubstr("empty line"));
  EXPECT_THAT(Error("webhook-id: a"), HasSubstr("empty line"));
  EXPECT_THAT(Error("webhook-id: a\nwebhook-timestamp: 1\n\nbody"),
              HasSubstr("webhook-signature: is missing"));
  EXPECT_THAT(Error("webhook-timestamp: 1\nwebhook-signature: s\n\nbody"),
              HasSubstr("webhook-id: is missing"));
}

TEST(WebhookRequestTest, AHeaderThatComesTwiceIsRefused) {
  EXPECT_THAT(Error("webhook-id: a\nwebhook-id: b\nwebhook-timestamp: 1\n"
                    "webhook-signature: s\n\n"),
              HasSubstr("webhook-id: comes twice"));
}

}  // namespace
}  // namespace lenscap::cli
