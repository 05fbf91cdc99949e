#include "media/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr std::nullopt_t kNone = std::nullopt;

struct Case {
  const char* name;
  std::vector<std::optional<int64_t>> timestamps;  // Milliseconds.
  std::vector<int64_t> times;                      // Milliseconds.
};

class TimelineTest : public testing::TestWithParam<Case> {};

// Frames last 40 ms, and a gap of more than 10 s is none.
TEST_P(TimelineTest, PlacesFrames) {
  Timeline timeline(1, 1000, absl::Seconds(10));
  std::vector<int64_t> times;
  for (const std::optional<int64_t>& timestamp : GetParam().timestamps) {
    const absl::Duration time =
        timeline.Place(timestamp, absl::Milliseconds(40));
    times.push_back(absl::ToInt64Milliseconds(time));
    EXPECT_EQ(timeline.end(), time + absl::Milliseconds(40));
  }
  EXPECT_EQ(times, GetParam().times);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TimelineTest,
    testing::Values(
        Case{"FromZero", {0, 40, 80}, {0, 40, 80}},
        Case{"VariableRate", {0, 33, 900, 905}, {0, 33, 900, 905}},
        Case{"StartsAtZero", {5000, 5040, 5080}, {0, 40, 80}},
        Case{"StartsBelowZero", {-80, -40, 0}, {0, 40, 80}},
        Case{"MissingFollowsThePrevious",
             {0, kNone, 80, kNone},
             {0, 40, 80, 120}},
        Case{"MissingAtTheStart", {kNone, kNone, 500, 540}, {0, 40, 80, 120}},
        Case{"AllMissing", {kNone, kNone, kNone}, {0, 40, 80}},
        Case{"JitterDoesNotFallBack", {0, 100, 60, 140}, {0, 100, 100, 140}},
        Case{"EqualTimestamps", {0, 40, 40, 80}, {0, 40, 40, 80}},
        Case{"ThreeFramesBackAreJitter",
             {0, 5000, 4880, 5040},
             {0, 5000, 5000, 5040}},
        Case{"FourFramesBackAreARestart",
             {0, 5000, 4840, 4880},
             {0, 5000, 5040, 5080}},
        Case{"ARestartGoesOn",
             {0, 2000, 0, 40, 80},
             {0, 2000, 2040, 2080, 2120}},
        Case{"APauseIsKept", {0, 10000, 10040}, {0, 10000, 10040}},
        Case{"ALeapGoesOn", {0, 40, 90000, 90040}, {0, 40, 80, 120}},
        Case{"OneWrongTimestamp",
             {0, 40, 1 << 30, 120, 160},
             {0, 40, 80, 120, 160}},
        Case{"Extremes",
             {INT64_MIN + 1, INT64_MAX, INT64_MIN + 1, INT64_MIN + 41},
             {0, 40, 80, 120}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(TimelineTest, HalfASecondIsExactInEveryClock) {
  struct Clock {
    int numerator, denominator;
    int64_t half;
  };
  for (const Clock& clock : {Clock{1, 90000, 45000}, Clock{1, 15360, 7680},
                             Clock{1001, 2002, 1}, Clock{1, 1000, 500}}) {
    Timeline timeline(clock.numerator, clock.denominator, absl::Hours(1));
    timeline.Place(12345, absl::Milliseconds(1));
    EXPECT_EQ(timeline.Place(12345 + clock.half, absl::Milliseconds(1)),
              absl::Milliseconds(500))
        << clock.denominator;
  }
}

TEST(TimelineTest, DoesNotDriftOverADay) {
  Timeline timeline(1001, 30000, absl::Hours(1));
  constexpr int64_t kFrames = int64_t{24} * 3600 * 30;
  absl::Duration time;
  for (int64_t i = 0; i <= kFrames; i += 30) {
    time = timeline.Place(i, absl::Milliseconds(33));
  }
  EXPECT_EQ(time, absl::Nanoseconds(kFrames * 1001 * 100'000 / 3));
}

TEST(TimelineTest, ForeseesTheNearFuture) {
  Timeline timeline(1, 1000, absl::Seconds(10));
  EXPECT_EQ(timeline.Foresee(500), std::nullopt) << "nothing placed yet";
  timeline.Place(500, absl::Milliseconds(40));
  timeline.Place(540, absl::Milliseconds(40));
  EXPECT_EQ(timeline.Foresee(540), absl::Milliseconds(40));
  EXPECT_EQ(timeline.Foresee(2500), absl::Seconds(2));
  EXPECT_EQ(timeline.Foresee(10540), absl::Milliseconds(10040));
  EXPECT_EQ(timeline.Foresee(10541), std::nullopt) << "a leap";
  EXPECT_EQ(timeline.Foresee(539), std::nullopt) << "the past";
  EXPECT_EQ(timeline.Foresee(INT64_MIN + 1), std::nullopt);
  EXPECT_EQ(timeline.Foresee(INT64_MAX), std::nullopt);
}

}  // namespace
}  // namespace lenscap
