#include "listings/rule_engine.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/listings/made_packs.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

ListingText Title(absl::string_view title) {
  ListingText text;
  text.title = std::string(title);
  return text;
}

// Whether a rule of this one selection "a" fits.
bool Fits(absl::string_view selection, const ListingText& text) {
  const auto engine = MadeEngine(MadePack(
      {MadeRule("r", absl::StrCat("a: ", selection, "\ncondition: a"))}));
  return !engine->Review(text, kNow).hits.empty();
}

bool Fits(absl::string_view selection, absl::string_view title) {
  return Fits(selection, Title(title));
}

// What the spans of a rule's only hit stand for: "title:针孔" each.
std::vector<std::string> SpanTexts(absl::string_view detection,
                                   const ListingText& text) {
  const auto engine = MadeEngine(MadePack({MadeRule("r", detection)}));
  const TextReview review = engine->Review(text, kNow);
  std::vector<std::string> spans;
  if (review.hits.size() != 1) return {"not hit"};
  for (const RuleSpan& span : review.hits[0].spans) {
    std::string original = span.field == "title"         ? text.title
                           : span.field == "description" ? text.description
                           : span.field == "category"
                               ? text.category
                               : text.attributes.at(span.attribute);
    spans.push_back(absl::StrCat(
        span.field, span.attribute.empty() ? "" : ".", span.attribute, ":",
        original.substr(span.bytes.start, span.bytes.end - span.bytes.start),
        "<-", span.key));
  }
  return spans;
}

TEST(RuleEngineTest, AKeyIsFoundBetweenBoundariesAlone) {
  EXPECT_TRUE(Fits("pen cam", "A pen cam!"));
  EXPECT_TRUE(Fits("pen cam", "PEN-CAM"));
  EXPECT_TRUE(Fits("pen cam", "pencam"));
  EXPECT_FALSE(Fits("pen cam", "open camera"));
  EXPECT_FALSE(Fits("pen cam", "pen camera"));
  EXPECT_TRUE(Fits("针孔", "超小针孔摄像头"));
  EXPECT_FALSE(Fits("针孔", "针线孔雀"));
}

TEST(RuleEngineTest, EvasionsAreSeenThrough) {
  EXPECT_TRUE(Fits("针孔摄像头", "针 孔·摄📷像 头"));
  EXPECT_TRUE(Fits("针孔摄像头", "針孔攝像頭"));
  EXPECT_TRUE(Fits("针孔摄像头", "zhen kong she xiang tou"));
  EXPECT_TRUE(Fits("hidden camera", "ｈｉｄｄｅｎ ｃａｍｅｒａ"));
  EXPECT_TRUE(Fits("hidden camera", "h i d d e n  c.a.m.e.r.a"));
}

TEST(RuleEngineTest, KeysOfFourHanCharactersAreAlsoLookedForBySound) {
  EXPECT_TRUE(Fits("针孔相机", "真空香鸡"));
  EXPECT_FALSE(Fits("{any|nosound: 针孔相机}", "真空香鸡"));
  EXPECT_FALSE(Fits("针孔", "真空"));
  EXPECT_TRUE(Fits("{any|sound: 针孔}", "真空"));
}

TEST(RuleEngineTest, NamedViewsAreTheOnlyOnes) {
  EXPECT_TRUE(Fits("{any|words: pen cam}", "pen cam"));
  EXPECT_FALSE(Fits("{any|words: pen cam}", "pencam"));
  EXPECT_TRUE(Fits("{any|tight: pen cam}", "pencam"));
  EXPECT_FALSE(Fits("{any|words: 针孔摄像头}", "zhenkongshexiangtou"));
  EXPECT_TRUE(Fits("{any|words|sound: 针孔摄像头}", "zhenkongshexiangtou"));
}

