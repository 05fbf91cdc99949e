#include "models/clock_text.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using Motion = ClockReading::Motion;

// Readings at times in seconds.
struct Still {
  double at;
  std::string text;
};
ClockReading Read(const std::vector<Still>& stills) {
  std::vector<LineReading> readings;
  readings.reserve(stills.size());
  for (const Still& still : stills) {
    readings.push_back({absl::Seconds(still.at), still.text});
  }
  return ReadClock(readings);
}
// A single still, long after the start, where no clock looks like a timecode.
ClockReading ReadOne(const std::string& text) { return Read({{1000, text}}); }

// One reading a second from 0 s on of a clock that starts at `start`, moved by
// `rate` seconds a second and written by absl::FormatTime's `format`.
std::vector<Still> Stills(const std::string& format, absl::CivilSecond start,
                          int count, double rate = 1, double step = 1) {
  std::vector<Still> stills;
  for (int i = 0; i < count; ++i) {
    const absl::Time shown = absl::FromCivil(start, absl::UTCTimeZone()) +
                             absl::Seconds(std::floor(i * step * rate));
    std::string text = absl::FormatTime(format, shown, absl::UTCTimeZone());
    absl::AsciiStrToUpper(&text);
    stills.push_back({i * step, text});
  }
  return stills;
}

constexpr absl::CivilSecond kStart(2021, 6, 11, 23, 14, 5);

TEST(ReadClockTest, AClockInStepWithTheVideoTicks) {
  const ClockReading clock = Read(Stills("%Y-%m-%d %H:%M:%S", kStart, 20));
  EXPECT_TRUE(clock.is_clock);
  EXPECT_TRUE(clock.dated);
  EXPECT_TRUE(clock.timed);
  EXPECT_TRUE(clock.has_seconds);
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_EQ(clock.rate, 1);
  EXPECT_EQ(clock.readings, 20);
  EXPECT_EQ(clock.agreeing, 20);
  EXPECT_EQ(clock.start, kStart);
  EXPECT_EQ(clock.time_of_day,
            absl::Hours(23) + absl::Minutes(14) + absl::Seconds(5));
  EXPECT_EQ(clock.text, "2021-06-11 23:14:05");
}

TEST(ReadClockTest, TheStartIsThatOfTheVideoAndTheTextThatOfTheFirstStill) {
  const ClockReading clock = Read({{9.5, "2021-06-11 23:14:14"},
                                   {4.2, "2021-06-11 23:14:09"},
                                   {4.2, "2021-06-11 23:14:09"},
                                   {30.1, "2021-06-11 23:14:35"}});
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_EQ(clock.start, kStart);
  EXPECT_EQ(clock.text, "2021-06-11 23:14:09");
}

TEST(ReadClockTest, AnUndatedClockHasATimeOfDayOnly) {
  const ClockReading clock = Read(Stills("%H:%M:%S", kStart, 5));
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_FALSE(clock.dated);
  EXPECT_EQ(clock.start, std::nullopt);
  EXPECT_EQ(clock.time_of_day,
            absl::Hours(23) + absl::Minutes(14) + absl::Seconds(5));
  EXPECT_EQ(clock.text, "23:14:05");
}

TEST(ReadClockTest, TwoDifferentSecondsAreEnoughToTick) {
  EXPECT_EQ(Read(Stills("%F %T", kStart, 2)).motion, Motion::kTicks);
  EXPECT_EQ(Read(Stills("%F %T", kStart, 1)).motion, Motion::kUnknown);
  const ClockReading same = Read(Stills("%F %T", kStart, 4, 1, 0.25));
  EXPECT_EQ(same.motion, Motion::kUnknown);
  EXPECT_EQ(same.rate, 0);
  EXPECT_EQ(same.agreeing, 4);
}

TEST(ReadClockTest, MidnightChangesTheDate) {
  const absl::CivilSecond start(2021, 12, 31, 23, 59, 55);
  for (const std::string format :
       {"%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M:%S"}) {
    const ClockReading clock = Read(Stills(format, start, 30));
    EXPECT_EQ(clock.motion, Motion::kTicks) << format;
    EXPECT_EQ(clock.start, start) << format;
    EXPECT_EQ(clock.agreeing, 30) << format;
    EXPECT_EQ(clock.text, "2021-12-31 23:59:55") << format;
  }
}

