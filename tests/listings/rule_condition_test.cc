#include "listings/rule_condition.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kNames = {"a", "b", "hidden_1", "hidden_2"};

// Whether it holds as `expected` says, for all 16 ways the selections can be.
void ExpectAs(const std::string& text,
              const std::function<bool(bool, bool, bool, bool)>& expected) {
  const auto condition = RuleCondition::Parse(text, kNames);
  ASSERT_TRUE(condition.ok()) << text << ": " << condition.status();
  for (uint64_t mask = 0; mask < 16; ++mask) {
    EXPECT_EQ(condition->Holds(mask),
              expected(mask & 1, mask & 2, mask & 4, mask & 8))
        << text << " with " << mask;
  }
}

std::string FaultOf(const std::string& text) {
  const auto condition = RuleCondition::Parse(text, kNames);
  return condition.ok() ? "none" : std::string(condition.status().message());
}

TEST(RuleConditionTest, NotBindsTighterThanAndAndAndTighterThanOr) {
  ExpectAs("a", [](bool a, bool, bool, bool) { return a; });
  ExpectAs("a or b and hidden_1",
           [](bool a, bool b, bool c, bool) { return a || (b && c); });
  ExpectAs("(a or b) and hidden_1",
           [](bool a, bool b, bool c, bool) { return (a || b) && c; });
  ExpectAs("a and not b or hidden_2",
           [](bool a, bool b, bool, bool d) { return (a && !b) || d; });
  ExpectAs("a and not not b",
           [](bool a, bool b, bool, bool) { return a && b; });
  ExpectAs("a and not (b or not hidden_1)",
           [](bool a, bool b, bool c, bool) { return a && !(b || !c); });
}

TEST(RuleConditionTest, SeveralSelectionsAreNamedAtOnce) {
  ExpectAs("1 of hidden_*", [](bool, bool, bool c, bool d) { return c || d; });
  ExpectAs("all of hidden_*",
           [](bool, bool, bool c, bool d) { return c && d; });
  ExpectAs("1 of them",
           [](bool a, bool b, bool c, bool d) { return a || b || c || d; });
  ExpectAs("all of them",
           [](bool a, bool b, bool c, bool d) { return a && b && c && d; });
  ExpectAs("a and not 1 of hidden_*",
           [](bool a, bool, bool c, bool d) { return a && !c && !d; });
}

TEST(RuleConditionTest, WhatCannotBeReadIsNamed) {
  EXPECT_THAT(FaultOf(""), HasSubstr("ends where a selection should stand"));
  EXPECT_THAT(FaultOf("a and"), HasSubstr("ends where"));
  EXPECT_THAT(FaultOf("a b"), HasSubstr("does not go on with \"b\""));
  EXPECT_THAT(FaultOf("(a"), HasSubstr("closing parenthesis"));
  EXPECT_THAT(FaultOf("a)"), HasSubstr("does not go on with \")\""));
  EXPECT_THAT(FaultOf("c"), HasSubstr("no selection \"c\""));
  EXPECT_THAT(FaultOf("AND"), HasSubstr("no selection \"AND\""));
  EXPECT_THAT(FaultOf("1 hidden_*"), HasSubstr("lacks \"of\""));
  EXPECT_THAT(FaultOf("1 of a"), HasSubstr("neither \"them\" nor"));
  EXPECT_THAT(FaultOf("1 of h*d*"), HasSubstr("neither \"them\" nor"));
  EXPECT_THAT(FaultOf("1 of c*"), HasSubstr("no selection fits \"c*\""));
  EXPECT_THAT(FaultOf("a & b"), HasSubstr("does not go on with \"&\""));
  EXPECT_THAT(FaultOf("a é"), HasSubstr("does not go on with \"é\""));
}

TEST(RuleConditionTest, AConditionThatFitsEveryTextIsRefused) {
  EXPECT_THAT(FaultOf("not a"), HasSubstr("fits every text"));
  EXPECT_THAT(FaultOf("a or not b"), HasSubstr("fits every text"));
}

TEST(RuleConditionTest, DepthAndLengthAreBounded) {
  const std::string open(32, '('), close(32, ')');
  // As high as the stack of values gets.
  std::string high, end;
  for (int i = 0; i < 32; ++i) {
    high += "a or b and (";
    end += ")";
  }
  EXPECT_EQ(FaultOf(open + "a" + close), "none");
  ExpectAs(high + "hidden_1" + end,
           [](bool a, bool b, bool c, bool) { return a || (b && c); });
  EXPECT_THAT(FaultOf("(" + open + "a" + close + ")"),
              HasSubstr("nests deeper than 32"));
  EXPECT_THAT(FaultOf(std::string(1025, 'a')), HasSubstr("1025 bytes"));
  EXPECT_EQ(FaultOf(absl::StrCat("a", std::string(1000, ' '))), "none");
}

TEST(RuleConditionTest, MayHoldWhereOneOfTheWaysOfTheUnknownHolds) {
  for (const char* text :
       {"a", "a and b", "a and not b", "(a or b) and not hidden_1",
        "a and not (b or not hidden_1)", "1 of hidden_* and not all of them",
        "a and (b or hidden_1) and not (b and hidden_2)"}) {
    const auto condition = RuleCondition::Parse(text, kNames);
    ASSERT_TRUE(condition.ok()) << text;
    for (uint64_t held = 0; held < 16; ++held) {
      for (uint64_t unknown = 0; unknown < 16; ++unknown) {
        bool may_hold = false;
        for (uint64_t way = 0; way < 16; ++way) {
          may_hold |= condition->Holds(held | (way & unknown));
        }
        if (may_hold) {
          EXPECT_TRUE(condition->MayHold(held, unknown)) << text;
        } else if (std::string(text) != "1 of hidden_* and not all of them" &&
                   std::string(text).find("(b and hidden_2)") ==
                       std::string::npos) {
          // Where nothing is wanted and denied at once it is exact.
          EXPECT_FALSE(condition->MayHold(held, unknown)) << text;
        }
      }
    }
  }
}

TEST(RuleConditionTest, KnowsWhatItAsksForAndWhatItDenies) {
  const auto condition =
      RuleCondition::Parse("a and not (hidden_1 and not b)", kNames);
  ASSERT_TRUE(condition.ok());
  EXPECT_EQ(condition->named(), 7u);
  EXPECT_EQ(condition->wanted(), 3u);
}

}  // namespace
}  // namespace lenscap