TEST(RuleEngineTest, FieldsAreTheOnlyPlacesThatAreLookedAt) {
  ListingText text;
  text.title = "alpha";
  text.description = "beta";
  text.category = "gamma";
  text.attributes = {{"Lens-Size", "delta"}, {"other", "epsilon"}};
  for (const char* word : {"alpha", "beta", "gamma", "delta", "epsilon"}) {
    EXPECT_TRUE(Fits(word, text)) << word;
    EXPECT_TRUE(Fits(absl::StrCat("{any: ", word, "}"), text)) << word;
  }
  EXPECT_TRUE(Fits("{title: alpha}", text));
  EXPECT_FALSE(Fits("{title: beta}", text));
  EXPECT_TRUE(Fits("{description: beta}", text));
  EXPECT_FALSE(Fits("{description: alpha}", text));
  EXPECT_TRUE(Fits("{category: gamma}", text));
  EXPECT_FALSE(Fits("{category: alpha}", text));
  EXPECT_TRUE(Fits("{attributes: [delta]}", text));
  EXPECT_FALSE(Fits("{attributes: gamma}", text));
  EXPECT_TRUE(Fits("{attributes.lens size: delta}", text));
  EXPECT_TRUE(Fits("{attributes.LENSSIZE: delta}", text));
  EXPECT_FALSE(Fits("{attributes.lens size: epsilon}", text));
  EXPECT_FALSE(Fits("{attributes.lens: delta}", text));
  // The name of an attribute is no text.
  EXPECT_FALSE(Fits("other", text));
  // A key does not go on from one field to the next.
  EXPECT_FALSE(Fits("alpha beta", text));
}

TEST(RuleEngineTest, AllKeysMustBeThereInAnyOrderAndField) {
  ListingText text = Title("two");
  text.description = "one";
  EXPECT_TRUE(Fits("{any|all: [one, two]}", text));
  EXPECT_FALSE(Fits("{any|all: [one, two, three]}", text));
  EXPECT_FALSE(Fits("{title|all: [one, two]}", text));
}

TEST(RuleEngineTest, AllEntriesOfAMapMustHold) {
  ListingText text = Title("watch");
  text.description = "camera";
  EXPECT_TRUE(Fits("{title: [watch, pen], description: camera}", text));
  EXPECT_FALSE(Fits("{title: [watch, pen], description: lens}", text));
}

TEST(RuleEngineTest, ExactMeansTheWholeField) {
  EXPECT_TRUE(Fits("{title|exact: 针孔}", "针孔"));
  EXPECT_TRUE(Fits("{title|exact: spy cam}", " SPY-CAM! "));
  EXPECT_FALSE(Fits("{title|exact: 针孔}", "针孔相机"));
}

TEST(RuleEngineTest, ExpressionsFitTheViewThatIsNamed) {
  EXPECT_TRUE(Fits("{any|re: 'lens [0-9]{1,2} ?mm'}", "LENS 12MM"));
  EXPECT_TRUE(Fits("{any|re: '\\d{6}'}", "id 123456"));
  EXPECT_FALSE(Fits("{any|re: '\\d{6}'}", "id 123 456"));
  EXPECT_TRUE(Fits("{any|re|tight: '\\d{6}'}", "id 123 456"));
  EXPECT_TRUE(Fits("{any|re|sound: '^zhen(kong)+$'}", "针孔空"));
  EXPECT_TRUE(Fits("{any|re: '针.{0,2}头'}", "针孔头"));
  ListingText elsewhere;
  elsewhere.description = "lens";
  EXPECT_FALSE(Fits("{title|re: lens}", elsewhere));
  EXPECT_TRUE(Fits("{any|re|all: ['a.c', 'd.f']}", "abc def"));
  EXPECT_FALSE(Fits("{any|re|all: ['a.c', 'd.f']}", "abc"));
  // What fits where it is empty is found too.
  EXPECT_TRUE(Fits("{any|re: '\\b'}", "a"));
}

TEST(RuleEngineTest, NumbersAreTheFirstOfTheAttribute) {
  const auto fits = [](absl::string_view bound, absl::string_view value) {
    ListingText text;
    text.attributes["Lens size"] = std::string(value);
    return Fits(absl::StrCat("{attributes.lens size|", bound, "}"), text);
  };
  EXPECT_TRUE(fits("lte: 5", "3.7mm"));
  EXPECT_TRUE(fits("lte: 5", "5 mm"));
  EXPECT_FALSE(fits("lt: 5", "5 mm"));
  EXPECT_TRUE(fits("lt: 5", "4,9mm"));
  EXPECT_TRUE(fits("gte: 5", "5"));
  EXPECT_FALSE(fits("gt: 5", "5"));
  EXPECT_TRUE(fits("gt: 5", "about 1,200.5 and 3"));
  EXPECT_TRUE(fits("gt: 1200.4", "about 1,200.5 and 3"));
  EXPECT_TRUE(fits("lte: 5", "３．７ｍｍ"));
  EXPECT_FALSE(fits("lte: 5", "tiny"));
  EXPECT_FALSE(fits("lte: 5", ""));
  EXPECT_FALSE(fits("lt: 5", "99999999999999999999999999999999999999999"));
}

