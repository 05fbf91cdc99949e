#include "verdict/listing_verdict.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "verdict/policy.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPolicy[] = R"(
version: "p"
match_rules { name: "file" min_severity: SEVERITY_CONFIRMED action: ACTION_BLOCK }
listings {
  review_score: 50
  block_score: 0
  gravest_rule_action: ACTION_REVIEW
  max_photo_distance: 31
  removed_photo_action: ACTION_REVIEW
  score_per_removal: 10
  max_removal_score: 30
}
)";

RuleHit Hit(const std::string& id, double score, bool shadow = false,
            RuleAction action = RuleAction::kNone) {
  RuleHit hit;
  hit.rule_id = id;
  hit.pack_id = "pack";
  hit.score = score;
  hit.shadow = shadow;
  hit.action = action;
  return hit;
}

v1::PhotoMatch RemovedPhoto(int distance) {
  v1::PhotoMatch photo;
  photo.set_listing_id("other");
  photo.set_distance(distance);
  photo.set_standing(v1::PhotoMatch::STANDING_REMOVED);
  return photo;
}

class ListingVerdictTest : public testing::Test {
 protected:
  ListingVerdictTest() : policy_(*ParsePolicy(kPolicy)) {}

  void SetScore(double score, double shadow_score = -1) {
    text_.score = score;
    text_.shadow_score = shadow_score < 0 ? score : shadow_score;
  }
  ListingEvidence Evidence() const {
    return {
        .text = text_,
        .clips = clips_,
        .photos = photos_,
        .video = video_.action() == v1::ACTION_UNSPECIFIED ? nullptr : &video_,
        .seller = seller_};
  }
  v1::Verdict Decide() const { return DecideListing(Evidence(), policy_); }

  v1::Policy policy_;
  TextReview text_;
  std::vector<ClipMatch> clips_;
  std::vector<v1::PhotoMatch> photos_;
  v1::Verdict video_;
  v1::SellerHistory seller_;
};

TEST_F(ListingVerdictTest, NothingFoundIsAllowed) {
  const v1::Verdict verdict = Decide();
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
  EXPECT_EQ(verdict.shadow_action(), v1::ACTION_UNSPECIFIED);
  EXPECT_EQ(verdict.policy_version(), "p");
}

TEST_F(ListingVerdictTest, FromTheLineOnAPersonLooks) {
  text_.hits = {Hit("a", 30), Hit("b", 20)};
  SetScore(49.99);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
  SetScore(50);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(Decide().reasons(),
              ElementsAre("The text scores 50 by rules \"a\", \"b\"; from 50 "
                          "on it is looked at."));
}

TEST_F(ListingVerdictTest, AScoreBlocksOnlyWhereThePolicySaysSo) {
  SetScore(1e6);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  policy_.mutable_listings()->set_block_score(80);
  EXPECT_EQ(Decide().action(), v1::ACTION_BLOCK);
  SetScore(79);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
}

TEST_F(ListingVerdictTest, ARuleAsksForNoMoreThanThePolicyAllows) {
  text_.hits = {Hit("a", 1, false, RuleAction::kBlock)};
  SetScore(1);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(Decide().reasons(0), HasSubstr("the policy makes a review"));
  policy_.mutable_listings()->set_gravest_rule_action(v1::ACTION_BLOCK);
  EXPECT_EQ(Decide().action(), v1::ACTION_BLOCK);
  policy_.mutable_listings()->set_gravest_rule_action(v1::ACTION_ALLOW);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
}

TEST_F(ListingVerdictTest, RulesInShadowOnlyLeaveTheirMark) {
  text_.hits = {Hit("a", 40), Hit("b", 30, true),
                Hit("c", 0, true, RuleAction::kReview)};
  SetScore(40, 70);
  const v1::Verdict verdict = Decide();
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_EQ(verdict.shadow_action(), v1::ACTION_REVIEW);
  EXPECT_EQ(verdict.shadow_reasons_size(), 2);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
}

TEST_F(ListingVerdictTest, AnExclusionInShadowSaysThatItWouldBeAllowed) {
  text_.hits = {Hit("a", 60), Hit("b", -30, true)};
  SetScore(60, 30);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(Decide().shadow_action(), v1::ACTION_ALLOW);
}

