#include "services/cli/cue_text.h"

#include <clocale>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Widths of characters are those of a UTF-8 locale, as in the command.
class CueTextTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  }

  template <typename Message>
  static Message FromText(const std::string& text) {
    Message message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
    return message;
  }
};

TEST_F(CueTextTest, ANumberThatIsNoneIsZero) {
  EXPECT_EQ(Bounded(0.5, 0, 1), 0.5);
  EXPECT_EQ(Bounded(7, 0, 1), 1);
  EXPECT_EQ(Bounded(kNaN, -1, 1), 0);
  EXPECT_EQ(Bounded(kNaN, 0.1, 1), 0.1);
}

TEST_F(CueTextTest, WhatIsTooLongEndsInDots) {
  EXPECT_EQ(Shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(Shorten("abcdefg", 6), "abc...");
  EXPECT_EQ(Shorten("회의실회의실", 12), "회의실회의실");
  EXPECT_EQ(Shorten("회의실회의실", 10), "회의실...");
  EXPECT_EQ(Shorten("a\x1b", 6), "a?");
  EXPECT_EQ(Shorten("abc", 2), "..");
  EXPECT_EQ(Shorten("", 5), "");
  // Marks that take no column cannot pile up.
  std::string marks = "a";
  for (int i = 0; i < 10'000; ++i) marks += "\xcc\x81";
  EXPECT_LE(Shorten(marks, 10).size(), 50u);
}

TEST_F(CueTextTest, LinesBreakBetweenWords) {
  EXPECT_THAT(WrapText("one two three", 7, 3), ElementsAre("one two", "three"));
  EXPECT_THAT(WrapText("one twothree", 7, 3),
              ElementsAre("one", "twothre", "e"));
  EXPECT_THAT(WrapText("aaaa bbbb cccc ddddd", 9, 2),
              ElementsAre("aaaa bbbb", "cccc d..."));
  EXPECT_THAT(WrapText("회의실 회의실", 6, 2), ElementsAre("회의실", "회의실"));
  EXPECT_THAT(WrapText("", 7, 3), IsEmpty());
}

TEST_F(CueTextTest, PlacesAreThirdsOfThePicture) {
  const auto place = [](double left, double top, double right, double bottom) {
    v1::Region region;
    region.set_left(left);
    region.set_top(top);
    region.set_right(right);
    region.set_bottom(bottom);
    return PlaceName(region);
  };
  EXPECT_EQ(place(0, 0, 0.3, 0.1), "top left");
  EXPECT_EQ(place(0, 0, 1, 0.1), "top");
  EXPECT_EQ(place(0.7, 0.4, 1, 0.6), "right");
  EXPECT_EQ(place(0.4, 0.4, 0.6, 0.6), "middle");
  EXPECT_EQ(place(0.8, 0.9, 1, 1), "bottom right");
  EXPECT_EQ(place(kNaN, -1e300, kNaN, -1e300), "top left");
  EXPECT_EQ(place(1e300, 1e300, 1e300, 1e300), "bottom right");
}

TEST_F(CueTextTest, AClockIsToldByHowItRuns) {
  const auto clock = [](const std::string& text) {
    return DescribeClock(FromText<v1::BurnedInText>(text));
  };
  EXPECT_EQ(clock("clock: CLOCK_NONE"), "");
  EXPECT_EQ(clock(""), "");
  EXPECT_EQ(clock("clock: 99"), "");
  EXPECT_EQ(clock("clock: CLOCK_UNKNOWN"), "a clock, running or not");
  EXPECT_EQ(clock("clock: CLOCK_TICKS rate: 1"), "ticks with the video");
  EXPECT_EQ(clock("clock: CLOCK_FROZEN"), "stands still");
  EXPECT_EQ(clock("clock: CLOCK_OTHER_RATE rate: 2"), "runs 2.0 times as fast");
  EXPECT_EQ(clock("clock: CLOCK_OTHER_RATE rate: -0.5"),
            "runs 0.5 times as fast, backwards");
  EXPECT_EQ(clock("clock: CLOCK_OTHER_RATE rate: nan"),
            "runs 0.0 times as fast");
  EXPECT_EQ(clock("clock: CLOCK_OTHER_RATE rate: 1e300"),
            "runs 9999.0 times as fast");
}

TEST_F(CueTextTest, AMoveIsAsLongAsSeenInWidths) {
  const auto cues = FromText<v1::CueReport>(
      "motion { time { seconds: 1 } dx: 0.03 dy: 0.04 } "
      "motion { time { seconds: 2 } dx: nan dy: 0.5 } "
      "motion { time { seconds: -3 } dx: -inf }");
  const auto moves = MoveLengths(cues, 2);
  ASSERT_EQ(moves.size(), 3u);
  EXPECT_NEAR(moves[0].length, 0.0361, 1e-4);
  EXPECT_DOUBLE_EQ(moves[1].length, 0.25);
  EXPECT_DOUBLE_EQ(moves[2].length, 1);
  EXPECT_EQ(moves[2].time, absl::ZeroDuration());
  EXPECT_EQ(LongestMove(moves).length, 1);
  EXPECT_EQ(LongestMove({}).length, 0);
}

TEST_F(CueTextTest, ASparklineShowsTheGreatestOfEachColumn) {
  EXPECT_EQ(Sparkline({0, 0.5, 1}, 1, 10), "▁▅█");
  EXPECT_EQ(Sparkline({0, 1, 0, 0, 0.3, 0}, 1, 3), "█▁▃");
  EXPECT_EQ(Sparkline({5, -5}, 1, 10), "█▁");
  EXPECT_EQ(Sparkline({}, 1, 10), "");
  EXPECT_EQ(DisplayWidth(Sparkline(std::vector<double>(255, 0.2), 1, 60)), 60u);
}

TEST_F(CueTextTest, WhatCuesRestOnIsTold) {
  EXPECT_EQ(ExplainCues(FromText<v1::ScanReport>(R"(
        media { width: 640 height: 480 }
        cues {
          cues { name: "fixed_angle" probability: 0.97 contribution: 1.318
                 evidence: "edges persist over 60 s"
                 spans { end { seconds: 60 } } }
          cues { name: "infrared" probability: 0.04 contribution: -0.5
                 evidence: "in colour" }
          cues { name: "hidden_camera" probability: 0.9 evidence: "two signs" }
          texts { region { right: 0.3 bottom: 0.1 } text: "12:00:01"
                  clock: CLOCK_TICKS }
          texts { region { left: 0.9 top: 0.9 right: 1 bottom: 1 }
                  text: "CAM 3" clock: CLOCK_NONE }
          motion { time { seconds: 1 } dx: 0 }
          motion { time { seconds: 2 } dx: 0.032 }
          distortion: 0.42 rows: 4 columns: 6
        }
        shadow_cues { model_version: "3"
          cues { name: "fixed_angle" probability: 0.91 }
          cues { name: "new_sign" probability: 0.5 } })")),
            "  cue     fixed_angle   0.97 (hidden_camera +1.32) 0:00.0-1:00.0: "
            "edges persist over 60 s\n"
            "  cue     infrared      0.04 (hidden_camera -0.50): in colour\n"
            "  cue     hidden_camera 0.90: two signs\n"
            "  text    top left: \"12:00:01\", ticks with the video\n"
            "  text    bottom right: \"CAM 3\"\n"
            "  motion  ▁█  largest move 3.2% of the width, at 0:02.0\n"
            "  lens    distortion 0.42: 0 keeps lines straight, 1 sees 180 "
            "degrees\n"
            "  grid    4 x 6 views\n"
            "  shadow  3: fixed_angle 0.91 (0.97), new_sign 0.50\n");
}

TEST_F(CueTextTest, WhatIsNotThereIsNotSpokenOf) {
  EXPECT_EQ(ExplainCues(v1::ScanReport()), "");
  EXPECT_EQ(ExplainCues(FromText<v1::ScanReport>(
                "cues { distortion: 0.05 rows: 1 columns: 1 }")),
            "");
  EXPECT_EQ(ExplainCues(FromText<v1::ScanReport>(
                "shadow_cues { model_version: '3' unavailable: 'broken' }")),
            "  shadow  3: none: broken\n");
}

TEST_F(CueTextTest, AStillCameraIsAFlatLine) {
  EXPECT_THAT(ExplainCues(FromText<v1::ScanReport>(
                  "cues { motion { dx: 0.0001 } motion { dx: 0.0002 } }")),
              HasSubstr("  motion  ▁▁  largest move 0.0% of the width"));
}

TEST_F(CueTextTest, ManyShadowCuesAreBrokenIntoLines) {
  v1::ScanReport report;
  report.mutable_shadow_cues()->set_model_version("3");
  for (int i = 0; i < 9; ++i) {
    report.mutable_shadow_cues()->add_cues()->set_name("a_rather_long_name");
  }
  const std::string text = ExplainCues(report);
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    EXPECT_LE(end - start, 78u);
    start = end + 1;
  }
}

TEST_F(CueTextTest, HowLongHostileReportsAreIsBounded) {
  v1::ScanReport report;
  const std::string longest = std::string(2000, 'x') + "\x1b";
  for (v1::CueReport* cues :
       {report.mutable_cues(), report.mutable_shadow_cues()}) {
    cues->set_unavailable(longest);
    cues->set_model_version(longest);
    cues->set_distortion(kNaN);
    cues->set_rows(std::numeric_limits<int>::min());
    cues->set_columns(std::numeric_limits<int>::max());
    for (int i = 0; i < 1000; ++i) {
      v1::Cue& cue = *cues->add_cues();
      cue.set_name(longest);
      cue.set_evidence(longest);
      cue.set_probability(i % 2 == 0 ? kNaN : 1e300);
      cue.set_contribution(-1e300);
      cues->mutable_cues(0)->add_spans();
      cues->add_texts()->set_text(longest);
      cues->add_motion()->set_dx(std::numeric_limits<float>::infinity());
    }
  }
  const std::string text = ExplainCues(report);
  EXPECT_LT(text.size(), 100'000u);
  EXPECT_THAT(text, AllOf(HasSubstr("and 936 more"), Not(HasSubstr("nan")),
                          Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace lenscap::cli