TEST(RuleEngineTest, ConditionsCombineSelections) {
  const auto engine = MadeEngine(MadePack(
      {MadeRule("r",
                "camera: camera\ndisguise: [watch, pen]\nexcluded_a: dash\n"
                "excluded_b: toy\n"
                "condition: camera and disguise and not 1 of excluded_*")}));
  const auto hits = [&](absl::string_view title) {
    return engine->Review(Title(title), kNow).hits.size();
  };
  EXPECT_EQ(hits("watch camera"), 1u);
  EXPECT_EQ(hits("camera"), 0u);
  EXPECT_EQ(hits("watch"), 0u);
  EXPECT_EQ(hits("dash watch camera"), 0u);
  EXPECT_EQ(hits("toy watch camera"), 0u);
}

TEST(RuleEngineTest, SpansSayWhatOfTheOriginalFitted) {
  ListingText text = Title("针 孔📷 cam 和针孔");
  text.description = "ＣＡＭ";
  text.attributes = {{"lens", "about 3.7mm cam"}};
  EXPECT_THAT(
      SpanTexts("a: [针孔, cam]\nb: {attributes.lens|lt: 5}\n"
                "condition: a and b",
                text),
      ElementsAre("title:针 孔<-针孔", "title:cam<-cam", "title:针孔<-针孔",
                  "description:ＣＡＭ<-cam", "attributes.lens:3.7<-lt 5",
                  "attributes.lens:cam<-cam"));
}

TEST(RuleEngineTest, SpansAreOfSelectionsThatMadeTheRuleFit) {
  EXPECT_THAT(SpanTexts("a: watch\nb: pen\nc: [cam, lens]\n"
                        "d: {any|all: [watch, toy]}\n"
                        "condition: (a or d) and c and not (b and d)",
                        Title("watch cam pen")),
              ElementsAre("title:watch<-watch", "title:cam<-cam"));
}

TEST(RuleEngineTest, SpansAreTheFirstSixteen) {
  std::string title, expected;
  for (int i = 0; i < 40; ++i) title += i % 2 == 0 ? "cam " : "lens ";
  const auto spans = SpanTexts("a: [lens, cam]\ncondition: a", Title(title));
  ASSERT_THAT(spans, SizeIs(16));
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(spans[i], i % 2 == 0 ? "title:cam<-cam" : "title:lens<-lens");
  }
}

TEST(RuleEngineTest, RulesOfALocaleMeetListingsOfItsLanguage) {
  const auto engine = MadeEngine(MadePack({
      MadeRule("any", "a: cam\ncondition: a"),
      MadeRule("en", "a: cam\ncondition: a", "locale: en\n"),
      MadeRule("zh", "a: cam\ncondition: a", "locale: zh\n"),
  }));
  const auto hits = [&](absl::string_view locale) {
    ListingText text = Title("cam");
    text.locale = std::string(locale);
    return HitIds(engine->Review(text, kNow));
  };
  EXPECT_THAT(hits(""), ElementsAre("any", "en", "zh"));
  EXPECT_THAT(hits("zh"), ElementsAre("any", "zh"));
  EXPECT_THAT(hits("zh-Hant-TW"), ElementsAre("any", "zh"));
  EXPECT_THAT(hits("ZH_cn"), ElementsAre("any", "zh"));
  EXPECT_THAT(hits("en-GB"), ElementsAre("any", "en"));
  EXPECT_THAT(hits("zha"), ElementsAre("any"));
}

TEST(RuleEngineTest, RulesOfAKindMeetThatKind) {
  const auto engine = MadeEngine(MadePack({MadeRule(
      "r", "a: cam\ncondition: a", "kinds: [post, chat-message]\n")}));
  const auto fits = [&](ListingKind kind) {
    ListingText text = Title("cam");
    text.kind = kind;
    return !engine->Review(text, kNow).hits.empty();
  };
  EXPECT_FALSE(fits(ListingKind::kListing));
  EXPECT_TRUE(fits(ListingKind::kPost));
  EXPECT_TRUE(fits(ListingKind::kChatMessage));
  EXPECT_FALSE(fits(ListingKind::kProfile));
}

