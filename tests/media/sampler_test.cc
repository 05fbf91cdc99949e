#include "media/sampler.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

struct Case {
  const char* name;
  int interval;  // Milliseconds, as all that follow.
  std::vector<int> frames;
  std::vector<int> taken;
};

class SamplerTest : public testing::TestWithParam<Case> {};

TEST_P(SamplerTest, TakesTheFirstFrameAtOrAfterEachMultiple) {
  Sampler sampler(absl::Milliseconds(GetParam().interval));
  std::vector<int> taken;
  for (int frame : GetParam().frames) {
    if (sampler.Take(absl::Milliseconds(frame))) taken.push_back(frame);
  }
  EXPECT_EQ(taken, GetParam().taken);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SamplerTest,
    testing::Values(
        Case{"AtTheMultiples", 500, {0, 250, 500, 750, 1000}, {0, 500, 1000}},
        Case{
            "AfterTheMultiples", 500, {0, 300, 600, 900, 1200}, {0, 600, 1200}},
        Case{"JustBeforeIsNotTaken", 500, {0, 499, 501}, {0, 501}},
        Case{"LateFramesDoNotShiftTheGrid",
             500,
             {0, 900, 950, 1000},
             {0, 900, 1000}},
        Case{"OnceForSeveralMultiples",
             500,
             {0, 2300, 2400, 2500},
             {0, 2300, 2500}},
        Case{"SlowerThanTheInterval", 500, {0, 1000, 2000}, {0, 1000, 2000}},
        Case{"EqualTimesAreTakenOnce", 500, {0, 0, 500, 500}, {0, 500}},
        Case{"TheFirstFrameMayBeLate", 500, {700, 900, 1000}, {700, 1000}},
        Case{"ZeroTakesAll", 0, {0, 0, 1, 2}, {0, 0, 1, 2}},
        Case{"BelowZeroTakesAll", -5, {0, 1}, {0, 1}}),
    [](const auto& info) { return std::string(info.param.name); });

// Notes frames, given in milliseconds, in the order in which they are decoded,
// and returns those that are spare at an interval of half a second.
std::vector<int> Spare(const std::vector<int>& frames) {
  SamplePlan plan(absl::Milliseconds(500));
  std::vector<int> spare;
  for (int frame : frames) {
    if (plan.IsSpare(absl::Milliseconds(frame))) spare.push_back(frame);
  }
  return spare;
}

TEST(SamplePlanTest, AFrameIsSpareAfterAnEarlierOneOfItsInterval) {
  EXPECT_EQ(Spare({0, 100, 400, 500, 600, 1100, 1200}),
            (std::vector<int>{100, 400, 600, 1200}));
}

TEST(SamplePlanTest, TheOrderOfDecodingDoesNotMatter) {
  // 600 and 550 each came before what is first in the interval.
  EXPECT_EQ(Spare({0, 600, 550, 500, 520, 700}), (std::vector<int>{520, 700}));
}

TEST(SamplePlanTest, EqualTimesMayBothBeTaken) {
  EXPECT_EQ(Spare({0, 0, 500, 500}), (std::vector<int>{}));
}

TEST(SamplePlanTest, WithoutAnIntervalNoneIsSpare) {
  SamplePlan plan(absl::ZeroDuration());
  EXPECT_FALSE(plan.IsSpare(absl::Seconds(1)));
  EXPECT_FALSE(plan.IsSpare(absl::Seconds(2)));
}

// Whatever the order within a few frames, what is spare is never taken.
TEST(SamplePlanTest, AgreesWithTheSampler) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const absl::Duration interval = absl::Milliseconds(1 + random() % 300);
    std::vector<absl::Duration> shown;
    absl::Duration time;
    for (int i = 0; i < 300; ++i) {
      shown.push_back(time += absl::Milliseconds(1 + random() % 90));
    }
    std::vector<absl::Duration> decoded = shown;
    for (size_t i = 0; i + 8 <= decoded.size(); i += 8) {
      std::shuffle(decoded.begin() + i, decoded.begin() + i + 8, random);
    }
    Sampler sampler(interval);
    std::set<absl::Duration> taken;
    for (absl::Duration frame : shown) {
      if (sampler.Take(frame)) taken.insert(frame);
    }
    SamplePlan plan(interval);
    for (absl::Duration frame : decoded) {
      if (plan.IsSpare(frame)) {
        EXPECT_FALSE(taken.contains(frame));
      }
    }
  }
}

}  // namespace
}  // namespace lenscap
