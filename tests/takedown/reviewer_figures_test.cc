#include "takedown/reviewer_figures.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

v1::Decision DecisionBy(const std::string& reviewer,
                        v1::Decision::Outcome outcome, int at, int taken = 0) {
  v1::Decision decision;
  decision.set_reviewer(reviewer);
  decision.set_outcome(outcome);
  decision.mutable_time()->set_seconds(at);
  if (taken > 0) decision.mutable_taken()->set_seconds(taken);
  return decision;
}

v1::Case DecidedBy(std::initializer_list<v1::Decision> decisions) {
  v1::Case opened;
  for (const v1::Decision& decision : decisions) {
    *opened.add_decisions() = decision;
  }
  return opened;
}

TEST(ReviewerFiguresTest, CountsDecisionsAndHowLongTheyTook) {
  ReviewerCounter counter({});
  counter.Add(DecidedBy({DecisionBy("bob", kRemove, 1, 30)}));
  counter.Add(DecidedBy({DecisionBy("ann", kRemove, 1, 10)}));
  counter.Add(DecidedBy({DecisionBy("ann", kKeep, 2, 90)}));
  counter.Add(DecidedBy({DecisionBy("ann", kKeep, 3, 20)}));
  counter.Add(DecidedBy({DecisionBy("cy", kKeep, 3)}));
  const v1::ReviewerStatsReply reply = counter.Finish();
  ASSERT_EQ(reply.reviewers_size(), 3);
  EXPECT_EQ(reply.reviewers(0).reviewer(), "ann");
  EXPECT_EQ(reply.reviewers(0).decisions(), 3);
  EXPECT_EQ(reply.reviewers(0).median_time().seconds(), 20);
  EXPECT_EQ(reply.reviewers(1).decisions(), 1);
  EXPECT_FALSE(reply.reviewers(2).has_median_time());
}

TEST(ReviewerFiguresTest, ADecisionThatWentAlongWithAnUploadCountsOnce) {
  ReviewerCounter counter({});
  counter.Add(DecidedBy({DecisionBy("ann", kRemove, 1, 10)}));
  counter.Add(DecidedBy(
      {DecisionBy("ann", kRemove, 1, 10), DecisionBy("bob", kRemove, 9)}));
  EXPECT_EQ(counter.Finish().reviewers(0).decisions(), 1);
  EXPECT_EQ(counter.Finish().reviewers(1).decisions(), 1);
}

TEST(ReviewerFiguresTest, AnAppealThatIsUpheldReversesNothing) {
  v1::Case appealed =
      DecidedBy({DecisionBy("ann", kRemove, 1), DecisionBy("bob", kKeep, 2)});
  appealed.add_rounds(1);
  v1::Case upheld =
      DecidedBy({DecisionBy("ann", kRemove, 3), DecisionBy("bob", kRemove, 4)});
  upheld.add_rounds(1);
  v1::Case withdrawn =
      DecidedBy({DecisionBy("ann", kRemove, 5), DecisionBy("bob", kKeep, 6)});
  withdrawn.add_rounds(1);
  withdrawn.set_reopened_by("system");
  // Two decisions on different uploads of one case contradict nobody.
  const v1::Case parts =
      DecidedBy({DecisionBy("ann", kRemove, 7), DecisionBy("ann", kKeep, 8)});
  ReviewerCounter counter({});
  for (const v1::Case& opened : {appealed, upheld, withdrawn, parts}) {
    counter.Add(opened);
  }
  const v1::ReviewerStatsReply reply = counter.Finish();
  EXPECT_EQ(reply.reviewers(0).reversed(), 1);
  EXPECT_EQ(reply.reviewers(1).reversed(), 0);
}

TEST(ReviewerFiguresTest, SecondReviewsSayHowOftenTwoAgree) {
  v1::Case agreed = DecidedBy({DecisionBy("bob", kRemove, 2, 7)});
  *agreed.add_reviews() = DecisionBy("ann", kRemove, 1, 5);
  *agreed.add_reviews() = DecisionBy("bob", kRemove, 2, 7);
  v1::Case disputed = DecidedBy({DecisionBy("cy", kKeep, 5)});
  *disputed.add_reviews() = DecisionBy("ann", kRemove, 3);
  *disputed.add_reviews() = DecisionBy("bob", kKeep, 4);
  ReviewerCounter counter({});
  counter.Add(agreed);
  counter.Add(disputed);
  const v1::ReviewerStatsReply reply = counter.Finish();
  ASSERT_EQ(reply.reviewers_size(), 3);
  for (int i : {0, 1}) {
    EXPECT_EQ(reply.reviewers(i).reviewed_twice(), 2);
    EXPECT_EQ(reply.reviewers(i).agreed(), 1);
    EXPECT_EQ(reply.reviewers(i).decisions(), 2);
  }
  EXPECT_EQ(reply.reviewers(0).median_time().seconds(), 5);
  EXPECT_EQ(reply.reviewers(2).reviewed_twice(), 0);
}

TEST(ReviewerFiguresTest, GoldenCasesCountWhenTheyAreAnswered) {
  ReviewerCounter counter(
      {absl::FromUnixSeconds(10), absl::FromUnixSeconds(20)});
  counter.AddGolden("ann", true, absl::FromUnixSeconds(10));
  counter.AddGolden("ann", false, absl::FromUnixSeconds(19));
  counter.AddGolden("ann", true, absl::FromUnixSeconds(20));
  counter.Add(DecidedBy({DecisionBy("ann", kRemove, 9)}));
  const v1::ReviewerStatsReply reply = counter.Finish();
  ASSERT_EQ(reply.reviewers_size(), 1);
  EXPECT_EQ(reply.reviewers(0).golden(), 2);
  EXPECT_EQ(reply.reviewers(0).golden_right(), 1);
  EXPECT_EQ(reply.reviewers(0).decisions(), 0);
}

}  // namespace
}  // namespace lenscap