TEST(RuleEngineTest, ARuleIsValidUntilTheEndOfItsDay) {
  const auto engine = MadeEngine(MadePack(
      {MadeRule("r", "a: cam\ncondition: a", "valid_until: 2029-12-31\n")}));
  const absl::Time end =
      absl::FromCivil(absl::CivilDay(2030, 1, 1), absl::UTCTimeZone());
  EXPECT_THAT(engine->Review(Title("cam"), end - absl::Nanoseconds(1)).hits,
              SizeIs(1));
  EXPECT_THAT(engine->Review(Title("cam"), end).hits, IsEmpty());
}

TEST(RuleEngineTest, ModesFollowTheStatusUnlessSetOtherwise) {
  const std::string examples = "examples: {positive: [cam], negative: [x]}\n";
  const std::string pack = MadePack({
      MadeRule("deprecated", "a: cam\ncondition: a", "status: deprecated\n"),
      MadeRule("experimental", "a: cam\ncondition: a"),
      MadeRule("stable", "a: cam\ncondition: a", "status: stable\n" + examples),
      MadeRule("test", "a: cam\ncondition: a", "status: test\n"),
  });
  const TextReview review =
      MadeEngine(pack, [](const RulePack&, const Rule& rule) {
        return ModeOf(rule);
      })->Review(Title("cam"), kNow);
  EXPECT_THAT(HitIds(review), ElementsAre("experimental", "stable", "test"));
  for (const RuleHit& hit : review.hits) {
    EXPECT_EQ(hit.shadow, hit.rule_id != "stable") << hit.rule_id;
  }
  EXPECT_EQ(review.score, 10);
  EXPECT_EQ(review.shadow_score, 30);
  const TextReview off =
      MadeEngine(pack, [](const RulePack& pack, const Rule& rule) {
        EXPECT_EQ(pack.id, "made");
        return rule.id == "stable" ? RuleMode::kOff : RuleMode::kShadow;
      })->Review(Title("cam"), kNow);
  EXPECT_THAT(HitIds(off), ElementsAre("deprecated", "experimental", "test"));
  EXPECT_EQ(off.score, 0);
  EXPECT_THAT(off.groups, IsEmpty());
}

TEST(RuleEngineTest, GroupsAddUpToTheirCapsAndExclusionsTakeOff) {
  const auto engine = MadeEngine(MadePack(
      {
          MadeRule("o1", "a: one\ncondition: a", "score: 20\n"),
          MadeRule("o2", "a: two\ncondition: a", "score: 20\n"),
          MadeRule("p", "a: place\ncondition: a", "group: place\nscore: 15\n"),
          MadeRule("t", "a: trade\ncondition: a", "group: trade\nscore: 120\n"),
          MadeRule("x1", "a: dash\ncondition: a",
                   "group: exclusion\nscore: -40\n"),
          MadeRule("x2", "a: toy\ncondition: a",
                   "group: exclusion\nscore: -40\n"),
      },
      "caps: {object: 30, exclusion: 60}\n"));
  const auto review = [&](absl::string_view title) {
    return engine->Review(Title(title), kNow);
  };
  EXPECT_EQ(review("one").score, 20);
  EXPECT_EQ(review("one two place").score, 45);
  EXPECT_EQ(review("trade").score, 100);  // The cap that nobody gave.
  EXPECT_EQ(review("one two place dash").score, 5);
  EXPECT_EQ(review("dash").score, 0);
  const TextReview all = review("one two place trade dash toy");
  EXPECT_EQ(all.score, 30 + 15 + 100 - 60);
  ASSERT_THAT(all.groups, SizeIs(4));
  EXPECT_EQ(all.groups[0].group, "exclusion");
  EXPECT_EQ(all.groups[0].score, -60);
  EXPECT_TRUE(all.groups[0].capped);
  EXPECT_EQ(all.groups[1].group, "object");
  EXPECT_EQ(all.groups[1].score, 30);
  EXPECT_TRUE(all.groups[1].capped);
  EXPECT_EQ(all.groups[2].group, "place");
  EXPECT_FALSE(all.groups[2].capped);
}

