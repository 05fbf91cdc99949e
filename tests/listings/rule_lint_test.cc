#include "listings/rule_lint.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "listings/rule_examples.h"
#include "listings/rule_pack.h"
#include "tests/listings/made_packs.h"

namespace lenscap {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr absl::string_view kNotes =
    "description: d\nreferences: [r]\nfalsepositives: [f]\n"
    "examples: {positive: [a], negative: [b]}\n";

std::vector<std::string> LintOf(const std::string& pack) {
  const auto parsed = ParseRulePack(pack);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? LintRulePack(*parsed) : std::vector<std::string>();
}

std::vector<std::string> LintOfRule(absl::string_view detection,
                                    absl::string_view more = "") {
  return LintOf(
      MadePack({MadeRule("r", detection, absl::StrCat(kNotes, more))}));
}

TEST(RuleLintTest, ARuleThatSaysEverythingHasNoWarning) {
  EXPECT_THAT(LintOfRule("a: [针孔摄像头, spy camera]\ncondition: a"),
              IsEmpty());
}

TEST(RuleLintTest, WhatARuleDoesNotSayIsAsked) {
  EXPECT_THAT(LintOf(MadePack({MadeRule("r", "a: pinhole\ncondition: a")})),
              ElementsAre("line 6: rule \"r\": has no description",
                          "line 6: rule \"r\": has no references",
                          "line 6: rule \"r\": has no falsepositives",
                          "line 6: rule \"r\": has no positive examples",
                          "line 6: rule \"r\": has no negative examples"));
  EXPECT_THAT(LintOf(MadePack({})),
              ElementsAre("line 1: the pack has no rules"));
}

TEST(RuleLintTest, ASelectionThatTheConditionDoesNotNameIsNamed) {
  EXPECT_THAT(LintOfRule("a: pinhole\nb: lens\ncondition: a"),
              ElementsAre("line 17: rule \"r\": selection \"b\" is not in the "
                          "condition"));
}

TEST(RuleLintTest, KeysThatSayTooLittleOrNothingAreNamed) {
  EXPECT_THAT(LintOfRule("a: [cam, 针, 📷, 针孔, lens]\ncondition: a"),
              ElementsAre(HasSubstr("key \"cam\" is short"),
                          HasSubstr("key \"针\" is short"),
                          HasSubstr("key \"📷\" is nothing once normalised")));
  EXPECT_THAT(LintOfRule("a: {category|exact: cam}\ncondition: a"), IsEmpty());
  // Other keys must be there too.
  EXPECT_THAT(LintOfRule("a: cam\nb: pinhole\ncondition: a and b"), IsEmpty());
  EXPECT_THAT(LintOfRule("a: {any: cam, title: pinhole}\ncondition: a"),
              IsEmpty());
  EXPECT_THAT(LintOfRule("a: {any|all: [cam, pinhole]}\ncondition: a"),
              IsEmpty());
}

TEST(RuleLintTest, KeysThatAreTheSameOnceNormalisedAreNamed) {
  EXPECT_THAT(LintOfRule("a: [SPY-CAM, 针孔, spy cam, 針孔]\ncondition: a"),
              ElementsAre(HasSubstr("key \"spy cam\" is the same as "
                                    "\"SPY-CAM\" in line 16"),
                          HasSubstr("key \"針孔\" is the same as \"针孔\"")));
  // Only in one of its views.
  EXPECT_THAT(LintOfRule("a: [spycam, spy cam]\ncondition: a"), IsEmpty());
}

TEST(RuleLintTest, ExpressionsThatAreNotNormalisedAreNamed) {
  EXPECT_THAT(
      LintOfRule("a: {any|re: ['Lens', '針孔', 'l.n[s]', '\\d\\p{Han}', "
                 "'针 孔']}\ncondition: a"),
      ElementsAre(HasSubstr("has \"L\", which its view never has"),
                  HasSubstr("has \"針\"")));
  EXPECT_THAT(LintOfRule("a: {any|re|tight: ['a b']}\ncondition: a"),
              ElementsAre(HasSubstr("has \" \"")));
  EXPECT_THAT(LintOfRule("a: {any|re|sound: ['针kong']}\ncondition: a"),
              ElementsAre(HasSubstr("has \"针\"")));
}

TEST(RuleLintTest, ScoresThatDoNotSuitTheLevelOrTheCapAreNamed) {
  EXPECT_THAT(LintOfRule("a: pinhole\ncondition: a", "score: 60\n"),
              ElementsAre(HasSubstr("score 60 does not suit level low")));
  EXPECT_THAT(LintOfRule("a: pinhole\ncondition: a", "score: 0\n"),
              ElementsAre(HasSubstr("neither a score nor an action")));
  EXPECT_THAT(
      LintOf(MadePack({MadeRule("r", "a: pinhole\ncondition: a",
                                absl::StrCat(kNotes, "score: 20\n"))},
                      "caps: {object: 15}\n")),
      ElementsAre(HasSubstr("score 20 is above the cap of its group, 15")));
}

std::string ExampleFaults(const std::vector<std::string>& rules) {
  const auto parsed = ParseRulePack(MadePack(rules));
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  if (!parsed.ok()) return "unreadable";
  return std::string(CheckExamples(*parsed).message());
}

TEST(RuleExamplesTest, AFailingExampleNamesRuleAndLine) {
  EXPECT_EQ(
      ExampleFaults({MadeRule("r", "a: pinhole\ncondition: a",
                              "examples:\n  positive:\n  - a pinhole\n"
                              "  - a lens\n  negative:\n  - dash cam\n"
                              "  - {description: PIN-HOLE pinhole}\n")}),
      "line 12: rule \"r\": positive example is not hit: \"a lens\"\n"
      "line 15: rule \"r\": negative example is hit: \"PIN-HOLE pinhole\"");
}

TEST(RuleExamplesTest, EachRuleIsTriedAloneWhateverItsStatusAndAge) {
  EXPECT_EQ(ExampleFaults(
                {MadeRule("old", "a: pinhole\ncondition: a",
                          "status: deprecated\nvalid_until: 1999-01-01\n"
                          "examples: {positive: [pinhole], negative: [b]}\n"),
                 MadeRule("other", "a: lens\ncondition: a",
                          "examples: {positive: [lens], negative: "
                          "[pinhole]}\n")}),
            "");
}

TEST(RuleExamplesTest, AnExampleIsOfItsKindAndLocale) {
  EXPECT_EQ(ExampleFaults({MadeRule(
                "r", "a: pinhole\ncondition: a",
                "kinds: [post]\nlocale: en\nexamples:\n"
                "  positive: [pinhole, {title: pinhole, locale: en-US}]\n"
                "  negative: [{title: pinhole, kind: profile}, "
                "{title: pinhole, locale: zh}]\n")}),
            "");
}

}  // namespace
}  // namespace lenscap
