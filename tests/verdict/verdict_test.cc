#include "verdict/verdict.h"

#include <cmath>
#include <limits>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "verdict/policy.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Policy Policy(const std::string& rules) {
  const auto policy = ParsePolicy("version: \"p1\" " + rules);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.value_or(v1::Policy());
}

ClipMatch Match() {
  ClipMatch match;
  match.list_id = "ncii";
  match.entry_id = "entry";
  match.severity = Severity::kConfirmed;
  match.query = {absl::Seconds(10), absl::Seconds(20)};
  match.reference = {absl::Seconds(0), absl::Seconds(10)};
  match.query_coverage = 0.5;
  match.reference_coverage = 0.25;
  match.frames_matched = 20;
  match.frames_sampled = 20;
  match.best_distance = 2;
  match.median_distance = 10;
  match.score = 0.5;
  return match;
}

CueReport Cues(const std::string& name, double probability) {
  CueReport report;
  Cue& cue = report.cues.emplace_back();
  cue.name = name;
  cue.probability = probability;
  return report;
}

TEST(VerdictTest, NothingFoundIsAllowed) {
  const auto verdict = Decide({}, {}, Policy(""));
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
  EXPECT_EQ(verdict.policy_version(), "p1");
  EXPECT_EQ(verdict.shadow_action(), v1::ACTION_UNSPECIFIED);
}

TEST(VerdictTest, WhatNoRuleFitsIsAllowed) {
  const auto verdict = Decide({Match()}, Cues("infrared", 1), Policy(""));
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
}

// Each condition at Match()'s own figure, and one step beyond it.
struct Condition {
  std::string fits;
  std::string does_not;
};

class ConditionTest : public testing::TestWithParam<Condition> {
 protected:
  static v1::Action ActionUnder(const std::string& condition,
                                const ClipMatch& match) {
    return Decide({match}, {},
                  Policy(absl::StrCat("match_rules { name: \"m\" ", condition,
                                      " action: ACTION_BLOCK }")))
        .action();
  }
};

TEST_P(ConditionTest, HoldsUpToItsBound) {
  EXPECT_EQ(ActionUnder(GetParam().fits, Match()), v1::ACTION_BLOCK);
  EXPECT_EQ(ActionUnder(GetParam().does_not, Match()), v1::ACTION_ALLOW);
}

TEST_P(ConditionTest, OnFramesIsNothingToAnEqualFile) {
  const bool frames = GetParam().fits.find("list_ids") == std::string::npos &&
                      GetParam().fits.find("severity") == std::string::npos;
  ClipMatch match = Match();
  match.kind = ClipMatch::Kind::kExactFile;
  EXPECT_EQ(ActionUnder(GetParam().fits, match), v1::ACTION_BLOCK);
  EXPECT_EQ(ActionUnder(GetParam().does_not, match),
            frames ? v1::ACTION_BLOCK : v1::ACTION_ALLOW);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConditionTest,
    testing::Values(
        Condition{"list_ids: \"ncii\"", "list_ids: \"other\""},
        Condition{"list_ids: \"other\" list_ids: \"ncii\"",
                  "list_ids: \"other\" list_ids: \"nci\""},
        Condition{"min_severity: SEVERITY_SUSPECTED",
                  "min_severity: SEVERITY_CRITICAL"},
        Condition{"min_severity: SEVERITY_CONFIRMED",
                  "min_severity: SEVERITY_CRITICAL"},
        Condition{"min_frames: 20", "min_frames: 21"},
        Condition{"max_median_distance: 10", "max_median_distance: 9"},
        Condition{"max_median_distance: 256", "max_median_distance: 0"},
        Condition{"min_query_coverage: 0.5", "min_query_coverage: 0.51"},
        Condition{"min_reference_coverage: 0.25",
                  "min_reference_coverage: 0.26"},
        Condition{"min_query_span { seconds: 10 }",
                  "min_query_span { seconds: 10 nanos: 1 }"},
        Condition{"min_reference_span { seconds: 10 }",
                  "min_reference_span { seconds: 10 nanos: 1 }"},
        Condition{"min_score: 0.5", "min_score: 0.51"},
        Condition{"min_frames: 1 min_query_span { seconds: 1 }",
                  "min_frames: 1 min_query_span { seconds: 60 }"}));

