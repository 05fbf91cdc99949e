#include "listings/rule_pack.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "listings/detection.h"
#include "tests/listings/made_packs.h"

namespace lenscap {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr absl::string_view kSimple = "a: pinhole\ncondition: a";

std::string FaultOf(absl::string_view pack) {
  const auto parsed = ParseRulePack(pack);
  if (parsed.ok()) return "none";
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

std::string FaultOfRule(absl::string_view detection,
                        absl::string_view more = "") {
  return FaultOf(MadePack({MadeRule("r", detection, more)}));
}

std::string FaultOfKey(absl::string_view key) {
  return FaultOfRule(absl::StrCat("a: {", key, "}\ncondition: a"));
}

TEST(RulePackTest, EveryFieldIsRead) {
  const auto pack = ParseRulePack(R"(pack: starter-zh
version: 12
issuer: lenscap
title: Starter
caps: {object: 30, exclusion: 80.5}
---
title: Pinhole camera
id: zh-object-pinhole
status: stable
description: A lens
references: [One, Two]
level: medium
tags: [campaign.modified-devices]
falsepositives: [Photography]
locale: zh
kinds: [post, listing]
group: object
score: 20
action: review
valid_until: 2029-12-31
detection:
  camera: [针孔摄像头, 针孔相机]
  tiny:
    attributes.lens size|lte: 5
    title|sound|all: 烟感
  condition: camera and tiny
examples:
  positive:
    - 针孔摄像头
    - {title: A, description: B, category: C, attributes: {lens size: 3.7mm}, kind: profile, locale: zh-TW}
  negative: [摄像头]
)");
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id, "starter-zh");
  EXPECT_EQ(pack->version, 12);
  EXPECT_EQ(pack->issuer, "lenscap");
  EXPECT_EQ(pack->title, "Starter");
  EXPECT_THAT(pack->caps, UnorderedElementsAre(Pair("object", 30.0),
                                               Pair("exclusion", 80.5)));
  ASSERT_THAT(pack->rules, SizeIs(1));
  const Rule& rule = pack->rules[0];
  EXPECT_EQ(rule.line, 7);
  EXPECT_EQ(rule.title, "Pinhole camera");
  EXPECT_EQ(rule.id, "zh-object-pinhole");
  EXPECT_EQ(rule.status, RuleStatus::kStable);
  EXPECT_EQ(rule.description, "A lens");
  EXPECT_THAT(rule.references, ElementsAre("One", "Two"));
  EXPECT_EQ(rule.level, "medium");
  EXPECT_THAT(rule.tags, ElementsAre("campaign.modified-devices"));
  EXPECT_THAT(rule.false_positives, ElementsAre("Photography"));
  EXPECT_EQ(rule.locale, "zh");
  EXPECT_THAT(rule.kinds,
              ElementsAre(ListingKind::kListing, ListingKind::kPost));
  EXPECT_EQ(rule.group, "object");
  EXPECT_EQ(rule.score, 20);
  EXPECT_EQ(rule.action, RuleAction::kReview);
  EXPECT_EQ(rule.valid_until,
            absl::FromCivil(absl::CivilDay(2030, 1, 1), absl::UTCTimeZone()));
  ASSERT_THAT(rule.positive, SizeIs(2));
  EXPECT_EQ(rule.positive[0].text.title, "针孔摄像头");
  EXPECT_EQ(rule.positive[0].line, 29);
  const ListingText& text = rule.positive[1].text;
  EXPECT_EQ(text.title, "A");
  EXPECT_EQ(text.description, "B");
  EXPECT_EQ(text.category, "C");
  EXPECT_THAT(text.attributes, ElementsAre(Pair("lens size", "3.7mm")));
  EXPECT_EQ(text.kind, ListingKind::kProfile);
  EXPECT_EQ(text.locale, "zh-TW");
  ASSERT_THAT(rule.negative, SizeIs(1));
  const auto& selections = rule.detection->selections();
  ASSERT_THAT(selections, SizeIs(2));
  EXPECT_THAT(selections[0].entries[0].keys, SizeIs(2));
  const DetectionEntry& tiny = selections[1].entries[0];
  EXPECT_EQ(tiny.field.attribute, "lens size");
  EXPECT_EQ(tiny.bound, DetectionEntry::Bound::kAtMost);
  EXPECT_EQ(tiny.number, 5);
  EXPECT_TRUE(selections[1].entries[1].all);
  EXPECT_TRUE(rule.detection->condition().Holds(3));
  EXPECT_FALSE(rule.detection->condition().Holds(1));
}

TEST(RulePackTest, AnExampleWithoutAKindIsOfTheFirstThatTheRuleIsFor) {
  const auto pack = ParseRulePack(MadePack({MadeRule(
      "r", kSimple, "kinds: [profile, post]\nexamples: {positive: [a]}\n")}));
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->rules[0].positive[0].text.kind, ListingKind::kPost);
}

