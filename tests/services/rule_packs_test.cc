#include "services/rule_packs.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/lists/signers.h"
#include "tests/services/issued_list.h"
#include "tests/support/fake_clock.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// One rule for each word, which hits it.
std::string Pack(int version, const std::vector<std::string>& words,
                 const std::string& issuer = kIssuer,
                 const std::string& id = "words") {
  std::string pack = absl::StrCat("pack: ", id, "\nversion: ", version,
                                  "\nissuer: ", issuer, "\ntitle: Words\n");
  for (const std::string& word : words) {
    absl::StrAppend(&pack, "---\ntitle: ", word, "\nid: rule-", word,
                    "\nstatus: stable\ndescription: The word ", word,
                    ".\nreferences: [https://example.com]\nlevel: low\n"
                    "group: object\nscore: 30\ndetection:\n  word: [",
                    word, "]\n  condition: word\nexamples:\n  positive: [",
                    word, "]\n  negative: [nothing]\n");
  }
  return pack;
}

class RulePacksTest : public testing::Test {
 protected:
  RulePacksTest() {
    clock_.Advance(kSomeTime + absl::Hours(1) - clock_.Now());
    issuers_ = *IssuerStore::Open(directory_ + "/issuers", &clock_);
    EXPECT_TRUE(issuers_->Install(KeysOfIssuer()).ok());
    options_ = {.directory = directory_ + "/packs",
                .built_in = {Pack(1, {"ant", "bee"})},
                .issuers = issuers_.get(),
                .clock = &clock_};
    Open();
  }
  void Open() {
    packs_.reset();
    auto packs = RulePacks::Open(options_);
    ASSERT_TRUE(packs.ok()) << packs.status();
    packs_ = *std::move(packs);
  }
  absl::StatusOr<v1::RulePack> Publish(const std::string& pack,
                                       const std::vector<int>& keys = {2, 3}) {
    return PublishAs(pack, SignedBy(keys, pack));
  }
  absl::StatusOr<v1::RulePack> PublishAs(const std::string& pack,
                                         const std::string& signatures) {
    return packs_->Publish(pack, signatures,
                           [](absl::string_view) { return absl::OkStatus(); });
  }
  // The score of a text.
  double Score(const std::string& title, double* with_shadow = nullptr) const {
    ListingText text;
    text.title = title;
    const TextReview review = packs_->engine()->Review(text, clock_.Now());
    if (with_shadow != nullptr) *with_shadow = review.shadow_score;
    return review.score;
  }
  v1::Rule::Mode ModeOf(const std::string& word) const {
    for (const v1::RulePack& pack : packs_->List()) {
      for (const v1::Rule& rule : pack.rules()) {
        if (rule.rule_id() == "rule-" + word) return rule.mode();
      }
    }
    return v1::Rule::MODE_UNSPECIFIED;
  }
  void SetMode(const std::string& word, v1::Rule::Mode mode) {
    const auto set = packs_->SetMode("words", "rule-" + word, mode);
    ASSERT_TRUE(set.ok()) << set.status();
  }
  std::string PathOf(const std::string& file) const {
    return options_.directory + "/" + file;
  }
  void Damage(const std::string& file) {
    std::ofstream(PathOf(file), std::ios::app) << "x";
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<IssuerStore> issuers_;
  RulePacks::Options options_;
  std::unique_ptr<RulePacks> packs_;
};

TEST_F(RulePacksTest, ABuiltInPackServesAsItSays) {
  EXPECT_EQ(Score("an ant"), 30);
  const auto all = packs_->List();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].pack_id(), "words");
  EXPECT_TRUE(all[0].built_in());
  EXPECT_FALSE(all[0].has_published());
  EXPECT_THAT(all[0].rules(), SizeIs(2));
  EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_ACTIVE);
}

TEST_F(RulePacksTest, AGreaterVersionServesFromThenOnAndAfterAStart) {
  const auto published = Publish(Pack(2, {"ant", "cat"}));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->version(), 2);
  EXPECT_FALSE(published->built_in());
  for (int start = 0; start < 2; ++start) {
    double with_shadow = 0;
    EXPECT_EQ(Score("ant bee cat", &with_shadow), 30);  // The bee is gone.
    EXPECT_EQ(with_shadow, 60);                         // The cat is new.
    EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_ACTIVE);
    EXPECT_EQ(ModeOf("cat"), v1::Rule::MODE_SHADOW);
    EXPECT_THAT(packs_->damages(), IsEmpty());
    Open();
  }
}

