#include "verdict/reasons.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

ClipMatch Match() {
  ClipMatch match;
  match.list_id = "ncii";
  match.entry_id = "entry-7";
  match.severity = Severity::kConfirmed;
  match.query = {absl::Seconds(65), absl::Seconds(80)};
  match.reference = {absl::Seconds(10), absl::Seconds(25)};
  match.frames_matched = 28;
  match.frames_sampled = 30;
  match.median_distance = 8;
  return match;
}

TEST(ReasonsTest, AMatchIsTellable) {
  EXPECT_EQ(MatchReason(Match(), "block-excerpt"),
            "Rule \"block-excerpt\": known clip \"entry-7\" of list \"ncii\" "
            "(confirmed), 1:05.0 to 1:20.0 of the upload is 0:10.0 to 0:25.0 "
            "of the clip: 28 of 30 frames agree, median distance 8 of 256 "
            "bits.");
}

TEST(ReasonsTest, AnEqualFileNeedsNoFigures) {
  ClipMatch match = Match();
  match.kind = ClipMatch::Kind::kExactFile;
  match.severity = Severity::kCritical;
  EXPECT_EQ(MatchReason(match, "r"),
            "Rule \"r\": known clip \"entry-7\" of list \"ncii\" (critical), "
            "the very same file.");
}

TEST(ReasonsTest, WhatWasDoneToThePictureIsSaid) {
  const auto with = [](Orientation orientation, double speed) {
    ClipMatch match = Match();
    match.orientation = orientation;
    match.speed = speed;
    const std::string reason = MatchReason(match, "r");
    const size_t from = reason.find("of the clip") + 11;
    return reason.substr(from, reason.find(": 28") - from);
  };
  EXPECT_EQ(with(Orientation::kUpright, 1), "");
  EXPECT_EQ(with(Orientation::kMirrored, 1), ", mirrored");
  EXPECT_EQ(with(Orientation::kRotated90, 1), ", rotated by 90 degrees");
  EXPECT_EQ(with(Orientation::kRotated180, 1), ", rotated by 180 degrees");
  EXPECT_EQ(with(Orientation::kRotated270, 1), ", rotated by 270 degrees");
  EXPECT_EQ(with(Orientation::kFlipped, 1), ", flipped upside down");
  EXPECT_EQ(with(Orientation::kTransposed, 1), ", rotated and mirrored");
  EXPECT_EQ(with(Orientation::kTransversed, 1), ", rotated and mirrored");
  EXPECT_EQ(with(Orientation::kMirrored, 1.25),
            ", mirrored, at 1.25 times its speed");
  EXPECT_EQ(with(Orientation::kUpright, 1.01), "");
  EXPECT_EQ(with(Orientation::kUpright, std::nan("")), "");
  EXPECT_EQ(with(Orientation::kUpright, INFINITY), "");
  EXPECT_EQ(with(static_cast<Orientation>(99), 1), "");
}

TEST(ReasonsTest, WhereInThePictureTheClipIsIsSaid) {
  const auto in = [](const PicturePart& part) {
    ClipMatch match = Match();
    match.part = part;
    const std::string reason = MatchReason(match, "r");
    const size_t from = reason.find("of the clip") + 11;
    return reason.substr(from, reason.find(": 28") - from);
  };
  using Kind = PicturePart::Kind;
  EXPECT_EQ(in({}), "");
  EXPECT_EQ(in({.kind = Kind::kContent}),
            ", in the picture without its borders");
  EXPECT_EQ(
      in({.kind = Kind::kTile, .row = 1, .column = 3, .rows = 4, .columns = 6}),
      ", in row 2, column 4 of a wall of 4 by 6 pictures");
  EXPECT_EQ(in({.kind = Kind::kInner}), ", in a picture within the picture");
  EXPECT_EQ(in({.kind = Kind::kLocated,
                .query = {0, 0, 0.5, 0.5},
                .reference = {0, 0, 1, 0.7}}),
            ", showing 70 % of the clip's picture in 25 % of the upload's");
  EXPECT_EQ(in({.kind = static_cast<Kind>(99)}), "");
}

TEST(ReasonsTest, BackwardsAndNegativesAreSaid) {
  ClipMatch match = Match();
  match.speed = -1;
  match.negative = true;
  EXPECT_NE(MatchReason(match, "r").find(", as a negative, backwards: 28"),
            std::string::npos);
}

TEST(ReasonsTest, ASceneIsNotCalledTheClip) {
  ClipMatch match = Match();
  match.kind = ClipMatch::Kind::kSameScene;
  EXPECT_EQ(MatchReason(match, "same-camera"),
            "Rule \"same-camera\": known clip \"entry-7\" of list \"ncii\" "
            "(confirmed), 1:05.0 to 1:20.0 of the upload shows what the camera "
            "sees at 0:10.0 to 0:25.0 of the clip: the same scene, not the "
            "same footage.");
}

TEST(ReasonsTest, NothingUnprintableGetsThrough) {
  ClipMatch match = Match();
  match.entry_id = std::string("a\0\n\xff", 4);
  match.list_id = "";
  match.severity = static_cast<Severity>(9);
  EXPECT_EQ(MatchReason(match, "r\x1b[31m").substr(0, 75),
            "Rule \"r\\x1b[31m\": known clip \"a\\x00\\n\\xff\" of list \"\" "
            "(of unknown severity)");
  EXPECT_EQ(UnreadableReason("no \"moov\"\n\xe5"), "no \"moov\"\\n\\xe5");
}

TEST(ReasonsTest, ACueComesWithItsEvidence) {
  Cue cue;
  cue.name = "fixed_angle";
  cue.probability = 0.997;
  cue.evidence = "Edges stay for 98 % of the time.";
  EXPECT_EQ(CueReason(cue, "固定"),
            "Rule \"固定\": cue \"fixed_angle\", 99 % probable: Edges stay for "
            "98 % of the time.");
  cue.evidence = "";
  cue.probability = 1;
  EXPECT_EQ(CueReason(cue, "r"),
            "Rule \"r\": cue \"fixed_angle\", 100 % probable.");
  cue.probability = std::nan("");
  EXPECT_EQ(CueReason(cue, "r"),
            "Rule \"r\": cue \"fixed_angle\", 0 % probable.");
  cue.probability = INFINITY;
  EXPECT_EQ(CueReason(cue, "r"),
            "Rule \"r\": cue \"fixed_angle\", 100 % probable.");
}

TEST(ReasonsTest, TimesReadAsPlayersShowThem) {
  EXPECT_EQ(ClockTime(absl::ZeroDuration()), "0:00.0");
  EXPECT_EQ(ClockTime(absl::Milliseconds(49)), "0:00.0");
  EXPECT_EQ(ClockTime(absl::Milliseconds(50)), "0:00.1");
  EXPECT_EQ(ClockTime(absl::Milliseconds(9949)), "0:09.9");
  EXPECT_EQ(ClockTime(absl::Milliseconds(59'960)), "1:00.0");
  EXPECT_EQ(ClockTime(absl::Seconds(65)), "1:05.0");
  EXPECT_EQ(ClockTime(absl::Hours(2) + absl::Seconds(1.5)), "120:01.5");
  EXPECT_EQ(ClockTime(-absl::Seconds(1)), "-0:01.0");
  EXPECT_EQ(ClockTime(-absl::Milliseconds(1)), "0:00.0");
  EXPECT_EQ(ClockTime(absl::InfiniteDuration()), "60000000:00.0");
  EXPECT_EQ(ClockTime(-absl::InfiniteDuration()), "-60000000:00.0");
}

}  // namespace
}  // namespace lenscap
