#include "tests/listings/detection_rates.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

LabelledListing Listing(const char* id, bool positive, const char* category,
                        const char* title) {
  LabelledListing listing{id, positive, category, "none", {}};
  listing.text.title = title;
  listing.text.locale = "en-GB";
  return listing;
}

// The first two come out right.
LabelledPart Part() {
  return {"part",
          {Listing("hit", true, "tools", "IP cam bruteforcer for sale"),
           Listing("calm", false, "clocks", "Alarm clock"),
           Listing("missed", true, "tools", "Garden hose"),
           Listing("alarm", false, "clocks", "Hidden cam alarm clock")}};
}

TEST(DetectionRatesTest, IntervalsAreWilsons) {
  // As R's prop.test(19, 20, correct = FALSE) gives them.
  EXPECT_NEAR((Rate{19, 20}.low()), 0.7638, 1e-4);
  EXPECT_NEAR((Rate{19, 20}.high()), 0.9911, 1e-4);
  EXPECT_NEAR((Rate{0, 10}.high()), 0.2775, 1e-4);
  EXPECT_EQ((Rate{0, 10}.low()), 0);
  EXPECT_EQ((Rate{10, 10}.high()), 1);
  EXPECT_EQ((Rate{19, 20}.ToString()), "0.950 (19/20) [0.764, 0.991]");
}

TEST(DetectionRatesTest, OfNothingNothingIsKnown) {
  EXPECT_EQ((Rate{0, 0}.low()), 0);
  EXPECT_EQ((Rate{0, 0}.high()), 1);
}

TEST(DetectionRatesTest, ListingsCountForTheirLanguageCategoryAndEvasion) {
  const LabelledPart part = Part();
  const DetectionRates rates = Evaluate(*StarterEngine(), part);
  EXPECT_EQ(rates.all.precision().ToString(), (Rate{1, 2}.ToString()));
  EXPECT_EQ(rates.all.recall().ToString(), (Rate{1, 2}.ToString()));
  EXPECT_EQ(rates.languages.at("en").positives, 2);
  EXPECT_EQ(rates.categories.at("tools").true_positives, 1);
  EXPECT_EQ(rates.categories.at("clocks").false_positives, 1);
  EXPECT_EQ(rates.evasions.at("none").negatives, 2);
  ASSERT_EQ(rates.wrong.size(), 2);
  EXPECT_EQ(rates.wrong[0].listing->id, "missed");
  EXPECT_EQ(rates.wrong[1].listing->id, "alarm");
}

TEST(DetectionRatesTest, TextsAreShownOnlyWhereAskedFor) {
  const LabelledPart part = Part();
  const DetectionRates rates = Evaluate(*StarterEngine(), part);
  EXPECT_THAT(Describe("part", rates, true),
              AllOf(HasSubstr("missed missed"), HasSubstr("Garden hose"),
                    HasSubstr("alarm false alarm")));
  EXPECT_THAT(Describe("part", rates, false),
              AllOf(HasSubstr("0.500 (1/2)"), Not(HasSubstr("Garden hose"))));
}

}  // namespace
}  // namespace lenscap