TEST(RulePackTest, FaultsNameLineRuleAndField) {
  EXPECT_EQ(FaultOfRule(kSimple, "score: nan\n"),
            "line 9: rule \"r\": score: is \"nan\"; it must be a number from "
            "-1000 to 1000");
  EXPECT_EQ(FaultOfRule("a: x\ncondition: b"),
            "line 13: rule \"r\": detection: condition: there is no selection "
            "\"b\"");
}

TEST(RulePackTest, AllFaultsAreNamedUpToTwenty) {
  std::vector<std::string> rules;
  for (int i = 0; i < 30; ++i) {
    rules.push_back(MadeRule(absl::StrCat("r", i), kSimple, "level2: x\n"));
  }
  const std::string fault = FaultOf(MadePack(rules));
  const std::vector<std::string> lines = absl::StrSplit(fault, '\n');
  ASSERT_THAT(lines, SizeIs(20));
  EXPECT_EQ(lines[0], "line 9: rule \"r0\": unknown field \"level2\"");
  EXPECT_THAT(lines[19], HasSubstr("\"r19\""));
}

TEST(RulePackTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(FaultOf(""), "line 1: pack: has no header");
  EXPECT_THAT(
      FaultOf("title: a"),
      AllOf(HasSubstr("pack: is missing"), HasSubstr("version: is missing"),
            HasSubstr("issuer: is missing"), Not(HasSubstr("title"))));
  EXPECT_THAT(
      FaultOf(MadePack({"status: test\n"})),
      AllOf(HasSubstr("rule: id: is missing"), HasSubstr("title: is missing"),
            HasSubstr("level: is missing"), HasSubstr("group: is missing"),
            HasSubstr("detection: is missing")));
  EXPECT_THAT(FaultOfRule("a: x"), HasSubstr("condition: is missing"));
  EXPECT_THAT(FaultOfRule(kSimple, "status: stable\n"),
              AllOf(HasSubstr("needs a positive one"),
                    HasSubstr("needs a negative one")));
}

TEST(RulePackTest, ScoresAreNumbersWithinBoundsAndOfTheRightSign) {
  for (const char* score : {"nan", "inf", "-inf", "1e999", "0x10", "ten",
                            "1001", "", "[1]", "{a: 1}", "~"}) {
    EXPECT_THAT(FaultOfRule(kSimple, absl::StrCat("score: ", score, "\n")),
                HasSubstr("rule \"r\": score: "))
        << score;
  }
  EXPECT_THAT(FaultOfRule(kSimple, "score: -1\n"), HasSubstr("below 0"));
  EXPECT_THAT(FaultOfRule(kSimple, "group: exclusion\nscore: 1\n"),
              HasSubstr("must be below 0"));
  EXPECT_EQ(FaultOfRule(kSimple, "group: exclusion\nscore: -1\n"), "none");
  EXPECT_EQ(FaultOfRule(kSimple, "score: 2.5e1\n"), "none");
}

TEST(RulePackTest, WordsOutsideTheListsAreRefused) {
  for (const char* line :
       {"status: stabel", "action: ban", "kinds: [listings]", "locale: zh-CN",
        "locale: Zh", "valid_until: 2029-2-30", "valid_until: 2029-1-1",
        "valid_until: soon", "tags: [Two Words]", "examples: [a]",
        "examples: {positiv: [a]}", "examples: {positive: a}",
        "examples: {positive: [{colour: a}]}",
        "examples: {positive: [{kind: song}]}",
        "examples: {positive: [{attributes: [a]}]}", "title2: a",
        "description: [a]", "references: {a: b}"}) {
    EXPECT_THAT(FaultOfRule(kSimple, absl::StrCat(line, "\n")),
                StartsWith("line 9: rule \"r\": "))
        << line;
  }
  EXPECT_THAT(FaultOf(MadePack({}, "caps: {objects: 1}\n")),
              HasSubstr("caps: unknown field \"objects\""));
  EXPECT_THAT(FaultOf(MadePack({}, "caps: {object: -1}\n")),
              HasSubstr("caps: object: is \"-1\""));
}

