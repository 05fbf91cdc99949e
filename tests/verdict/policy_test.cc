#include "verdict/policy.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

// A policy of one match rule with these further fields.
std::string WithMatchRule(const std::string& fields) {
  return absl::StrCat("version: \"v\" match_rules { name: \"m\" ", fields,
                      " }");
}
std::string WithCueRule(const std::string& fields) {
  return absl::StrCat("version: \"v\" cue_rules { name: \"c\" ", fields, " }");
}

TEST(PolicyTest, EveryFieldIsRead) {
  const auto policy = ParsePolicy(R"(
    version: "2026-01"
    match_rules {
      name: "block"
      list_ids: "list-a"
      list_ids: "list.b_2"
      min_severity: SEVERITY_CONFIRMED
      min_frames: 8
      max_median_distance: 24
      min_query_coverage: 0.25
      min_reference_coverage: 0.5
      min_query_span { seconds: 4 nanos: 500000000 }
      min_reference_span { seconds: 3 }
      min_score: 0.75
      action: ACTION_BLOCK
      shadow: true
    }
    cue_rules {
      name: "cue"
      cue: "infrared"
      min_probability: 1
      action: ACTION_REVIEW
      shadow: true
    })");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->version(), "2026-01");
  ASSERT_EQ(policy->match_rules_size(), 1);
  const v1::MatchRule& rule = policy->match_rules(0);
  EXPECT_EQ(rule.list_ids(1), "list.b_2");
  EXPECT_EQ(rule.min_severity(), v1::SEVERITY_CONFIRMED);
  EXPECT_EQ(rule.max_median_distance(), 24);
  EXPECT_EQ(rule.min_query_span().nanos(), 500'000'000);
  EXPECT_EQ(rule.min_reference_span().seconds(), 3);
  EXPECT_EQ(rule.action(), v1::ACTION_BLOCK);
  EXPECT_EQ(rule.min_score(), 0.75);
  EXPECT_FALSE(rule.same_scene());
  EXPECT_TRUE(rule.shadow());
  ASSERT_EQ(policy->cue_rules_size(), 1);
  EXPECT_EQ(policy->cue_rules(0).min_probability(), 1);
}

TEST(PolicyTest, APolicyWithoutRulesAllowsEverything) {
  EXPECT_TRUE(ParsePolicy("version: \"v\"").ok());
}

TEST(PolicyTest, BoundsAreIncluded) {
  const std::string name(64, 'x');
  for (const std::string& text : {
           absl::StrCat("version: \"", name, "\""),
           WithMatchRule("action: ACTION_ALLOW"),
           WithMatchRule("action: ACTION_REVIEW max_median_distance: 0"),
           WithMatchRule("action: ACTION_REVIEW max_median_distance: 256"),
           WithMatchRule("action: ACTION_REVIEW min_query_coverage: 1"),
           WithMatchRule(
               absl::StrCat("action: ACTION_REVIEW list_ids: \"", name, "\"")),
           WithMatchRule("action: ACTION_REVIEW min_query_span {}"),
           WithCueRule("cue: \"x\" min_probability: 1e-9 action: ACTION_ALLOW"),
           // 64 characters of three bytes each.
           absl::StrCat(
               "version: \"",
               [] {
                 std::string text;
                 for (int i = 0; i < 64; ++i) text += "\xe5\x81\xb7";
                 return text;
               }(),
               "\""),
       }) {
    EXPECT_TRUE(ParsePolicy(text).ok()) << ParsePolicy(text).status() << text;
  }
}

struct Fault {
  std::string text;
  std::string message;  // Part of what is said of it.
};

class PolicyFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(PolicyFaultTest, IsSaid) {
  const auto policy = ParsePolicy(GetParam().text);
  EXPECT_TRUE(absl::IsInvalidArgument(policy.status())) << GetParam().text;
  EXPECT_THAT(std::string(policy.status().message()),
              HasSubstr(GetParam().message));
}

const std::string& Long() {
  static const auto* const text = new std::string(65, 'x');
  return *text;
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, PolicyFaultTest,
    testing::Values(
        Fault{"version: \"v\"\n  match_rule {}", "line 2, column 14"},
        Fault{"version: 7", "line 1, column 10"},
        Fault{"version: \"v\" version: \"w\"", "version"},
        Fault{"match_rules { min_frames: 99999999999 }", "line 1"},
        Fault{"match_rules { action: ACTION_SHRED }", "ACTION_SHRED"},
        Fault{"match_rules {", "line 1"},
        Fault{std::string("\0\xff", 2), "line 1"},
        Fault{std::string((1 << 20) + 1, '#'), "1048577 bytes"}));

INSTANTIATE_TEST_SUITE_P(
    Names, PolicyFaultTest,
    testing::Values(
        Fault{"", "version has 0 characters"},
        Fault{absl::StrCat("version: \"", Long(), "\""),
              "version has 65 characters"},
        Fault{"version: \"\\377\"", "UTF-8"},
        Fault{"version: \"v\" match_rules {}",
              "match_rules[0] \"\": name has 0"},
        Fault{"version: \"v\" cue_rules {}", "cue_rules[0] \"\": name has 0"},
        Fault{"version: \"v\""
              " match_rules { name: \"a\" action: ACTION_ALLOW }"
              " match_rules { name: \"a\" action: ACTION_ALLOW }",
              "match_rules[1] \"a\": name is that of another rule"},
        Fault{"version: \"v\""
              " match_rules { name: \"a\" action: ACTION_ALLOW }"
              " cue_rules { name: \"a\" cue: \"b\" min_probability: 1"
              " action: ACTION_ALLOW }",
              "cue_rules[0] \"a\": name is that of another rule"},
        Fault{WithMatchRule("action: ACTION_ALLOW list_ids: \"\""), "list_ids"},
        Fault{WithMatchRule("action: ACTION_ALLOW list_ids: \"UPPER\""),
              "list_ids \"UPPER\""},
        Fault{WithMatchRule(absl::StrCat("action: ACTION_ALLOW list_ids: \"",
                                         Long(), "\"")),
              "list_ids"},
        Fault{WithCueRule("min_probability: 1 action: ACTION_ALLOW"),
              "cue has 0"}));