TEST(ReadClockTest, MidnightTellsTheOrderOfTheDate) {
  // 10 to 11 June, against the custom of the separator.
  const absl::CivilSecond start(2021, 6, 10, 23, 59, 55);
  EXPECT_EQ(Read(Stills("%m-%d-%Y %H:%M:%S", start, 30)).start, start);
  EXPECT_EQ(Read(Stills("%d/%m/%Y %H:%M:%S", start, 30)).start, start);
}

TEST(ReadClockTest, AClockThatStandsIsFrozen) {
  const ClockReading clock = Read(Stills("%F %T", kStart, 10, 0));
  EXPECT_TRUE(clock.is_clock);
  EXPECT_EQ(clock.motion, Motion::kFrozen);
  EXPECT_EQ(clock.rate, 0);
  EXPECT_EQ(clock.agreeing, 10);
  EXPECT_EQ(clock.start, std::nullopt);
  EXPECT_EQ(clock.time_of_day, std::nullopt);
  EXPECT_EQ(clock.text, "2021-06-11 23:14:05");
  EXPECT_EQ(Read(Stills("%F %T", kStart, 2, 0, 1.9)).motion, Motion::kUnknown);
  EXPECT_EQ(Read(Stills("%F %T", kStart, 2, 0, 2)).motion, Motion::kFrozen);
}

TEST(ReadClockTest, TheRateOfASpedUpOrSlowedDownClockIsMeasured) {
  for (const double rate :
       {0.25, 0.5, 0.8, 1.25, 1.5, 2.0, 8.0, 60.0, 600.0, -1.0, -2.0}) {
    const ClockReading clock = Read(Stills("%F %T", kStart, 30, rate));
    EXPECT_TRUE(clock.is_clock) << rate;
    EXPECT_EQ(clock.motion, Motion::kOtherRate) << rate;
    EXPECT_NEAR(clock.rate, rate, 0.01) << rate;
    EXPECT_EQ(clock.agreeing, 30) << rate;
    EXPECT_EQ(clock.start, std::nullopt) << rate;
    EXPECT_EQ(clock.text, "2021-06-11 23:14:05") << rate;
  }
}

TEST(ReadClockTest, ATimeLapseMayCoverDays) {
  // A still a second of a camera that takes one every minute, at 30 a second.
  const ClockReading clock = Read(Stills("%F %T", kStart, 200, 1800));
  EXPECT_EQ(clock.motion, Motion::kOtherRate);
  EXPECT_NEAR(clock.rate, 1800, 0.1);
  EXPECT_EQ(clock.agreeing, 200);
  EXPECT_EQ(clock.text, "2021-06-11 23:14:05");
  // Without seconds it runs as fast as a stopwatch that shows minutes would.
  EXPECT_EQ(Read(Stills("%F %H:%M", kStart, 30, 60)).motion,
            Motion::kOtherRate);
  EXPECT_FALSE(Read(Stills("%H:%M", kStart, 30, 60)).is_clock);
}

TEST(ReadClockTest, AClockThatJumpsIsAClock) {
  std::vector<Still> stills;
  stills.reserve(20);
  for (int i = 0; i < 20; ++i) {
    stills.push_back(
        {1.0 * i, absl::StrFormat("2021-06-11 %02d:%02d:%02d", i * i * i % 23,
                                  i * i % 59, i * i * i % 53)});
  }
  const ClockReading clock = Read(stills);
  EXPECT_TRUE(clock.is_clock);
  EXPECT_TRUE(clock.timed);
  EXPECT_EQ(clock.motion, Motion::kUnknown);
  EXPECT_EQ(clock.readings, 20);
  EXPECT_LT(clock.agreeing, 10);
}

TEST(ReadClockTest, AClockThatDriftsALittleTicks) {
  const ClockReading clock = Read(Stills("%F %T", kStart, 100, 1.002, 36));
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_NEAR(clock.rate, 1.002, 1e-4);
  EXPECT_EQ(clock.agreeing, 100);
}

