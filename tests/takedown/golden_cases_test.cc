#include "takedown/golden_cases.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

v1::Case Decided(const std::string& name) {
  v1::Case decided;
  decided.set_case_id(absl::StrCat("case-", name));
  decided.set_content_id(absl::StrCat("video-81", name));
  decided.set_account("user_4711");
  decided.set_group("late night");
  decided.set_tenant("forum");
  decided.set_queue(v1::CASE_QUEUE_KNOWN_CLIP);
  decided.mutable_report()->set_content_id(decided.content_id());
  decided.mutable_report()->set_case_id(decided.case_id());
  decided.mutable_report()->set_sha256(std::string(32, 's'));
  decided.add_decisions()->set_reviewer("ann");
  return decided;
}

bool Any(const v1::Case&) { return true; }

class GoldenCasesTest : public testing::Test {
 protected:
  GoldenCasesTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~GoldenCasesTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    golden_.reset();
    auto golden = GoldenCases::Open(directory_, &clock_);
    ASSERT_TRUE(golden.ok()) << golden.status();
    golden_ = *std::move(golden);
  }
  std::string Add(const std::string& name,
                  v1::Decision::Outcome outcome = kRemove) {
    clock_.Advance(absl::Seconds(1));
    const auto added = golden_->Add(Decided(name), outcome, "beyond doubt");
    EXPECT_TRUE(added.ok()) << added.status();
    return added.ok() ? added->golden_id() : "";
  }
  std::optional<GoldenCases::Drawn> Draw(const std::string& reviewer) {
    const auto drawn = golden_->Draw(reviewer, Any);
    EXPECT_TRUE(drawn.ok()) << drawn.status();
    return drawn.value_or(std::nullopt);
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<GoldenCases> golden_;
};

TEST_F(GoldenCasesTest, EachReviewerHasEachOnceOldestFirst) {
  const std::string first = Add("b");
  const std::string second = Add("a", kKeep);
  for (const std::string reviewer : {"bob", "cy"}) {
    EXPECT_EQ(Draw(reviewer)->turn.golden_id(), first);
    Reopen();
    EXPECT_EQ(Draw(reviewer)->turn.golden_id(), second);
    EXPECT_FALSE(Draw(reviewer).has_value());
    Reopen();
    EXPECT_FALSE(Draw(reviewer).has_value());
  }
}

TEST_F(GoldenCasesTest, WhoDecidedOnItDoesNotGetIt) {
  Add("a");
  EXPECT_FALSE(Draw("ann").has_value());
}

TEST_F(GoldenCasesTest, WhatDoesNotFitIsKeptForLater) {
  Add("a");
  const auto none = golden_->Draw("bob", [](const v1::Case&) { return false; });
  EXPECT_FALSE(none->has_value());
  EXPECT_TRUE(Draw("bob").has_value());
}

TEST_F(GoldenCasesTest, ATurnKnowsWhatStandsBehindTheCase) {
  const std::string id = Add("a", kKeep);
  const auto drawn = Draw("bob");
  Reopen();
  const auto turn = golden_->TurnOf(drawn->turn.case_id());
  ASSERT_TRUE(turn.ok() && turn->has_value());
  EXPECT_EQ((*turn)->golden_id(), id);
  EXPECT_EQ((*turn)->original_case_id(), "case-a");
  EXPECT_EQ((*turn)->outcome(), kKeep);
  EXPECT_EQ((*turn)->reviewer(), "bob");
  EXPECT_FALSE(golden_->TurnOf("case-a")->has_value());
  // It stays what it was, whatever becomes of the pool.
  ASSERT_TRUE(golden_->Remove(id).ok());
  EXPECT_TRUE(golden_->TurnOf(drawn->turn.case_id())->has_value());
}

TEST_F(GoldenCasesTest, NothingOfTheOriginalGivesItAway) {
  Add("a");
  const auto drawn = Draw("bob");
  const v1::Case& shown = drawn->shown;
  const v1::Case original = Decided("a");
  EXPECT_NE(shown.content_id(), original.content_id());
  EXPECT_THAT(shown.content_id(), HasSubstr("video-"));
  EXPECT_EQ(shown.content_id().size(), original.content_id().size());
  EXPECT_NE(shown.account(), original.account());
  EXPECT_NE(shown.report().sha256(), original.report().sha256());
  EXPECT_EQ(shown.report().content_id(), shown.content_id());
  EXPECT_EQ(shown.report().case_id(), "");
  EXPECT_TRUE(shown.decisions().empty());
  EXPECT_EQ(shown.tenant(), original.tenant());
  EXPECT_EQ(drawn->turn.case_id(), TakedownQueue::CaseId(shown.content_id()));
  // Nor do two reviewers who talk to one another.
  EXPECT_NE(Draw("cy")->shown.content_id(), shown.content_id());
}

TEST_F(GoldenCasesTest, DisguisesLookLikeWhatTheyHide) {
  EXPECT_EQ(Disguise("", "s"), "");
  EXPECT_EQ(Disguise("user_4711", "s"), Disguise("user_4711", "s"));
  EXPECT_NE(Disguise("user_4711", "s"), Disguise("user_4711", "t"));
  EXPECT_THAT(Disguise("user_4711", "s"), HasSubstr("user_"));
  EXPECT_EQ(Disguise("alice", "s").size(), 9);
  EXPECT_THAT(Disguise("\xe5\x81\xb7 7", "s"), HasSubstr("\xe5\x81\xb7 "));
  const std::string digest =
      Disguise(absl::StrCat("sha256:", std::string(64, '1')), "s");
  EXPECT_EQ(
      digest.substr(digest.find(':') + 1).find_first_not_of("0123456789abcdef"),
      std::string::npos);
  const std::string hex = Disguise("deadbeef00112233", "s");
  EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST_F(GoldenCasesTest, ACaseIsGoldenOnceAndUntilItIsRemoved) {
  const std::string id = Add("a");
  EXPECT_TRUE(
      absl::IsAlreadyExists(golden_->Add(Decided("a"), kRemove, "").status()));
  ASSERT_EQ(golden_->List().size(), 1);
  EXPECT_EQ(golden_->List()[0].note(), "beyond doubt");
  EXPECT_EQ(golden_->Remove(id)->golden_id(), id);
  EXPECT_TRUE(absl::IsNotFound(golden_->Remove(id).status()));
  Reopen();
  EXPECT_TRUE(golden_->List().empty());
  EXPECT_EQ(Add("a"), id);
}

TEST_F(GoldenCasesTest, TheNoteAndThePoolAreBounded) {
  EXPECT_THAT(golden_->Add(Decided("a"), kRemove, std::string(1025, 'n'))
                  .status()
                  .message(),
              HasSubstr("note"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      golden_->Add(Decided("a"), kRemove, "\xff").status()));
  for (int i = 0; i < GoldenCases::kMaxGolden; ++i) Add(absl::StrCat(i));
  EXPECT_TRUE(absl::IsResourceExhausted(
      golden_->Add(Decided("more"), kRemove, "").status()));
}

TEST_F(GoldenCasesTest, AFullDiskTakesNobodysTurn) {
  Add("a");
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(golden_->Draw("bob", Any).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(
      golden_->Add(Decided("b"), kRemove, "").status()));
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  Reopen();
  EXPECT_EQ(golden_->List().size(), 1);
  EXPECT_TRUE(Draw("bob").has_value());
}

}  // namespace
}  // namespace lenscap
