#include "listings/starter_packs.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "listings/rule_examples.h"
#include "listings/rule_lint.h"

namespace lenscap {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The five of the Chinese authorities' announcement of June 2021.
constexpr const char* kCampaign[] = {
    "campaign.hacking-lessons", "campaign.exploits", "campaign.tool-sales",
    "campaign.modified-devices", "campaign.footage-trade"};

TEST(StarterPacksTest, AreReadByTheProgramThatTheyComeWith) {
  std::vector<std::string> ids;
  for (absl::string_view yaml : StarterPackTexts()) {
    const auto read = ParseRulePack(yaml);
    ASSERT_TRUE(read.ok()) << read.status();
    ids.push_back(read->id);
  }
  EXPECT_THAT(ids, ElementsAre("starter-en", "starter-zh"));
}

TEST(StarterPacksTest, EveryExampleComesOutAsItSays) {
  for (const StarterPack& starter : StarterPacks()) {
    const absl::Status checked = CheckExamples(*starter.pack);
    EXPECT_TRUE(checked.ok()) << checked.message();
  }
}

// Short keys stand beside others here: "vip" counts where there is footage.
TEST(StarterPacksTest, AReviewerOfThePackAsksOfShortKeysAlone) {
  for (const StarterPack& starter : StarterPacks()) {
    for (const std::string& warning : LintRulePack(*starter.pack)) {
      EXPECT_THAT(warning, HasSubstr("is short"));
    }
  }
}

TEST(StarterPacksTest, EachLanguageCoversTheWholeCampaign) {
  for (const StarterPack& starter : StarterPacks()) {
    std::set<std::string> tags;
    for (const Rule& rule : starter.pack->rules) {
      tags.insert(rule.tags.begin(), rule.tags.end());
    }
    for (const char* tag : kCampaign) {
      EXPECT_THAT(tags, Contains(tag)) << starter.pack->id;
    }
  }
}

TEST(StarterPacksTest, EachRuleNamesItsPartOfTheCampaignOrItsFalseAlarm) {
  for (const StarterPack& starter : StarterPacks()) {
    for (const Rule& rule : starter.pack->rules) {
      ASSERT_FALSE(rule.tags.empty()) << rule.id;
      for (const std::string& tag : rule.tags) {
        EXPECT_TRUE(absl::StartsWith(
            tag, rule.group == "exclusion" ? "false-alarm." : "campaign."))
            << rule.id << ": " << tag;
      }
    }
  }
}

TEST(StarterPacksTest, NothingIsBlockedByTextAlone) {
  for (const StarterPack& starter : StarterPacks()) {
    for (const Rule& rule : starter.pack->rules) {
      EXPECT_LT(rule.action, RuleAction::kBlock) << rule.id;
    }
  }
}

}  // namespace
}  // namespace lenscap