TEST(ReadClockTest, AClockWithoutSecondsTicksOverMinutes) {
  const absl::CivilSecond start(2021, 6, 11, 23, 14, 0);
  const ClockReading clock = Read(Stills("%F %H:%M", start, 30, 1, 10));
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_FALSE(clock.has_seconds);
  EXPECT_EQ(clock.start, start);
  EXPECT_EQ(clock.text, "2021-06-11 23:14");
  EXPECT_EQ(Read(Stills("%H:%M", start, 30, 1, 10)).motion, Motion::kTicks);
  EXPECT_EQ(Read(Stills("%H:%M", start, 9, 1, 10)).motion, Motion::kUnknown);
  EXPECT_EQ(Read(Stills("%H:%M", start, 30, 0, 10)).motion, Motion::kFrozen);
}

TEST(ReadClockTest, HoursAndMinutesAmongOtherWordsHaveToTick) {
  EXPECT_FALSE(Read(Stills("OPEN %H:%M", kStart, 30, 0, 10)).is_clock);
  EXPECT_TRUE(Read(Stills("CAM 1 %H:%M", kStart, 30, 1, 10)).is_clock);
}

TEST(ReadClockTest, ADateAloneIsAClockThatDoesNotTick) {
  const ClockReading clock = Read({{0, "2021-06-11"},
                                   {5, "2O21-06-11"},
                                   {9, "2021-06-17"},
                                   {12, "2021-0611"}});
  EXPECT_TRUE(clock.is_clock);
  EXPECT_TRUE(clock.dated);
  EXPECT_FALSE(clock.timed);
  EXPECT_EQ(clock.motion, Motion::kUnknown);
  EXPECT_EQ(clock.text, "2021-06-11");
  EXPECT_EQ(clock.readings, 3);
  EXPECT_EQ(clock.agreeing, 2);
}

TEST(ReadClockTest, GameClocksAreNoClocks) {
  // Minutes and seconds, up and down, that would do as hours and minutes.
  const absl::CivilSecond start(2021, 1, 1, 0, 12, 30);
  EXPECT_FALSE(Read(Stills("%M:%S", start, 20)).is_clock);
  EXPECT_FALSE(Read(Stills("%M:%S", start, 20, -1)).is_clock);
  EXPECT_FALSE(Read(Stills("2-1 %M:%S", start, 20)).is_clock);
  EXPECT_FALSE(Read(Stills("Q4 %M:%S", start, 20, -1)).is_clock);
  EXPECT_FALSE(Read(Stills("Q4 %M:%S", start, 20, 0)).is_clock);
  EXPECT_FALSE(Read(Stills("%H:%M:%S", start, 20, -1)).is_clock);
}

TEST(ReadClockTest, TimecodesAreNoClocks) {
  const absl::CivilSecond zero(2021, 1, 1, 0, 0, 0);
  EXPECT_FALSE(Read(Stills("%H:%M:%S", zero, 20)).is_clock);
  EXPECT_FALSE(Read(Stills("%H:%M:%S.000", zero + 1, 20)).is_clock);
  EXPECT_FALSE(Read(Stills("%M:%S", zero, 20)).is_clock);
  EXPECT_FALSE(Read({{7, "00:00:07.000"}}).is_clock);
  EXPECT_FALSE(Read({{7, "0:07"}}).is_clock);
  EXPECT_FALSE(Read(Stills("%H:%M:%S / 01:30:00", kStart, 9)).is_clock);
  // With a date it is a clock that was never set.
  EXPECT_TRUE(Read(Stills("%F %T", zero, 20)).is_clock);
  EXPECT_TRUE(Read(Stills("%H:%M:%S", zero + 60, 20)).is_clock);
}

TEST(ReadClockTest, HalfOfTheReadingsMayBeMisread) {
  auto stills = Stills("%F %T", kStart, 20);
  const std::vector<std::string> wrong = {
      "2021-06-11 28:14:05", "2021-08-11 23:44:07", "7021-06-11 73:14:00",
      "2021-06-1 23:14:55",  "2021-06-11 23:19",    "2021-06-11 20:14:11",
      "2021-05-11 23:11:11", "2071-06-11 23:74:17", "2021-06-17 13:14:19",
      "2021-06-11 03:14:20"};
  for (size_t i = 0; i < wrong.size(); ++i) stills[2 * i].text = wrong[i];
  const ClockReading clock = Read(stills);
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_EQ(clock.start, kStart);
  EXPECT_EQ(clock.text, "2021-06-11 23:14:05");
}

