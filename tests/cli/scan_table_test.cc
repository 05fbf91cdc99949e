#include "services/cli/scan_table.h"

#include <clocale>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

v1::ScanReport Report(const std::string& text) {
  v1::ScanReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &report));
  return report;
}

v1::ScanReport Blocked() {
  return Report(R"(
    file: "night/a.mp4"
    media { container: "matroska,webm" codec: "vp9" width: 640 height: 360
            duration { seconds: 60 } frames_sampled: 120 truncated: true }
    matches {
      list_id: "demo" list_version: 3 issuer: "Example hotline"
      entry_id: "room-7" severity: SEVERITY_CONFIRMED kind: KIND_FRAMES
      query { start { seconds: 10 } end { seconds: 20 } }
      reference { start { seconds: 90 } end { seconds: 100 } }
      query_coverage: 0.1667 reference_coverage: 0.05
      frames_matched: 18 frames_sampled: 20
      best_distance: 2 median_distance: 8
      transform { orientation: ORIENTATION_MIRRORED speed: 1.25 }
    }
    matches { list_id: "demo" entry_id: "room-8" kind: KIND_EXACT_FILE }
    cues { cues { name: "fixed_angle" probability: 0.97
                  evidence: "edges persist over 60 s"
                  spans { end { seconds: 60 } } } }
    verdict { action: ACTION_BLOCK policy_version: "p-1"
              reasons: "known clip" shadow_action: ACTION_REVIEW
              shadow_reasons: "fixed angle" }
    timings { total { seconds: 1 nanos: 250000000 } }
    case_id: "case-x")");
}

v1::ClipMatch Match(const std::string& text) {
  v1::ClipMatch match;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "median_distance: 8 best_distance: 2 " + text, &match));
  return match;
}

TEST(ScanTableTest, WhereInThePictureAndHowItWasAlteredIsTold) {
  EXPECT_EQ(DescribeDistance(Match("kind: KIND_SAME_SCENE")), "same scene");
  EXPECT_EQ(DescribeDistance(Match("transform { speed: -1 negative: true }")),
            "8 (best 2), backwards, negative");
  EXPECT_EQ(DescribeDistance(Match("part { kind: KIND_WHOLE }")), "8 (best 2)");
  EXPECT_EQ(DescribeDistance(Match("part { kind: KIND_CONTENT }")),
            "8 (best 2), without borders");
  EXPECT_EQ(DescribeDistance(Match("part { kind: KIND_TILE row: 1 column: 3 "
                                   "rows: 4 columns: 6 }")),
            "8 (best 2), tile 2/4 of 4x6");
  EXPECT_EQ(DescribeDistance(Match("part { kind: KIND_INNER }")),
            "8 (best 2), inner picture");
  EXPECT_EQ(
      DescribeDistance(Match("part { kind: KIND_LOCATED reference "
                             "{ left: 0.1 right: 0.9 top: 0 bottom: 0.75 } }")),
      "8 (best 2), 60% of the picture");
}

TEST(ScanTableTest, ARowTellsTheVerdictTheClipAndBothSpans) {
  ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  EXPECT_EQ(
      FormatScanTable(
          {Blocked(),
           Report("file: 'b.mp4' verdict { action: ACTION_ALLOW } "
                  "timings { total { nanos: 500000000 } }"),
           Report("file: 'c.mp4' verdict { action: ACTION_UNREADABLE "
                  "reasons: 'no video stream' }")}),
      "FILE         VERDICT     CLIP         IN UPLOAD      IN CLIP        "
      "DISTANCE                     TIME\n"
      "night/a.mp4  BLOCK       demo/room-7  0:10.0-0:20.0  1:30.0-1:40.0  "
      "8 (best 2), mirrored, 1.25x  1.2 s  1 more match\n"
      "b.mp4        ALLOW       -            -              -              "
      "-                            0.5 s\n"
      "c.mp4        UNREADABLE  -            -              -              "
      "-                            -      no video stream\n");
}

