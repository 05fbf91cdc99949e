#include <cstdlib>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "models/clock_text.h"

namespace lenscap {
namespace {

using Motion = ClockReading::Motion;

// A single still, long after the start, where no clock looks like a timecode.
ClockReading ReadOne(const std::string& text) {
  return ReadClock({{absl::Seconds(1000), text}});
}

// Draws clocks and how a reader sees them; the same everywhere for a seed.
class Drawing {
 public:
  explicit Drawing(int seed) : random_(seed) {}

  int Below(size_t below) { return static_cast<int>(random_() % below); }
  double Unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

  std::string Character() {
    static const auto* const kAlphabet = new std::vector<std::string>([] {
      std::vector<std::string> all = {"年", "月", "日", "星", "期", "一",
                                      "二", "三", "四", "五", "六", "上",
                                      "下", "午", "周", "°"};
      for (const char c : absl::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWX"
                                            "YZ :-/.,@#_()+")) {
        all.push_back(std::string(1, c));
      }
      return all;
    }());
    return (*kAlphabet)[Below(kAlphabet->size())];
  }

  // One character read wrong, left out, doubled or put in.
  void Damage(std::string& text) {
    if (text.empty()) return;
    const int at = Below(text.size());
    switch (Below(4)) {
      case 0:
        text.replace(at, 1, Character());
        break;
      case 1:
        text.erase(at, 1);
        break;
      case 2:
        text.insert(at, 1, text[at]);
        break;
      case 3:
        text.replace(at, 1, Alike(text[at]));
        break;
    }
  }

  std::string Format() {
    constexpr absl::string_view kFormats[] = {
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%d-%m-%Y %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%d.%m.%Y %H:%M:%S",
        "%m-%d-%Y %a %H:%M:%S",
        "%y-%m-%d %H:%M:%S",
        "%m/%d/%y %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%d %b %Y %H:%M:%S",
        "%b %d, %Y %I:%M:%S%p",
        "%H:%M:%S %Y-%m-%d",
        "%Y-%m-%d%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "CAM 4 %Y-%m-%d %H:%M:%S 25FPS",
        "74F 23°C %m-%d-%Y %A %H:%M:%S",
    };
    const absl::string_view format = kFormats[Below(std::size(kFormats))];
    return std::string(format.data(), format.size());
  }

 private:
  static std::string Alike(char c) {
    constexpr absl::string_view kAlike = "0O1I5S8B2Z:.-. _";
    const auto at = kAlike.find(c);
    return std::string(1, at == kAlike.npos ? 'X' : kAlike[at ^ 1]);
  }