TEST(ReadClockTest, OneOrTwoWrongCharactersAgree) {
  auto stills = Stills("%F %T", kStart, 6);
  stills[1].text = "2021-06-11 23:14:86";   // One is wrong.
  stills[2].text = "2021-06-11 23 14;07";   // Two, and no time is read.
  stills[3].text = "2021-06-11 23:14:088";  // One too many.
  stills[4].text = "2021-06-11 71:48:09";   // Four.
  const ClockReading clock = Read(stills);
  EXPECT_EQ(clock.motion, Motion::kTicks);
  EXPECT_EQ(clock.readings, 6);
  EXPECT_EQ(clock.agreeing, 5);
}

TEST(ReadClockTest, ALineThatIsSeldomAClockIsNone) {
  std::vector<Still> stills(10, {0, "ON 2021-06-11 AT 10:30:00"});
  for (int i = 0; i < 10; ++i) stills[i].at = i;
  EXPECT_TRUE(Read(stills).is_clock);
  for (int i = 0; i < 7; ++i) stills[i].text = "BREAKING NEWS";
  EXPECT_FALSE(Read(stills).is_clock);
  for (int i = 0; i < 7; ++i) stills[i].text = "";  // Not read at all.
  EXPECT_TRUE(Read(stills).is_clock);
}

TEST(ReadClockTest, StrangeTimesDoNotCount) {
  EXPECT_FALSE(ReadClock({{absl::InfiniteDuration(), "2021-06-11"},
                          {-absl::InfiniteDuration(), "2021-06-11"},
                          {absl::Hours(24 * 365), "2021-06-11"}})
                   .is_clock);
  EXPECT_FALSE(ReadClock({}).is_clock);
}

TEST(ReadClockTest, OnlyTheBeginningOfALongLineIsRead) {
  const std::string clock = "2021-06-11 23:14:05";
  EXPECT_TRUE(ReadOne(std::string(100, '.') + " " + clock).is_clock);
  EXPECT_FALSE(ReadOne(std::string(128, '.') + " " + clock).is_clock);
}

TEST(ReadClockTest, SecondsThatTickTellAClockWhoseMinutesCannotBeRead) {
  const ClockReading dated =
      ReadClock({{absl::Seconds(0), "2015-03-25 3085 29"},
                 {absl::Seconds(2), "2015-03-25 3085:31"},
                 {absl::Seconds(4), "2015-03-25 3085:33"},
                 {absl::Seconds(6), "2015-03-25 30B5 A5"},
                 {absl::Seconds(8), "2015-03-25 3085:37"}});
  EXPECT_TRUE(dated.is_clock);
  EXPECT_EQ(dated.motion, ClockMotion::kTicks);
  EXPECT_EQ(dated.text, "2015-03-25");
  EXPECT_FALSE(dated.start.has_value());
  const ClockReading undated =
      ReadClock({{absl::Seconds(8), "095-02-11 08 5 58"},
                 {absl::Seconds(16), "095-02-11 08 5 06"},
                 {absl::Seconds(24), "09N-02-11 08 5:14"}});
  EXPECT_TRUE(undated.is_clock);
  EXPECT_EQ(undated.motion, ClockMotion::kTicks);
}

TEST(ReadClockTest, DigitsThatDoNotCountSecondsAreNoClock) {
  // A counter, the same number, too few digits, and only two that agree.
  for (const auto& texts : std::vector<std::vector<std::string>>{
           {"FRAME 30451200", "FRAME 30451225", "FRAME 30451250"},
           {"ID 4400128330", "ID 4400128330", "ID 4400128330"},
           {"12:01", "12:03", "12:05"},
           {"ID 4400128301", "ID 4400128303", "ID 4400128349"}}) {
    std::vector<LineReading> readings;
    for (size_t i = 0; i < texts.size(); ++i) {
      readings.push_back(
          {absl::Seconds(2 * static_cast<int64_t>(i)), texts[i]});
    }
    EXPECT_NE(ReadClock(readings).motion, ClockMotion::kTicks) << texts[0];
  }
}

}  // namespace
}  // namespace lenscap
