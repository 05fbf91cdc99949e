// What the policy that is delivered makes of what is usually found.

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "verdict/policy.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

constexpr char kPath[] = "deploy/policy.textproto";

struct Found {
  absl::string_view what;
  Severity severity = Severity::kConfirmed;
  int frames = 0;
  int median_distance = 0;
  double query_seconds = 0;
  double reference_seconds = 0;
  double query_coverage = 0;
  double reference_coverage = 0;
  v1::Action action = v1::ACTION_ALLOW;
  double score = 0.8;
};

ClipMatch ToMatch(const Found& found) {
  ClipMatch match;
  match.list_id = "list";
  match.entry_id = "entry";
  match.severity = found.severity;
  match.frames_matched = found.frames;
  match.frames_sampled = found.frames;
  match.median_distance = found.median_distance;
  match.query.end = absl::Seconds(found.query_seconds);
  match.reference.end = absl::Seconds(found.reference_seconds);
  match.query_coverage = found.query_coverage;
  match.reference_coverage = found.reference_coverage;
  match.score = found.score;
  return match;
}

constexpr auto kSuspected = Severity::kSuspected;
constexpr auto kConfirmed = Severity::kConfirmed;
constexpr auto kCritical = Severity::kCritical;
constexpr auto kAllow = v1::ACTION_ALLOW;
constexpr auto kReview = v1::ACTION_REVIEW;
constexpr auto kBlock = v1::ACTION_BLOCK;

// Frames are sampled twice a second.
const Found kFound[] = {
    {"an excerpt of ten seconds in a long video", kConfirmed, 19, 6, 10, 10,
     0.05, 0.3, kBlock},
    {"the same, compressed to the limit", kConfirmed, 15, 23, 10, 10, 0.05, 0.3,
     kBlock},
    {"the same, of a critical clip", kCritical, 19, 6, 10, 10, 0.05, 0.3,
     kBlock},
    {"the same, of a clip that nobody has assessed", kSuspected, 19, 6, 10, 10,
     0.05, 0.3, kReview},
    {"a cropped one, whose frames are farther", kConfirmed, 19, 35, 10, 10,
     0.05, 0.3, kBlock},
    {"frames that change little together", kConfirmed, 19, 6, 10, 10, 0.05, 0.3,
     kReview, 0.4},
    {"an intro that many clips have", kConfirmed, 10, 6, 5, 5, 0.05, 0.3,
     kAllow, 0.2},
    {"two seconds in a long video", kConfirmed, 4, 6, 2, 2, 0.01, 0.1, kReview},
    {"a still of the clip, ten seconds long", kConfirmed, 20, 4, 10, 0.5, 0.05,
     0.02, kReview},
    {"the whole of a clip of two seconds", kConfirmed, 4, 6, 2, 2, 1, 1,
     kBlock},
    {"the same with far frames", kConfirmed, 4, 20, 2, 2, 1, 1, kReview},
    {"one frame in a long video", kConfirmed, 1, 0, 0.5, 0.5, 0.001, 0.01,
     kAllow},
    {"one frame in a long video, of a critical clip", kCritical, 1, 8, 0.5, 0.5,
     0.001, 0.01, kReview},
    {"one far frame of a critical clip", kCritical, 1, 28, 0.5, 0.5, 0.001,
     0.01, kAllow},
    {"a picture that is a frame of the clip", kConfirmed, 1, 4, 0, 0.5, 1, 0.01,
     kReview},
    {"a picture that is a listed picture", kCritical, 1, 0, 0, 0, 1, 1,
     kReview},
    {"a picture that is far from it", kConfirmed, 1, 30, 0, 0, 1, 1, kAllow},
    {"a single listed picture, shown for long", kCritical, 60, 2, 30, 0, 1, 1,
     kReview},
};

class DefaultPolicyTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto policy = LoadPolicy(kPath);
    ASSERT_TRUE(policy.ok()) << policy.status();
    policy_ = *policy;
  }

  v1::Policy policy_;
};

TEST_F(DefaultPolicyTest, DecidesTheUsualCasesAsMeant) {
  for (const Found& found : kFound) {
    const auto verdict = Decide({ToMatch(found)}, {}, policy_);
    EXPECT_EQ(v1::Action_Name(verdict.action()), v1::Action_Name(found.action))
        << found.what;
  }
}

TEST_F(DefaultPolicyTest, BlocksNoUploadForOneFrame) {
  Found found = {"one frame", kCritical, 1, 0, 0, 0, 0, 0, kAllow};
  for (const double coverage : {0.0, 0.5, 1.0}) {
    for (const double seconds : {0.0, 0.5, 3600.0}) {
      found.query_coverage = found.reference_coverage = coverage;
      found.query_seconds = found.reference_seconds = seconds;
      EXPECT_NE(Decide({ToMatch(found)}, {}, policy_).action(), kBlock);
    }
  }
}

TEST_F(DefaultPolicyTest, BlocksEqualFilesThatAreConfirmed) {
  ClipMatch match = ToMatch({"", kConfirmed, 1, 0, 0, 0, 1, 1, kBlock});
  match.kind = ClipMatch::Kind::kExactFile;
  EXPECT_EQ(Decide({match}, {}, policy_).action(), kBlock);
  match.severity = kSuspected;
  EXPECT_EQ(Decide({match}, {}, policy_).action(), kReview);
}

TEST_F(DefaultPolicyTest, SendsTheSameCameraAtAnotherTimeToAPerson) {
  ClipMatch match = ToMatch({"", kCritical, 60, 2, 30, 30, 1, 1, kReview});
  match.kind = ClipMatch::Kind::kSameScene;
  EXPECT_EQ(Decide({match}, {}, policy_).action(), kReview);
  match.query.end = match.query.start + absl::Seconds(2);
  EXPECT_EQ(Decide({match}, {}, policy_).action(), kAllow);
}

TEST_F(DefaultPolicyTest, ReviewsWhatLooksLikeAHiddenCameraAndNeverBlocksIt) {
  CueReport report;
  report.cues.push_back({.name = "hidden_camera",
                         .probability = 0.59,
                         .spans = {},
                         .evidence = {}});
  EXPECT_EQ(Decide({}, report, policy_).action(), kAllow);
  report.cues[0].probability = 1;
  EXPECT_EQ(Decide({}, report, policy_).action(), kReview);
}

TEST_F(DefaultPolicyTest, OnlyCountsSingleCues) {
  CueReport report;
  for (const char* name : {"infrared", "fixed_angle"}) {
    Cue& cue = report.cues.emplace_back();
    cue.name = name;
    cue.probability = 1;
  }
  const auto verdict = Decide({}, report, policy_);
  EXPECT_EQ(verdict.action(), kAllow);
  EXPECT_EQ(verdict.shadow_action(), kReview);
  EXPECT_EQ(verdict.shadow_reasons_size(), 2);
}

}  // namespace
}  // namespace lenscap