  std::mt19937_64 random_;
};

// A clock as it was drawn and the readings of it.
struct Draw {
  absl::CivilSecond start;
  std::vector<LineReading> readings;
};

// 8 to 31 stills at random times of a video of 10 to 610 s; up to `damaged` of
// them have one to three wrong characters.
Draw DrawClock(Drawing& drawing, double rate, double damaged) {
  const absl::Time first =
      absl::FromUnixSeconds(1'100'000'000 + drawing.Below(900'000'000)) +
      absl::Seconds(drawing.Unit());
  const std::string format = drawing.Format();
  const double length = 10 + drawing.Below(600);
  const int count = 8 + drawing.Below(24);
  const double share = damaged * drawing.Unit();
  Draw draw;
  draw.start = absl::ToCivilSecond(first, absl::UTCTimeZone());
  for (int i = 0; i < count; ++i) {
    const absl::Duration at = absl::Seconds(length * drawing.Unit());
    std::string text =
        absl::FormatTime(format, first + at * rate, absl::UTCTimeZone());
    absl::AsciiStrToUpper(&text);
    if (drawing.Unit() < share) {
      for (int n = drawing.Below(3); n >= 0; --n) drawing.Damage(text);
    }
    draw.readings.push_back({at, text});
  }
  return draw;
}

// Of clocks drawn from a fixed seed.
struct Score {
  int motion = 0;  // The motion is right.
  int second = 0;  // And so is the start, give or take a second.
  int exact = 0;   // And so is its second.
};
Score ScoreOf(int draws, double rate, double damaged, Motion motion) {
  Drawing drawing(1);
  Score score;
  for (int i = 0; i < draws; ++i) {
    const Draw draw = DrawClock(drawing, rate, damaged);
    const ClockReading clock = ReadClock(draw.readings);
    if (clock.motion != motion) continue;
    ++score.motion;
    if (!clock.start.has_value()) continue;
    const auto off = *clock.start - draw.start;
    score.second += std::abs(off) <= 1;
    score.exact += off == 0;
  }
  return score;
}

TEST(ReadClockPropertyTest, TickingClocksAreFound) {
  // Where the start is wrong, the date has two orders and either the same
  // weekday in both or none. Where its second is, no still is near the tick.
  const Score clean = ScoreOf(1000, 1, 0, Motion::kTicks);
  EXPECT_EQ(clean.motion, 1000);
  EXPECT_EQ(clean.second, 995);
  EXPECT_EQ(clean.exact, 971);
  const Score damaged = ScoreOf(1000, 1, 0.3, Motion::kTicks);
  EXPECT_EQ(damaged.motion, 1000);
  EXPECT_EQ(damaged.second, 997);
  EXPECT_EQ(damaged.exact, 965);
  const Score half = ScoreOf(1000, 1, 0.5, Motion::kTicks);
  EXPECT_EQ(half.motion, 1000);
  EXPECT_EQ(half.second, 990);
}

TEST(ReadClockPropertyTest, FrozenClocksAreToldFromTickingOnes) {
  EXPECT_EQ(ScoreOf(1000, 0, 0.3, Motion::kFrozen).motion, 1000);
  EXPECT_EQ(ScoreOf(1000, 0, 0.3, Motion::kTicks).motion, 0);
}

TEST(ReadClockPropertyTest, OtherRatesAreToldFromTickingClocks) {
  for (const double rate : {0.5, 1.5, 2.0, 10.0}) {
    EXPECT_EQ(ScoreOf(400, rate, 0.3, Motion::kOtherRate).motion, 400) << rate;
  }
  // A dozen seconds of a clock that is a tenth too fast are nearly in step.
  EXPECT_EQ(ScoreOf(400, 1.1, 0.3, Motion::kOtherRate).motion, 398);
  EXPECT_EQ(ScoreOf(400, 1.1, 0.3, Motion::kTicks).motion, 2);
}

TEST(ReadClockPropertyTest, RandomTextIsHardlyEverAClock) {
  Drawing drawing(2);
  int clocks = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int n = drawing.Below(40); n > 0; --n) text += drawing.Character();
    clocks += ReadOne(text).is_clock;
  }
  EXPECT_EQ(clocks, 0);
}

TEST(ReadClockPropertyTest, RandomNumbersAreHardlyEverAClock) {
  constexpr absl::string_view kCharacters = "0123456789:-/. ";
  Drawing drawing(3);
  int clocks = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int n = drawing.Below(20); n > 0; --n) {
      text += kCharacters[drawing.Below(kCharacters.size())];
    }
    clocks += ReadOne(text).is_clock;
  }
  EXPECT_EQ(clocks, 81);
}

TEST(ReadClockPropertyTest, AnyBytesAtAnyTimeAreRead) {
  Drawing drawing(4);
  for (int i = 0; i < 1000; ++i) {
    std::vector<LineReading> readings;
    const std::string format = drawing.Format();
    for (int n = drawing.Below(8); n > 0; --n) {
      std::string text = drawing.Below(2) ? format : "";
      for (int m = drawing.Below(30); m > 0; --m) {
        text.push_back(static_cast<char>(drawing.Below(256)));
      }
      readings.push_back(
          {drawing.Below(1000) * absl::Seconds(drawing.Unit()), text});
    }
    const ClockReading clock = ReadClock(readings);
    EXPECT_EQ(clock.is_clock, clock.dated || clock.timed);
    EXPECT_EQ(clock.is_clock, !clock.text.empty());
    EXPECT_LE(clock.agreeing, clock.readings);
    EXPECT_LE(clock.readings, static_cast<int>(readings.size()));
  }
}

}  // namespace
}  // namespace lenscap