TEST_F(RulePacksTest, ANewRuleStaysInShadowUntilSomebodySpeaksOfIt) {
  ASSERT_TRUE(Publish(Pack(2, {"ant", "cat", "dog"})).ok());
  SetMode("dog", v1::Rule::MODE_UNSPECIFIED);  // As the pack says.
  EXPECT_EQ(ModeOf("dog"), v1::Rule::MODE_ACTIVE);
  ASSERT_TRUE(Publish(Pack(3, {"ant", "cat", "dog"})).ok());
  EXPECT_EQ(ModeOf("cat"), v1::Rule::MODE_SHADOW);
  EXPECT_EQ(ModeOf("dog"), v1::Rule::MODE_ACTIVE);
  Open();
  EXPECT_EQ(ModeOf("cat"), v1::Rule::MODE_SHADOW);
  EXPECT_EQ(ModeOf("dog"), v1::Rule::MODE_ACTIVE);
}

TEST_F(RulePacksTest, AllRulesOfAFirstVersionAreNew) {
  const auto published = Publish(Pack(1, {"elk"}, kIssuer, "other"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->rules(0).mode(), v1::Rule::MODE_SHADOW);
  EXPECT_THAT(packs_->List(), SizeIs(2));
}

TEST_F(RulePacksTest, WhatWasSaidByHandOutlivesVersionsAndStarts) {
  SetMode("ant", v1::Rule::MODE_OFF);
  EXPECT_EQ(Score("an ant"), 0);
  ASSERT_TRUE(Publish(Pack(2, {"ant", "bee"})).ok());
  Open();
  EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_OFF);
  EXPECT_TRUE(packs_->List()[0].rules(0).set_by_hand());
  SetMode("ant", v1::Rule::MODE_UNSPECIFIED);
  EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_ACTIVE);
  EXPECT_FALSE(packs_->List()[0].rules(0).set_by_hand());
}

TEST_F(RulePacksTest, WhatWasSaidOfARuleThatIsGoneSaysNothingOfANewOne) {
  SetMode("bee", v1::Rule::MODE_ACTIVE);
  ASSERT_TRUE(Publish(Pack(2, {"ant"})).ok());
  ASSERT_TRUE(Publish(Pack(3, {"ant", "bee"})).ok());
  EXPECT_EQ(ModeOf("bee"), v1::Rule::MODE_SHADOW);
  Open();
  EXPECT_EQ(ModeOf("bee"), v1::Rule::MODE_SHADOW);
}

TEST_F(RulePacksTest, OnlyTheIssuersKeysPublish) {
  const std::string pack = Pack(2, {"ant"});
  for (const std::vector<int>& keys :
       std::vector<std::vector<int>>{{2}, {5, 6}}) {
    const auto refused = Publish(pack, keys);
    EXPECT_TRUE(absl::IsPermissionDenied(refused.status())) << refused.status();
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("signatures: "));
  }
  EXPECT_TRUE(absl::IsPermissionDenied(
      PublishAs(pack + "\n", SignedBy({2, 3}, pack)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(PublishAs(pack, "no jws").status()));
  // Somebody whom nobody vouches for, and somebody else's pack.
  EXPECT_TRUE(
      absl::IsPermissionDenied(Publish(Pack(2, {"ant"}, "Nobody")).status()));
  EXPECT_EQ(packs_->List()[0].version(), 1);
  EXPECT_EQ(Score("a bee"), 30);
}

TEST_F(RulePacksTest, APackStaysItsIssuers) {
  options_.built_in = {Pack(1, {"ant"}, "Somebody else")};
  Open();
  const auto refused = Publish(Pack(2, {"ant"}));
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("\"Somebody else\""));
}

TEST_F(RulePacksTest, AVersionThatIsNotGreaterIsRefusedUnlessItIsTheSame) {
  ASSERT_TRUE(Publish(Pack(3, {"ant"})).ok());
  EXPECT_TRUE(Publish(Pack(3, {"ant"})).ok());
  for (const int version : {1, 2, 3}) {
    const auto refused = Publish(Pack(version, {"bee"}));
    EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()))
        << refused.status();
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("version 3"));
  }
}

TEST_F(RulePacksTest, WhatIsFaultyIsRefusedAndTheOneBeforeServes) {
  const std::string wrong_example = absl::StrReplaceAll(
      Pack(2, {"ant"}), {{"positive: [ant]", "positive: [anteater]"}});
  const auto examples = Publish(wrong_example);
  EXPECT_TRUE(absl::IsInvalidArgument(examples.status())) << examples.status();
  EXPECT_THAT(std::string(examples.status().message()),
              HasSubstr("\"rule-ant\""));
  EXPECT_THAT(std::string(examples.status().message()), HasSubstr("line "));
  const auto yaml = Publish("pack: [");
  EXPECT_TRUE(absl::IsInvalidArgument(yaml.status())) << yaml.status();
  // More than any memory, were it expanded.
  const std::string huge = absl::StrReplaceAll(
      Pack(2, {"ant"}),
      {{"  word: [ant]", "  word|re: '((((a{1,999}){1,999}){1,999}))'"}});
  EXPECT_TRUE(absl::IsInvalidArgument(Publish(huge).status()));
  EXPECT_EQ(Score("a bee"), 30);
  EXPECT_EQ(packs_->List()[0].version(), 1);
  Open();
  EXPECT_EQ(packs_->List()[0].version(), 1);
}