TEST(RulePackTest, IdsAreNamesAndDiffer) {
  EXPECT_THAT(FaultOf(MadePack({MadeRule("a b", kSimple)})),
              HasSubstr("id: is \"a b\"; it must be"));
  EXPECT_THAT(
      FaultOf(MadePack({MadeRule("a", kSimple), MadeRule("a", kSimple)})),
      HasSubstr("rule \"a\": has the id of the rule in line 6"));
}

TEST(RulePackTest, FieldsAndModifiersAreKnownAndGoTogether) {
  EXPECT_EQ(FaultOfKey("title|words|tight: x"), "none");
  EXPECT_EQ(FaultOfKey("attributes.lens size|gte: '3'"), "none");
  EXPECT_EQ(FaultOfKey("any|re|sound: 'zhen.?kong'"), "none");
  EXPECT_THAT(FaultOfKey("tilte: x"), HasSubstr("is no field"));
  EXPECT_THAT(FaultOfKey("attributes.: x"), HasSubstr("is no field"));
  EXPECT_THAT(FaultOfKey("title|loud: x"), HasSubstr("modifier \"loud\""));
  EXPECT_THAT(FaultOfKey("title|all|all: x"), HasSubstr("modifier \"all\""));
  EXPECT_THAT(FaultOfKey("title|lt: 5"), HasSubstr("attributes.NAME"));
  EXPECT_THAT(FaultOfKey("attributes.a|lt|gt: 5"), HasSubstr("modifier"));
  EXPECT_THAT(FaultOfKey("attributes.a|lt: five"), HasSubstr("one number"));
  EXPECT_THAT(FaultOfKey("attributes.a|lt: [1, 2]"), HasSubstr("one number"));
  EXPECT_THAT(FaultOfKey("attributes.a|lt: nan"), HasSubstr("one number"));
  EXPECT_THAT(FaultOfKey("any|re|exact: x"), HasSubstr("expressions"));
  EXPECT_THAT(FaultOfKey("any|re|words|tight: x"), HasSubstr("one view"));
  EXPECT_THAT(FaultOfKey("any|nosound|words: x"), HasSubstr("nosound"));
  EXPECT_THAT(FaultOfKey("any: []"), HasSubstr("a text or a list of texts"));
  EXPECT_THAT(FaultOfKey("any: [[x]]"), HasSubstr("must be a text"));
  EXPECT_THAT(FaultOfKey("any: ''"), HasSubstr("is empty"));
  EXPECT_THAT(FaultOfKey(""), HasSubstr("it may have 1 to 32"));
  EXPECT_THAT(FaultOfRule("and: x\ncondition: and"),
              HasSubstr("no name of a selection"));
}

TEST(RulePackTest, ExpressionsThatExplodeAreRefusedWithRuleAndLine) {
  for (const char* expression :
       {"((a{1,100}){1,100}){1,100}", "(a|b|c){1000}{1000}",
        "((((a?){10}){10}){10}){10}", "[一-龥]{900}",
        "(((\\\\pL{9}){9}){9})"}) {
    EXPECT_THAT(FaultOfKey(absl::StrCat("any|re: \"", expression, "\"")),
                StartsWith("line 12: rule \"r\": detection: a: \"any|re\": the "
                           "expression "))
        << expression;
  }
  EXPECT_THAT(FaultOfKey("any|re: '(a)\\1'"), HasSubstr("cannot be read"));
  EXPECT_THAT(FaultOfKey("any|re: 'a*'"), HasSubstr("every text"));
  EXPECT_THAT(FaultOfKey("any|re: '(a'"), HasSubstr("cannot be read"));
}

