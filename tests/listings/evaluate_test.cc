#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/listings/detection_rates.h"
#include "tests/listings/labelled_listings.h"

namespace lenscap {
namespace {

// What each part must have at least; README.md of tests/data/listings has the
// figures that were measured.
struct Floors {
  double precision;
  double recall;
  double language_precision;
  double language_recall;
  double evasion_recall;
};

const std::map<std::string, Floors>& FloorsOfParts() {
  static const auto* const floors = new std::map<std::string, Floors>{
      {"held_out", {0.95, 0.8, 0.94, 0.75, 0.4}},
      {"second_author", {0.98, 0.97, 0.97, 0.95, 0.75}},
      {"third_author", {0.98, 0.97, 0.97, 0.96, 0.75}},
      {"fourth_author", {0.98, 0.97, 0.97, 0.96, 0.75}},
      {"fifth_author", {0.98, 0.97, 0.97, 0.96, 0.75}},
      {"written_on", {0.98, 0.97, 0.97, 0.96, 0.85}},
  };
  return *floors;
}

TEST(EvaluateTest, StarterPacksReachTheFloorsOfEachPart) {
  const auto parts = ReadLabelledParts();
  ASSERT_TRUE(parts.ok()) << parts.status();
  const auto engine = StarterEngine();
  for (const LabelledPart& part : *parts) {
    const DetectionRates rates = Evaluate(*engine, part);
    SCOPED_TRACE(Describe(part.name, rates, part.name != "held_out"));
    const Floors& floors = FloorsOfParts().at(part.name);
    EXPECT_GE(rates.all.precision().value(), floors.precision);
    EXPECT_GE(rates.all.recall().value(), floors.recall);
    for (const auto& [language, counts] : rates.languages) {
      EXPECT_GE(counts.precision().value(), floors.language_precision)
          << language;
      EXPECT_GE(counts.recall().value(), floors.language_recall) << language;
    }
    for (const auto& [evasion, counts] : rates.evasions) {
      EXPECT_GE(counts.recall().value(), floors.evasion_recall) << evasion;
    }
  }
}

TEST(EvaluateTest, ThePartThatRulesAreWrittenOnHasEnoughOfEachKind) {
  const auto parts = ReadLabelledParts();
  ASSERT_TRUE(parts.ok()) << parts.status();
  for (const LabelledPart& part : *parts) {
    if (part.name != "written_on") continue;
    const DetectionRates rates = Evaluate(*StarterEngine(), part);
    EXPECT_GE(rates.all.positives, 200);
    EXPECT_GE(rates.all.negatives, 220);
    EXPECT_EQ(rates.evasions.size(), 12);
    for (const auto& [evasion, counts] : rates.evasions) {
      EXPECT_GE(counts.positives, 10) << evasion;
    }
    for (const auto& [category, counts] : rates.categories) {
      EXPECT_GE(counts.positives + counts.negatives, 8) << category;
    }
    for (const char* language : {"zh", "en"}) {
      EXPECT_GE(rates.languages.at(language).positives, 100) << language;
      EXPECT_GE(rates.languages.at(language).negatives, 100) << language;
    }
    return;
  }
  FAIL() << "tests/data/listings/written_on.ndjson is not there";
}

}  // namespace
}  // namespace lenscap
