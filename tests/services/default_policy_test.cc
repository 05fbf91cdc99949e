#include "services/default_policy.h"

#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "verdict/policy.h"

namespace lenscap {
namespace {

TEST(DefaultPolicyTest, ItIsTheOneThatIsDeployed) {
  EXPECT_EQ(std::string(DefaultPolicyText()),
            ReadFileBytes("deploy/policy.textproto"));
}

TEST(DefaultPolicyTest, ItsTextIsAPolicy) {
  const auto policy = ParsePolicy(DefaultPolicyText());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->SerializeAsString(), DefaultPolicy().SerializeAsString());
  EXPECT_FALSE(policy->version().empty());
}

}  // namespace
}  // namespace lenscap