TEST(ScanTableTest, AnExplanationHasEverythingThatWasFound) {
  const std::string text = ExplainReport("night/a.mp4:", Blocked());
  EXPECT_THAT(text, AllOf(HasSubstr("night/a.mp4: BLOCK by policy p-1, case-x"),
                          HasSubstr("reason  known clip"),
                          HasSubstr("shadow  REVIEW: fixed angle"),
                          HasSubstr("demo/room-7, version 3 of Example "
                                    "hotline: 0:10.0-0:20.0 of the upload "
                                    "(17%) is 1:30.0-1:40.0 of the clip (5%)"),
                          HasSubstr("18 of 20 frames agree; severity "
                                    "confirmed")));
  EXPECT_THAT(text, AllOf(HasSubstr("demo/room-8"), HasSubstr("exact file"),
                          HasSubstr("fixed_angle 0.97 0:00.0-1:00.0: edges "
                                    "persist over 60 s"),
                          HasSubstr("vp9 in matroska,webm, 640x360, 1:00.0, "
                                    "120 frames sampled, truncated")));
}

TEST(ScanTableTest, WhyThereAreNoCuesIsSaid) {
  EXPECT_THAT(ExplainReport("a:", Report("cues { unavailable: 'no model' }")),
              HasSubstr("cues    none: no model"));
}

TEST(ScanTableTest, WhatTheCuesRestOnIsExplained) {
  v1::ScanReport report = Blocked();
  report.mutable_cues()->mutable_cues(0)->set_contribution(1.25);
  report.mutable_cues()->MergeFrom(
      Report("cues { texts { text: 'CAM 3' } motion { dx: 0.02 } "
             "distortion: 0.5 columns: 2 }")
          .cues());
  report.mutable_shadow_cues()->set_model_version("3");
  *report.mutable_shadow_cues()->mutable_cues() = report.cues().cues();
  EXPECT_THAT(
      ExplainReport("night/a.mp4:", report),
      HasSubstr("  cue     fixed_angle 0.97 (hidden_camera +1.25) 0:00.0-1:00.0"
                ": edges persist over 60 s\n"
                "  text    top left: \"CAM 3\"\n"
                "  motion  █  largest move 2.0% of the width, at 0:00.0\n"
                "  lens    distortion 0.50: 0 keeps lines straight, 1 sees "
                "180 degrees\n"
                "  grid    1 x 2 views\n"
                "  shadow  3: fixed_angle 0.97 (0.97)\n"
                "  media   vp9"));
}

TEST(ScanTableTest, NothingOfAStrangersSteersTheTerminal) {
  v1::ScanReport report = Blocked();
  report.mutable_matches(0)->set_issuer("\x1b[2Jx");
  report.mutable_matches(0)->set_entry_id("\x1b]0;x");
  report.mutable_verdict()->set_reasons(0, "\x1b[31m");
  report.mutable_media()->set_codec("\x1b");
  report.set_file("\x1b");
  v1::CueReport& cues = *report.mutable_cues();
  cues.set_unavailable("\x1b");
  cues.mutable_cues(0)->set_name("\x1b[1m");
  cues.mutable_cues(0)->set_evidence("\x1b[1m");
  cues.add_texts()->set_text("\x1b[1m");
  *report.mutable_shadow_cues() = cues;
  report.mutable_shadow_cues()->set_model_version("\x1b[1m");
  EXPECT_THAT(ExplainReport("x:", report), Not(HasSubstr("\x1b")));
  EXPECT_THAT(FormatScanTable({report}), Not(HasSubstr("\x1b")));
}

TEST(ScanTableTest, TheSummaryAddsUp) {
  v1::ScanReport allowed = Report(
      "verdict { action: ACTION_ALLOW } media { duration { seconds: 30 } }");
  const std::vector<v1::ScanReport> reports = {
      Blocked(), allowed, allowed, Report("verdict { action: ACTION_REVIEW }"),
      Report("verdict { action: ACTION_UNREADABLE }")};
  EXPECT_EQ(SummarizeScan(reports, 0, 0, absl::Seconds(4)),
            "5 files: 1 blocked, 1 to review, 2 allowed, 1 unreadable. "
            "4.0 s, 30 times as fast as they play\n");
  EXPECT_EQ(SummarizeScan({allowed}, 0, 1, absl::Seconds(60)),
            "1 file: 0 blocked, 0 to review, 1 allowed, 0 unreadable; "
            "1 other file left out. 60.0 s, 0.5 times as fast as they play\n");
  EXPECT_EQ(SummarizeScan({}, 2, 3, absl::Seconds(1)),
            "2 files: 0 blocked, 0 to review, 0 allowed, 0 unreadable, "
            "2 not scanned; 3 other files left out. 1.0 s\n");
}

}  // namespace
}  // namespace lenscap::cli
