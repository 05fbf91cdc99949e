#include "services/default_review_policy.h"

#include "gtest/gtest.h"
#include "takedown/review_policy.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

TEST(DefaultReviewPolicyTest, ItIsTheOneThatIsDeployed) {
  EXPECT_EQ(std::string(DefaultReviewPolicyText()),
            ReadFileBytes("deploy/review.textproto"));
}

TEST(DefaultReviewPolicyTest, ItsTextIsAReviewPolicy) {
  const auto policy = ParseReviewPolicy(DefaultReviewPolicyText());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->SerializeAsString(),
            DefaultReviewPolicy().SerializeAsString());
}

TEST(DefaultReviewPolicyTest, AReportHasTwoDaysWhateverTheQueue) {
  const v1::ReviewPolicy policy = DefaultReviewPolicy();
  bool found = false;
  for (const v1::ClockRule& rule : policy.clocks()) {
    if (rule.name() != "take-it-down-48h") continue;
    found = true;
    EXPECT_EQ(rule.start(), v1::ClockRule::START_REPORT);
    EXPECT_EQ(LengthOf(rule.limit()), absl::Hours(48));
    EXPECT_TRUE(rule.queues().empty());
    EXPECT_TRUE(rule.tenant().empty());
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace lenscap