INSTANTIATE_TEST_SUITE_P(
    Bounds, PolicyFaultTest,
    testing::Values(
        Fault{WithMatchRule("min_severity: 9"), "min_severity is 9"},
        Fault{WithMatchRule("min_frames: -1"), "min_frames is -1"},
        Fault{WithMatchRule("min_score: 1.5"), "min_score is 1.5"},
        Fault{WithMatchRule("min_score: nan"), "min_score is nan"},
        Fault{WithMatchRule("same_scene: true action: ACTION_BLOCK"),
              "scenes alone never block"},
        Fault{WithMatchRule("max_median_distance: -1"),
              "max_median_distance is -1"},
        Fault{WithMatchRule("max_median_distance: 257"),
              "max_median_distance is 257; it must be 0 to 256"},
        Fault{WithMatchRule("min_query_coverage: 1.5"),
              "match_rules[0] \"m\": min_query_coverage is 1.5"},
        Fault{WithMatchRule("min_query_coverage: nan"), "min_query_coverage"},
        Fault{WithMatchRule("min_reference_coverage: -0.1"),
              "min_reference_coverage is -0.1"},
        Fault{WithMatchRule("min_reference_coverage: inf"),
              "min_reference_coverage"},
        Fault{WithMatchRule("min_query_span { seconds: -1 }"),
              "min_query_span is -1 s"},
        Fault{WithMatchRule("min_query_span { seconds: 315576000001 }"),
              "min_query_span"},
        Fault{WithMatchRule("min_reference_span { nanos: 1000000000 }"),
              "min_reference_span"},
        Fault{WithMatchRule("min_reference_span { nanos: -1 }"),
              "min_reference_span"},
        Fault{WithMatchRule(""), "action is ACTION_UNSPECIFIED"},
        Fault{WithMatchRule("action: ACTION_UNREADABLE"),
              "action is ACTION_UNREADABLE"},
        Fault{WithMatchRule("action: 9"), "action is 9"},
        Fault{WithCueRule("cue: \"x\" action: ACTION_ALLOW"),
              "min_probability is 0"},
        Fault{WithCueRule("cue: \"x\" min_probability: 1.1"),
              "min_probability is 1.1"},
        Fault{WithCueRule("cue: \"x\" min_probability: nan"),
              "min_probability"},
        Fault{WithCueRule("cue: \"x\" min_probability: 1 action: ACTION_BLOCK"),
              "cues alone never block"},
        Fault{WithCueRule("cue: \"x\" min_probability: 1"), "action"}));

constexpr char kGoodListings[] =
    "review_score: 50 gravest_rule_action: ACTION_REVIEW "
    "removed_photo_action: ACTION_ALLOW ";

std::string WithListings(const std::string& more) {
  return absl::StrCat("version: \"v\" listings { ", more, " }");
}

TEST(PolicyTest, ListingsHaveAPolicyOfTheirOwn) {
  const auto policy =
      ParsePolicy(WithListings(absl::StrCat(kGoodListings, "block_score: 50")));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->listings().review_score(), 50);
  EXPECT_EQ(policy->listings().block_score(), 50);
}

INSTANTIATE_TEST_SUITE_P(
    Listings, PolicyFaultTest,
    testing::Values(
        Fault{WithListings(""), "listings: review_score is 0"},
        Fault{WithListings("review_score: nan"), "review_score is nan"},
        Fault{WithListings("review_score: 1000001"), "review_score"},
        Fault{WithListings("review_score: 50"), "gravest_rule_action"},
        Fault{WithListings("review_score: 50 "
                           "gravest_rule_action: ACTION_BLOCK"),
              "removed_photo_action"},
        Fault{WithListings(absl::StrCat(kGoodListings, "block_score: 49.9")),
              "block_score is 49.9; it must be 50"},
        Fault{WithListings(absl::StrCat(kGoodListings, "block_score: nan")),
              "block_score is nan"},
        Fault{
            WithListings(absl::StrCat(kGoodListings, "max_photo_distance: 32")),
            "max_photo_distance is 32; it must be 0 to 31"},
        Fault{
            WithListings(absl::StrCat(kGoodListings, "score_per_removal: -1")),
            "score_per_removal is -1"},
        Fault{
            WithListings(absl::StrCat(kGoodListings, "max_removal_score: inf")),
            "max_removal_score"}));

TEST(PolicyTest, AFileIsNamedInWhatIsSaidOfIt) {
  const std::string path = MakeTempDirectory() + "/policy.textproto";
  EXPECT_TRUE(absl::IsNotFound(LoadPolicy(path).status()));
  EXPECT_THAT(std::string(LoadPolicy(path).status().message()),
              HasSubstr(path));
  std::ofstream(path) << "version: 7";
  EXPECT_THAT(std::string(LoadPolicy(path).status().message()),
              HasSubstr(path + ": line 1, column 10"));
  std::ofstream(path) << "version: \"v\"";
  EXPECT_EQ(LoadPolicy(path)->version(), "v");
}

TEST(PolicyTest, WhatIsNoFileIsRefused) {
  EXPECT_FALSE(LoadPolicy(MakeTempDirectory()).ok());
  // Has no end, and is not waited for.
  EXPECT_TRUE(absl::IsInvalidArgument(LoadPolicy("/dev/zero").status()));
}

}  // namespace
}  // namespace lenscap
