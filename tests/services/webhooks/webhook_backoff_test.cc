#include "services/webhooks/webhook_backoff.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

absl::Duration Backoff(int attempts) {
  return WebhookBackoff(attempts, absl::ZeroDuration(), 0.5);
}

TEST(WebhookBackoffTest, GrowsFromSecondsToHours) {
  EXPECT_EQ(Backoff(1), absl::Seconds(5));
  EXPECT_EQ(Backoff(2), absl::Seconds(15));
  EXPECT_EQ(Backoff(5), absl::Seconds(405));
  EXPECT_EQ(Backoff(8), absl::Hours(2));
  EXPECT_EQ(Backoff(1'000'000), absl::Hours(2));
}

TEST(WebhookBackoffTest, GivesUpAfterAboutThreeDays) {
  absl::Duration total;
  for (int i = 1; i < kWebhookAttempts; ++i) total += Backoff(i);
  EXPECT_GT(total, absl::Hours(66));
  EXPECT_LT(total, absl::Hours(78));
}

TEST(WebhookBackoffTest, JitterIsAFifthToEitherSide) {
  EXPECT_EQ(WebhookBackoff(8, absl::ZeroDuration(), 0), absl::Minutes(96));
  EXPECT_EQ(WebhookBackoff(8, absl::ZeroDuration(), 1), absl::Minutes(144));
}

TEST(WebhookBackoffTest, WaitsAsLongAsTheReceiverAsksWithinBounds) {
  EXPECT_EQ(WebhookBackoff(1, absl::Minutes(3), 0.5), absl::Minutes(3));
  EXPECT_EQ(WebhookBackoff(1, absl::Seconds(1), 0.5), absl::Seconds(5));
  EXPECT_EQ(WebhookBackoff(1, absl::Hours(9999), 0.5), absl::Hours(6));
}

}  // namespace
}  // namespace lenscap