TEST_F(RulePacksTest, ADamagedPackIsSaidAndTheOneBeforeServes) {
  ASSERT_TRUE(Publish(Pack(2, {"ant", "bee"})).ok());
  ASSERT_TRUE(Publish(Pack(3, {"ant"})).ok());
  Damage("words.pack");
  Open();
  ASSERT_THAT(packs_->damages(), SizeIs(1));
  EXPECT_EQ(packs_->damages()[0].pack_id, "words");
  EXPECT_EQ(packs_->damages()[0].instead, "words@2");
  EXPECT_THAT(std::string(packs_->damages()[0].why.message()),
              HasSubstr("words.pack"));
  EXPECT_EQ(Score("a bee"), 30);
  // And what came with the program, where that is damaged too.
  Damage("words.before");
  Open();
  ASSERT_THAT(packs_->damages(), SizeIs(1));
  EXPECT_EQ(packs_->damages()[0].instead, "words@1");
  // Publishing it again puts it right.
  ASSERT_TRUE(Publish(Pack(3, {"ant"})).ok());
  Open();
  EXPECT_THAT(packs_->damages(), IsEmpty());
  EXPECT_EQ(packs_->List()[0].version(), 3);
}

TEST_F(RulePacksTest, DamagedModesAreNotGuessedAt) {
  SetMode("ant", v1::Rule::MODE_OFF);
  Damage("words.modes");
  const auto packs = RulePacks::Open(options_);
  EXPECT_TRUE(absl::IsDataLoss(packs.status())) << packs.status();
  EXPECT_THAT(std::string(packs.status().message()), HasSubstr("words.modes"));
}

TEST_F(RulePacksTest, WhatACrashLeftIsClearedAway) {
  ASSERT_TRUE(Publish(Pack(2, {"ant"})).ok());
  std::ofstream(PathOf("words.pack.unfinished")) << "half";
  Open();
  EXPECT_THAT(packs_->damages(), IsEmpty());
  EXPECT_EQ(packs_->List()[0].version(), 2);
  EXPECT_FALSE(std::filesystem::exists(PathOf("words.pack.unfinished")));
}

TEST_F(RulePacksTest, ANewerProgramUsesItsOwn) {
  ASSERT_TRUE(Publish(Pack(2, {"ant"})).ok());
  options_.built_in = {Pack(3, {"ant", "fox"})};
  Open();
  EXPECT_TRUE(packs_->List()[0].built_in());
  EXPECT_EQ(packs_->List()[0].version(), 3);
  EXPECT_EQ(Score("a fox"), 30);
}

TEST_F(RulePacksTest, ARuleThatIsOverIsSaidToBe) {
  const std::string pack = absl::StrReplaceAll(
      Pack(2, {"ant"}),
      {{"status: stable\n", "status: stable\nvalid_until: 2026-12-31\n"}});
  ASSERT_TRUE(Publish(pack).ok()) << Publish(pack).status();
  SetMode("ant", v1::Rule::MODE_ACTIVE);
  EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_ACTIVE);
  EXPECT_TRUE(packs_->List()[0].rules(0).has_valid_until());
  clock_.Advance(absl::Hours(24 * 400));
  EXPECT_EQ(ModeOf("ant"), v1::Rule::MODE_EXPIRED);
  EXPECT_EQ(Score("an ant"), 0);
}

TEST_F(RulePacksTest, ReviewsThatAreCountedShowInTheList) {
  ListingText text;
  text.title = "ant bee";
  for (int i = 0; i < 3; ++i) {
    packs_->Count(packs_->engine()->Review(text, clock_.Now()));
  }
  EXPECT_EQ(packs_->List()[0].rules(0).hits(), 3);
}

TEST_F(RulePacksTest, NoRuleOfAnotherPackIsSet) {
  EXPECT_TRUE(absl::IsNotFound(
      packs_->SetMode("none", "rule-ant", v1::Rule::MODE_OFF).status()));
  EXPECT_TRUE(absl::IsNotFound(
      packs_->SetMode("words", "rule-none", v1::Rule::MODE_OFF).status()));
}

TEST_F(RulePacksTest, ThereIsABoundOnPacks) {
  for (size_t i = 1; i < RulePacks::kMaxPacks; ++i) {
    const auto published =
        Publish(Pack(1, {"ant"}, kIssuer, absl::StrCat("p", i)));
    ASSERT_TRUE(published.ok()) << published.status();
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      Publish(Pack(1, {"ant"}, kIssuer, "one-more")).status()));
  EXPECT_TRUE(Publish(Pack(2, {"ant"})).ok());
}

TEST_F(RulePacksTest, ABuiltInPackThatIsNoneIsTheProgramsFault) {
  options_.built_in = {"pack: ["};
  EXPECT_TRUE(absl::IsInternal(RulePacks::Open(options_).status()));
}

}  // namespace
}  // namespace lenscap