TEST(VerdictTest, TheGravestActionWinsAndItsReasonComesFirst) {
  const v1::Policy policy = Policy(R"(
    match_rules { name: "look" list_ids: "a" action: ACTION_REVIEW }
    match_rules { name: "stop" list_ids: "b" action: ACTION_BLOCK }
    match_rules { name: "fine" list_ids: "c" action: ACTION_ALLOW })");
  std::vector<ClipMatch> matches(3, Match());
  matches[0].list_id = "c";
  matches[1].list_id = "a";
  matches[2].list_id = "b";
  const auto verdict = Decide(matches, {}, policy);
  EXPECT_EQ(verdict.action(), v1::ACTION_BLOCK);
  EXPECT_THAT(verdict.reasons(),
              ElementsAre(HasSubstr("\"stop\""), HasSubstr("\"look\""),
                          HasSubstr("\"fine\"")));
}

TEST(VerdictTest, EachMatchHasTheReasonOfTheGravestRuleThatFits) {
  const auto verdict = Decide({Match()}, {}, Policy(R"(
    match_rules { name: "look" action: ACTION_REVIEW }
    match_rules { name: "first" action: ACTION_BLOCK }
    match_rules { name: "second" action: ACTION_BLOCK })"));
  EXPECT_THAT(verdict.reasons(), ElementsAre(HasSubstr("\"first\"")));
}

TEST(VerdictTest, ManyReasonsAreCounted) {
  const std::vector<ClipMatch> matches(1000, Match());
  const auto verdict = Decide(matches, {}, Policy(R"(
    match_rules { name: "stop" action: ACTION_BLOCK })"));
  EXPECT_EQ(verdict.reasons_size(), 21);
  EXPECT_EQ(verdict.reasons(20), "and 980 more");
}

TEST(VerdictTest, ACueIsReviewedFromItsProbabilityOn) {
  const v1::Policy policy = Policy(R"(
    cue_rules { name: "ir" cue: "infrared" min_probability: 0.9
                action: ACTION_REVIEW })");
  EXPECT_EQ(Decide({}, Cues("infrared", 0.9), policy).action(),
            v1::ACTION_REVIEW);
  EXPECT_EQ(Decide({}, Cues("infrared", 0.89), policy).action(),
            v1::ACTION_ALLOW);
  EXPECT_EQ(Decide({}, Cues("fixed_angle", 1), policy).action(),
            v1::ACTION_ALLOW);
  EXPECT_EQ(Decide({}, Cues("infrared", std::nan("")), policy).action(),
            v1::ACTION_ALLOW);
}

TEST(VerdictTest, CuesNeverBlockEvenUnderAPolicyThatNobodyChecked) {
  v1::Policy policy;
  v1::CueRule& rule = *policy.add_cue_rules();
  rule.set_cue("infrared");
  rule.set_min_probability(0.5);
  rule.set_action(v1::ACTION_BLOCK);
  EXPECT_EQ(Decide({}, Cues("infrared", 1), policy).action(),
            v1::ACTION_REVIEW);
}

TEST(VerdictTest, ASceneFitsRulesForScenesAndNoOthers) {
  const auto policy = Policy(
      "match_rules { name: \"footage\" action: ACTION_BLOCK } "
      "match_rules { name: \"scene\" same_scene: true min_query_span "
      "{ seconds: 3 } action: ACTION_REVIEW }");
  ClipMatch match = Match();
  EXPECT_EQ(Decide({match}, {}, policy).action(), v1::ACTION_BLOCK);
  match.kind = ClipMatch::Kind::kSameScene;
  const auto verdict = Decide({match}, {}, policy);
  EXPECT_EQ(verdict.action(), v1::ACTION_REVIEW);
  EXPECT_THAT(verdict.reasons(), ElementsAre(HasSubstr("\"scene\"")));
  match.query.end = match.query.start + absl::Seconds(2);
  EXPECT_EQ(Decide({match}, {}, policy).action(), v1::ACTION_ALLOW);
}

TEST(VerdictTest, ScenesNeverBlockEvenUnderAPolicyThatNobodyChecked) {
  v1::Policy policy;
  auto* rule = policy.add_match_rules();
  rule->set_same_scene(true);
  rule->set_action(v1::ACTION_BLOCK);
  ClipMatch match = Match();
  match.kind = ClipMatch::Kind::kSameScene;
  EXPECT_EQ(Decide({match}, {}, policy).action(), v1::ACTION_REVIEW);
}

TEST(VerdictTest, RulesInShadowLeaveOnlyTheirMark) {
  const auto verdict = Decide({Match()}, Cues("infrared", 1), Policy(R"(
    match_rules { name: "new" action: ACTION_BLOCK shadow: true }
    match_rules { name: "old" action: ACTION_REVIEW }
    cue_rules { name: "ir" cue: "infrared" min_probability: 0.5
                action: ACTION_REVIEW shadow: true })"));
  EXPECT_EQ(verdict.action(), v1::ACTION_REVIEW);
  EXPECT_THAT(verdict.reasons(), ElementsAre(HasSubstr("\"old\"")));
  EXPECT_EQ(verdict.shadow_action(), v1::ACTION_BLOCK);
  EXPECT_THAT(verdict.shadow_reasons(),
              ElementsAre(HasSubstr("\"new\""), HasSubstr("\"ir\"")));
}

TEST(VerdictTest, ARuleWithoutAnActionIsNone) {
  v1::Policy policy;
  policy.add_match_rules()->set_name("forgotten");
  policy.add_match_rules()->set_action(v1::ACTION_UNREADABLE);
  policy.add_match_rules()->set_action(static_cast<v1::Action>(99));
  const auto verdict = Decide({Match()}, {}, policy);
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
}

TEST(VerdictTest, FiguresThatAreNoneMeetNoCondition) {
  const v1::Policy policy = Policy(R"(
    match_rules { name: "m" min_query_coverage: 0.1 action: ACTION_BLOCK }
    match_rules { name: "s" min_query_span { nanos: 1 }
                  action: ACTION_REVIEW })");
  ClipMatch match = Match();
  match.query_coverage = std::nan("");
  match.query = {absl::Seconds(5), absl::Seconds(3)};
  EXPECT_EQ(Decide({match}, {}, policy).action(), v1::ACTION_ALLOW);
}

// Whatever comes in, a verdict comes out that can be sent.
TEST(VerdictTest, AnyInputHasAVerdict) {
  const v1::Policy policy = Policy(R"(
    match_rules { name: "m" min_query_coverage: 0.5 max_median_distance: 9
                  min_query_span { seconds: 1 } action: ACTION_BLOCK }
    match_rules { name: "n" action: ACTION_REVIEW }
    cue_rules { name: "c" cue: "x" min_probability: 0.5 action: ACTION_REVIEW }
    )");
  std::mt19937 random(1);
  const auto real = [&] {
    const double odd[] = {std::nan(""), INFINITY, -INFINITY, -1, 0, 0.5, 1e300};
    return odd[random() % std::size(odd)];
  };
  const auto integer = [&] {
    const int odd[] = {std::numeric_limits<int>::min(), -1, 0, 1, 300,
                       std::numeric_limits<int>::max()};
    return odd[random() % std::size(odd)];
  };
  const auto text = [&] {
    std::string bytes(random() % 5, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  };
  const auto time = [&] { return real() * absl::Seconds(1); };
  for (int i = 0; i < 5000; ++i) {
    ClipMatch match;
    match.list_id = text();
    match.entry_id = text();
    match.severity = static_cast<Severity>(integer());
    match.kind = static_cast<ClipMatch::Kind>(integer());
    match.query = {time(), time()};
    match.reference = {time(), time()};
    match.query_coverage = real();
    match.reference_coverage = real();
    match.frames_matched = integer();
    match.frames_sampled = integer();
    match.median_distance = integer();
    match.orientation = static_cast<Orientation>(integer());
    match.speed = real();
    const auto verdict = Decide({match}, Cues("x", real()), policy);
    EXPECT_TRUE(v1::Verdict().ParseFromString(verdict.SerializeAsString()));
    EXPECT_GE(verdict.action(), v1::ACTION_ALLOW);
    EXPECT_LE(verdict.action(), v1::ACTION_BLOCK);
    const int priority = CasePriority(verdict, {match});
    EXPECT_GE(priority, 0);
    EXPECT_LE(priority, 1000);
  }
}

TEST(VerdictTest, WhatIsUnreadableSaysWhy) {
  const auto verdict = Unreadable("no video stream", Policy(""));
  EXPECT_EQ(verdict.action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(verdict.reasons(), ElementsAre("no video stream"));
  EXPECT_EQ(verdict.policy_version(), "p1");
}

v1::Verdict VerdictOf(v1::Action action) {
  v1::Verdict verdict;
  verdict.set_action(action);
  return verdict;
}

TEST(CasePriorityTest, KnownClipsComeBeforeCuesAndCuesBeforeNothing) {
  ClipMatch faint = Match();
  faint.severity = Severity::kSuspected;
  faint.frames_matched = 1;
  faint.median_distance = 256;
  faint.reference_coverage = 0;
  const auto review = VerdictOf(v1::ACTION_REVIEW);
  const auto unreadable = VerdictOf(v1::ACTION_UNREADABLE);
  EXPECT_GT(CasePriority(review, {faint}), CasePriority(review, {}));
  EXPECT_GT(CasePriority(review, {}), CasePriority(unreadable, {}));
  EXPECT_GT(CasePriority(unreadable, {}),
            CasePriority(VerdictOf(v1::ACTION_ALLOW), {}));
}

TEST(CasePriorityTest, GraveComesBeforeSure) {
  ClipMatch sure = Match();
  sure.kind = ClipMatch::Kind::kExactFile;
  ClipMatch grave = Match();
  grave.frames_matched = 1;
  grave.median_distance = 31;
  for (const Severity severity : {Severity::kSuspected, Severity::kConfirmed}) {
    sure.severity = severity;
    grave.severity = static_cast<Severity>(static_cast<int>(severity) + 1);
    const auto verdict = VerdictOf(v1::ACTION_REVIEW);
    EXPECT_GT(CasePriority(verdict, {grave}), CasePriority(verdict, {sure}));
  }
}

TEST(CasePriorityTest, OfEquallyGraveOnesTheSurerComesFirst) {
  ClipMatch match = Match();
  const auto verdict = VerdictOf(v1::ACTION_BLOCK);
  const int usual = CasePriority(verdict, {match});
  match.frames_matched = 5;
  EXPECT_LT(CasePriority(verdict, {match}), usual);
  match = Match();
  match.median_distance = 25;
  EXPECT_LT(CasePriority(verdict, {match}), usual);
  match = Match();
  match.reference_coverage = 1;
  EXPECT_GT(CasePriority(verdict, {match}), usual);
  match.frames_matched = 1000;
  match.median_distance = 0;
  const int most = CasePriority(verdict, {match});
  match = Match();
  match.kind = ClipMatch::Kind::kExactFile;
  EXPECT_GT(CasePriority(verdict, {match}), most);
}

TEST(CasePriorityTest, TheBestMatchCounts) {
  ClipMatch grave = Match();
  grave.severity = Severity::kCritical;
  const auto verdict = VerdictOf(v1::ACTION_BLOCK);
  EXPECT_EQ(CasePriority(verdict, {Match(), grave, Match()}),
            CasePriority(verdict, {grave}));
}

constexpr char kBlock[] =
    "match_rules { name: \"block\" action: ACTION_BLOCK min_frames: 1 } ";

TEST(VerdictTest, AListInShadowOnlyLeavesItsMark) {
  ClipMatch match = Match();
  match.shadow = true;
  const auto verdict = Decide({match}, {}, Policy(kBlock));
  EXPECT_EQ(verdict.action(), v1::ACTION_ALLOW);
  EXPECT_THAT(verdict.reasons(), IsEmpty());
  EXPECT_EQ(verdict.shadow_action(), v1::ACTION_BLOCK);
  EXPECT_THAT(verdict.shadow_reasons(), ElementsAre(HasSubstr("\"entry\"")));
  EXPECT_EQ(CasePriority(verdict, {match}), 0);
}

TEST(VerdictTest, AListInShadowDoesNotHideAnother) {
  ClipMatch shadow = Match();
  shadow.shadow = true;
  ClipMatch other = Match();
  other.entry_id = "other";
  const auto verdict = Decide({shadow, other}, {}, Policy(kBlock));
  EXPECT_EQ(verdict.action(), v1::ACTION_BLOCK);
  EXPECT_THAT(verdict.reasons(), ElementsAre(HasSubstr("\"other\"")));
  EXPECT_THAT(verdict.shadow_reasons(), ElementsAre(HasSubstr("\"entry\"")));
}

TEST(VerdictTest, AnIssuerWhoAsksForAReviewIsNotBlockedFor) {
  ClipMatch match = Match();
  match.advice = Advice::kReview;
  const auto verdict = Decide({match}, {}, Policy(kBlock));
  EXPECT_EQ(verdict.action(), v1::ACTION_REVIEW);
  EXPECT_THAT(verdict.reasons(),
              ElementsAre(HasSubstr("asks for a review, not for a block")));
}

TEST(VerdictTest, AdviceToBlockRaisesNothing) {
  ClipMatch match = Match();
  match.advice = Advice::kBlock;
  const auto verdict =
      Decide({match}, {},
             Policy("match_rules { name: \"look\" action: ACTION_REVIEW "
                    "min_frames: 1 }"));
  EXPECT_EQ(verdict.action(), v1::ACTION_REVIEW);
}

}  // namespace
}  // namespace lenscap
