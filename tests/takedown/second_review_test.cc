#include "takedown/second_review.h"

#include <optional>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;
constexpr double kAll = 1;

v1::Decision DecisionBy(const std::string& reviewer,
                        v1::Decision::Outcome outcome, int seconds) {
  v1::Decision decision;
  decision.set_reviewer(reviewer);
  decision.set_outcome(outcome);
  decision.mutable_time()->set_seconds(seconds);
  return decision;
}

v1::Case CaseNamed(const std::string& case_id) {
  v1::Case opened;
  opened.set_case_id(case_id);
  return opened;
}

TEST(SecondReviewTest, TheShareOfCasesIsSampledAndAlwaysTheSame) {
  int sampled = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = absl::StrCat("case-", i);
    sampled += IsSampled(id, 0.05);
    EXPECT_FALSE(IsSampled(id, 0));
    EXPECT_TRUE(IsSampled(id, 1));
    // A greater share has the cases of the smaller one.
    EXPECT_LE(IsSampled(id, 0.05), IsSampled(id, 0.06));
  }
  EXPECT_NEAR(sampled, 1000, 120);
}

TEST(SecondReviewTest, TwoWhoAgreeDecideAndTheFirstAloneDoesNot) {
  v1::Case opened = CaseNamed("case-a");
  EXPECT_EQ(TakeReview(kAll, DecisionBy("ann", kRemove, 1), opened),
            ReviewStep::kHidden);
  EXPECT_TRUE(IsUnderReview(opened));
  EXPECT_FALSE(IsDisputed(opened));
  EXPECT_EQ(TakeReview(kAll, DecisionBy("bob", kRemove, 2), opened),
            ReviewStep::kMade);
}

TEST(SecondReviewTest, WhereTwoDifferAThirdDecides) {
  v1::Case opened = CaseNamed("case-a");
  TakeReview(kAll, DecisionBy("ann", kRemove, 1), opened);
  EXPECT_EQ(TakeReview(kAll, DecisionBy("bob", kKeep, 2), opened),
            ReviewStep::kHidden);
  EXPECT_TRUE(IsDisputed(opened));
  EXPECT_EQ(TakeReview(kAll, DecisionBy("cy", kKeep, 3), opened),
            ReviewStep::kMade);
  EXPECT_EQ(opened.reviews_size(), 2);
}

TEST(SecondReviewTest, TheSecondReviewerLearnsNothingOfTheFirst) {
  const v1::Case untouched = CaseNamed("case-a");
  v1::Case opened = untouched;
  TakeReview(kAll, DecisionBy("ann", kRemove, 1), opened);
  v1::Case shown = opened;
  HideReviews(shown);
  EXPECT_EQ(shown.SerializeAsString(), untouched.SerializeAsString());
  // The third one sees what the two have decided.
  TakeReview(kAll, DecisionBy("bob", kKeep, 2), opened);
  shown = opened;
  HideReviews(shown);
  EXPECT_EQ(shown.reviews_size(), 2);
}

TEST(SecondReviewTest, AppealsAndFurtherRoundsAreNotReviewedTwice) {
  v1::Case decided = CaseNamed("case-a");
  *decided.add_decisions() = DecisionBy("ann", kRemove, 1);
  EXPECT_FALSE(AwaitsReview(decided, kAll));
  v1::Case reopened = CaseNamed("case-a");
  reopened.add_rounds(0);
  EXPECT_FALSE(AwaitsReview(reopened, kAll));
  EXPECT_EQ(TakeReview(kAll, DecisionBy("bob", kKeep, 2), decided),
            ReviewStep::kMade);
  EXPECT_EQ(decided.reviews_size(), 0);
}

TEST(SecondReviewTest, AReviewThatIsPendingCanBeTakenBack) {
  v1::Case opened = CaseNamed("case-a");
  TakeReview(kAll, DecisionBy("ann", kRemove, 5), opened);
  const absl::Time since = absl::FromUnixSeconds(5);
  ASSERT_NE(PendingReview(opened, "ann", since), nullptr);
  EXPECT_EQ(PendingReview(opened, "bob", since), nullptr);
  EXPECT_EQ(PendingReview(opened, "ann", since + absl::Seconds(1)), nullptr);
  TakeBackReview(DecisionBy("bob", kRemove, 5), opened);
  TakeBackReview(DecisionBy("ann", kRemove, 6), opened);
  EXPECT_EQ(opened.reviews_size(), 1);
  TakeBackReview(*PendingReview(opened, "ann", since), opened);
  EXPECT_FALSE(IsUnderReview(opened));
}

// What becomes of the decisions that come one by one, as it is told in words.
TEST(SecondReviewTest, AgreesWithAModelOfThreeReviewers) {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    v1::Case opened = CaseNamed(absl::StrCat("case-", i));
    const bool sampled = IsSampled(opened.case_id(), 0.5);
    std::vector<v1::Decision::Outcome> given;
    std::optional<v1::Decision::Outcome> held;
    for (int turn = 0; !held; ++turn) {
      const auto outcome = random() % 2 ? kRemove : kKeep;
      if (random() % 4 == 0) {  // Decides and thinks better of it.
        const auto slip = DecisionBy(absl::StrCat("r", turn), outcome, turn);
        TakeReview(0.5, slip, opened);
        TakeBackReview(slip, opened);
      }
      given.push_back(outcome);
      const auto decision = DecisionBy(absl::StrCat("r", turn), outcome, turn);
      const ReviewStep step = TakeReview(0.5, decision, opened);
      const bool makes = !sampled || given.size() == 3 ||
                         (given.size() == 2 && given[0] == given[1]);
      ASSERT_EQ(step == ReviewStep::kMade, makes) << i << " " << turn;
      if (step == ReviewStep::kMade) {
        *opened.add_decisions() = decision;
        held = outcome;
        ASSERT_FALSE(IsDisputed(opened));
        continue;
      }
      ASSERT_EQ(IsDisputed(opened), given.size() == 2);
      v1::Case shown = opened;
      HideReviews(shown);
      ASSERT_EQ(shown.reviews_size(), given.size() == 1 ? 0 : 2);
    }
    EXPECT_EQ(opened.reviews_size(), sampled ? 2 : 0);
  }
}

}  // namespace
}  // namespace lenscap