TEST(RulePackTest, AnchorsAliasesAndTagsAreRefused) {
  EXPECT_EQ(FaultOf("a: &x [1]\nb: *x\n"), "line 1: anchors are not allowed");
  EXPECT_EQ(FaultOf("a: !!binary aGk=\n"), "line 1: tags are not allowed");
  EXPECT_THAT(FaultOf("a: *x\n"), StartsWith("line 1: "));
  // "Billion laughs".
  std::string laughs = "a0: &a0 [lol, lol]\n";
  for (int i = 1; i < 40; ++i) {
    absl::StrAppend(&laughs, "a", i, ": &a", i, " [*a", i - 1, ", *a", i - 1,
                    "]\n");
  }
  EXPECT_EQ(FaultOf(laughs), "line 1: anchors are not allowed");
}

TEST(RulePackTest, TwiceTheSameKeyIsRefused) {
  EXPECT_EQ(FaultOf("pack: a\ntitle: b\npack: c\n"),
            "line 3: \"pack\" is there twice");
  EXPECT_THAT(FaultOf("? [a]\n: b\n"), HasSubstr("a key must be a text"));
}

TEST(RulePackTest, OnlyUtf8WithoutControlCharacters) {
  EXPECT_EQ(FaultOf("a: b\nc: \xff\n"), "line 2: is not UTF-8");
  EXPECT_EQ(FaultOf("a: \xed\xa0\x80\n"), "line 1: is not UTF-8");
  EXPECT_EQ(FaultOf("\xff\xfe"
                    "a"),
            "line 1: is not UTF-8");
  EXPECT_EQ(FaultOf(absl::string_view("a\0b", 3)),
            "line 1: has a control character");
  EXPECT_EQ(FaultOf("a: \x04"), "line 1: has a control character");
}

TEST(RulePackTest, DepthSizeAndCountsAreBounded) {
  EXPECT_THAT(FaultOf(std::string(kMaxRulePackBytes + 1, 'a')),
              HasSubstr("has 1048577 bytes; it may have 1048576"));
  EXPECT_THAT(
      FaultOf(absl::StrCat("a: ", std::string(13, '['), std::string(13, ']'))),
      HasSubstr("nests deeper than 12"));
  std::string documents = MadePack({});
  for (int i = 0; i < 2001; ++i) documents += "---\na: b\n";
  EXPECT_THAT(FaultOf(documents), HasSubstr("there may be 2001"));
  std::string keys = "a: [";
  for (int i = 0; i < 2001; ++i) absl::StrAppend(&keys, "k", i, ",");
  EXPECT_THAT(FaultOfRule(keys + "]\ncondition: a"),
              HasSubstr("has 2001 entries; it may have 2000"));
  std::string selections;
  for (int i = 0; i < 65; ++i) absl::StrAppend(&selections, "s", i, ": x\n");
  EXPECT_THAT(FaultOfRule(selections + "condition: s0"),
              HasSubstr("there are 65 selections; there may be 64"));
  EXPECT_THAT(
      FaultOfRule(absl::StrCat("a: ", std::string(257, 'x'), "\ncondition: a")),
      HasSubstr("has 257 bytes; it may have 256"));
}

TEST(RulePackTest, AMebibyteOfAnythingIsRefused) {
  const auto repeated = [](absl::string_view part, size_t bytes) {
    std::string text;
    while (text.size() + part.size() <= bytes) absl::StrAppend(&text, part);
    return text;
  };
  EXPECT_NE(FaultOf(repeated("[", kMaxRulePackBytes)), "none");
  for (const char* part : {"[",      "{",
                           "- ",     "? ",
                           "a: ",    "&a ",
                           "!a ",    "*a ",
                           "'",      "\"",
                           "\\",     "|",
                           ">",      "#",
                           "%",      "%YAML 1.2\n",
                           "---\n",  "...\n",
                           "\n",     " ",
                           "\t",     ",",
                           "a",      "a\n",
                           "a: b\n", "[a, ",
                           "{a: ",   "- - ",
                           "-\n",    "?\n",
                           ":\n",    "\"\\u4e00\"\n",
                           "针孔",   "\xef\xbb\xbf",
                           "'a",     "a#",
                           "a: |\n", "]",
                           "}",      "@",
                           "`",      "a: [b\n",
                           " a:\n",  "[[]],",
                           "'': "}) {
    EXPECT_NE(FaultOf(repeated(part, kMaxRulePackBytes / 16)), "none") << part;
  }
}

}  // namespace
}  // namespace lenscap