TEST_F(ListingVerdictTest, RemovalsAddToAScoreUpToABoundAndNeverMakeOne) {
  seller_.set_removed(100);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
  SetScore(19);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);  // 19 and 30.
  SetScore(20);
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(Decide().reasons(0),
              HasSubstr(", and 30 for 100 earlier removals of the seller"));
  seller_.set_removed(1);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
}

TEST_F(ListingVerdictTest, APhotoOfARemovedListingIsLookedAt) {
  photos_ = {RemovedPhoto(31)};
  EXPECT_EQ(Decide().action(), v1::ACTION_REVIEW);
  EXPECT_THAT(Decide().reasons(0),
              HasSubstr("listing \"other\", which was removed (31 of 256"));
  photos_ = {RemovedPhoto(32)};
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
  photos_ = {RemovedPhoto(0)};
  photos_[0].set_standing(v1::PhotoMatch::STANDING_KEPT);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
}

TEST_F(ListingVerdictTest, AListedClipFallsUnderTheRulesForClips) {
  ClipMatch clip;
  clip.list_id = "list";
  clip.entry_id = "entry";
  clip.severity = Severity::kCritical;
  clip.kind = ClipMatch::Kind::kExactFile;
  clips_ = {clip};
  SetScore(60);
  const v1::Verdict verdict = Decide();
  EXPECT_EQ(verdict.action(), v1::ACTION_BLOCK);
  EXPECT_EQ(verdict.reasons_size(), 2);
  EXPECT_THAT(verdict.reasons(0), HasSubstr("A photo: Rule \"file\""));
  EXPECT_GT(ListingPriority(Evidence(), verdict), 900);
}

TEST_F(ListingVerdictTest, TheVideosVerdictCounts) {
  video_.set_action(v1::ACTION_BLOCK);
  video_.add_reasons("because");
  EXPECT_EQ(Decide().action(), v1::ACTION_BLOCK);
  EXPECT_THAT(Decide().reasons(), ElementsAre("The video: because"));
  video_.set_action(v1::ACTION_UNREADABLE);
  EXPECT_EQ(Decide().action(), v1::ACTION_ALLOW);
  EXPECT_THAT(Decide().reasons(),
              ElementsAre("The video could not be read: because"));
}

TEST_F(ListingVerdictTest, AnyEvidenceHasAVerdictAndAPriority) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double score : {nan, infinity, -infinity, -5.0, 1e300}) {
    for (const double line : {nan, infinity, 0.0, -1.0, 50.0}) {
      SetScore(score, score);
      text_.shadow_score = score;
      policy_.mutable_listings()->set_review_score(line);
      policy_.mutable_listings()->set_block_score(line);
      policy_.mutable_listings()->set_score_per_removal(line);
      seller_.set_removed(3);
      const v1::Verdict verdict = Decide();
      EXPECT_GE(verdict.action(), v1::ACTION_ALLOW);
      EXPECT_LE(verdict.action(), v1::ACTION_BLOCK);
      const int priority = ListingPriority(Evidence(), verdict);
      EXPECT_GE(priority, 0);
      EXPECT_LE(priority, 1000);
    }
  }
}

TEST_F(ListingVerdictTest, GraverListingsComeFirst) {
  const auto priority = [&] { return ListingPriority(Evidence(), Decide()); };
  SetScore(0);
  EXPECT_EQ(priority(), 0);
  SetScore(50);
  const int low = priority();
  SetScore(120);
  const int high = priority();
  photos_ = {RemovedPhoto(3)};
  const int removed = priority();
  EXPECT_LT(low, high);
  EXPECT_LT(high, removed);
  EXPECT_LT(removed, 400);
}

TEST_F(ListingVerdictTest, ManyRulesAreCountedNotAllTold) {
  for (int i = 0; i < 50; ++i) {
    text_.hits.push_back(Hit("r", 1, false, RuleAction::kReview));
  }
  SetScore(50);
  const v1::Verdict verdict = Decide();
  EXPECT_EQ(verdict.reasons_size(), 21);
  EXPECT_EQ(verdict.reasons(20), "and 31 more");
}

}  // namespace
}  // namespace lenscap