TEST(RuleEngineTest, HitsAreInOrderGravestFirst) {
  const auto rule = [](const char* id, const char* more) {
    return MadeRule(id, "a: cam\ncondition: a", more);
  };
  // A rule that MadeRule gives the level "low".
  const auto engine = MadeEngine(
      MadePack({rule("d", "score: 5\n"), rule("c", "score: 9\n"),
                rule("b", "score: 9\n"), rule("a", "action: review\n"),
                rule("e", "action: block\n")}),
      [](const RulePack&, const Rule& rule) {
        return rule.id == "e" ? RuleMode::kShadow : RuleMode::kActive;
      });
  const TextReview review = engine->Review(Title("cam"), kNow);
  std::vector<std::string> ids;
  for (const RuleHit& hit : review.hits) ids.push_back(hit.rule_id);
  EXPECT_THAT(ids, ElementsAre("a", "b", "c", "d", "e"));
  // What is in shadow asks for nothing.
  EXPECT_EQ(review.action, RuleAction::kReview);
}

TEST(RuleEngineTest, PacksAddUpAndTheGreatestCapCounts) {
  const auto parse = [](absl::string_view id, const char* cap,
                        const char* word) {
    const std::string yaml = absl::StrCat(
        "pack: ", id, "\nversion: 3\nissuer: i\ntitle: t\n", cap, "---\n",
        MadeRule("r", absl::StrCat("a: ", word, "\ncondition: a"),
                 "score: 30\n"));
    return std::make_shared<RulePack>(*ParseRulePack(yaml));
  };
  const auto active = [](const RulePack&, const Rule&) {
    return RuleMode::kActive;
  };
  const auto a = parse("a", "caps: {object: 20}\n", "one");
  const auto b = parse("b", "caps: {object: 40}\n", "two");
  const auto c = parse("c", "", "three");
  const auto engine = RuleEngine::Compile({c, a, b}, active);
  ASSERT_TRUE(engine.ok());
  const TextReview review = (*engine)->Review(Title("one two three"), kNow);
  EXPECT_EQ(review.score, 40);
  EXPECT_THAT(review.packs, ElementsAre("a@3", "b@3", "c@3"));
  ASSERT_THAT(review.hits, SizeIs(3));
  EXPECT_EQ(review.hits[0].pack_id, "a");
  const auto twice = RuleEngine::Compile({a, a}, active);
  EXPECT_THAT(twice.status().message(), HasSubstr("two packs \"a\""));
}

TEST(RuleEngineTest, WithoutPacksNothingIsHit) {
  const auto engine = RuleEngine::Compile({}, {});
  ASSERT_TRUE(engine.ok());
  const TextReview review = (*engine)->Review(Title("针孔"), kNow);
  EXPECT_THAT(review.hits, IsEmpty());
  EXPECT_EQ(review.score, 0);
}

TEST(RuleEngineTest, PacksThatAreTooLargeTogetherAreRefused) {
  std::vector<std::shared_ptr<const RulePack>> packs;
  std::string keys;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&keys, "k", i, ", ");
  RulePack pack = *ParseRulePack(
      MadePack({MadeRule("r", absl::StrCat("a: [", keys, "]\ncondition: a"))}));
  for (int i = 0; i < 51; ++i) {
    pack.id = absl::StrCat("p", i);
    packs.push_back(std::make_shared<RulePack>(pack));
  }
  const auto engine = RuleEngine::Compile(packs, {});
  EXPECT_THAT(engine.status().message(), HasSubstr("102000 keys"));
}

TEST(RuleEngineTest, HostileTextsComeToAnEnd) {
  const auto engine = MadeEngine(MadePack({
      MadeRule("keys", "a: [a, aa, aaa, aaaa, 针, 针针, cam]\ncondition: a"),
      MadeRule("re",
               "a: {any|re: ['(a|aa)+b', '(a?){50}a{50}c']}\n"
               "condition: a"),
  }));
  std::string words;
  for (int i = 0; i < 50'000; ++i) words += "a a ";
  for (const std::string& text :
       {std::string(200'000, 'a'), words, std::string(200'000, '\xff'),
        std::string(200'000, '\0'), std::string("\xe9\x92"),
        std::string("cam\xf0\x9f cam")}) {
    ListingText listing = Title(text);
    listing.description = text;
    const TextReview review = engine->Review(listing, kNow);
    for (const RuleHit& hit : review.hits) {
      EXPECT_LE(hit.spans.size(), 16u);
      for (const RuleSpan& span : hit.spans) {
        EXPECT_LT(span.bytes.start, span.bytes.end);
        EXPECT_LE(span.bytes.end, text.size());
      }
    }
  }
  EXPECT_TRUE(Fits("cam", "\xff cam \xf0\x9f"));
}

}  // namespace
}  // namespace lenscap
