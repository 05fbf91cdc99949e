#include "services/cli/evidence_page.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/cli/svg.h"
#include "tests/support/media_files.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHuge = std::numeric_limits<double>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// As much of a grey JPEG as says how large it is.
std::string Jpeg(int width, int height) {
  const auto word = [](int value) {
    return std::string{static_cast<char>(value >> 8),
                       static_cast<char>(value & 0xff)};
  };
  return "\xff\xd8\xff\xe0" + word(4) + "ab\xff\xc0" + word(11) + "\x08" +
         word(height) + word(width) + std::string("\1\1\x11\0\xff\xd9", 6);
}

v1::ScanReport Suspected() {
  v1::ScanReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    file: "night/a.mp4" scan_id: "scan-1" case_id: "case-2" content_id: "c-3"
    media { codec: "h264" width: 640 height: 480 duration { seconds: 60 } }
    verdict { action: ACTION_REVIEW policy_version: "p-4"
              reasons: "hidden_camera is 0.93" }
    cues {
      model_version: "7" distortion: 0.42 rows: 1 columns: 1
      cues { name: "hidden_camera" probability: 0.93 evidence: "six signs" }
      cues { name: "fixed_angle" probability: 0.97 contribution: 1.32
             evidence: "edges persist over 60 s"
             spans { start { seconds: 15 } end { seconds: 45 } } }
      cues { name: "infrared" probability: 0.04 contribution: -0.5 }
      texts { region { left: 0.1 top: 0.05 right: 0.5 bottom: 0.1 }
              text: "2026-01-03 23:14:07" clock: CLOCK_OTHER_RATE rate: 2 }
      texts { region { left: 0.8 top: 0.9 right: 0.9 bottom: 1 }
              text: "CAM 3" clock: CLOCK_NONE }
      motion { time { nanos: 500000000 } dx: 0.01 zoom: 1 }
      motion { time { seconds: 1 } dx: -0.03 dy: 0.04 zoom: 1 }
      stills { time { seconds: 5 } }
      stills { time { seconds: 30 } }
    })",
                                                            &report));
  for (v1::CueStill& still : *report.mutable_cues()->mutable_stills()) {
    still.set_jpeg(Jpeg(480, 360));
  }
  return report;
}

// What a parser of XML makes of the page: a line for each element with its
// attributes in their order and its text. The test fails where it is not
// well-formed.
std::string Parsed(const std::string& page) {
  static constexpr char kParse[] = R"(
import sys, xml.etree.ElementTree
for e in xml.etree.ElementTree.parse(sys.argv[1]).iter():
    words = [e.tag.replace("{http://www.w3.org/2000/svg}", "")]
    words += [k + "=" + v[:40] for k, v in e.attrib.items()]
    print(*words, repr((e.text or "").strip()))
)";
  return OutputOf(
      {"python3", "-X", "utf8", "-c", kParse, WriteTempFile("page.svg", page)});
}

TEST(EvidencePageTest, EverythingThatAReviewerChecksIsOnIt) {
  const std::string page = Parsed(EvidencePage(Suspected()));
  for (const char* said : {"night/a.mp4",
                           "REVIEW",
                           "p-4",
                           "'7'",
                           "scan-1",
                           "case-2",
                           "c-3",
                           "hidden_camera is 0.93",
                           "640x480, h264, 1:00.0",
                           "'0:05.0'",
                           "'0:30.0'",
                           "top left",
                           "2026-01-03 23:14:07",
                           "runs 2.0 times as fast",
                           "bottom right",
                           "CAM 3",
                           "fixed_angle",
                           "0.97",
                           "+1.32",
                           "-0.50",
                           "edges persist over 60 s",
                           "at most 4.2% of the width",
                           "distortion 0.42"}) {
    EXPECT_THAT(page, HasSubstr(said));
  }
}

TEST(EvidencePageTest, ItIsOneSelfContainedDrawing) {
  const std::string page = EvidencePage(Suspected());
  EXPECT_THAT(page, testing::StartsWith("<?xml version=\"1.0\" encoding"));
  EXPECT_THAT(Parsed(page),
              AllOf(testing::StartsWith("svg width=900.00"),
                    HasSubstr("href=data:image/jpeg;base64,"),
                    Not(HasSubstr("script")), Not(HasSubstr("http"))));
}

TEST(EvidencePageTest, ABoxIsDrawnWhereTheTextIs) {
  v1::ScanReport report = Suspected();
  report.mutable_cues()->mutable_stills()->DeleteSubrange(1, 1);
  const std::string page = Parsed(EvidencePage(report));
  const size_t image = page.find("image x=30.00 y=");
  ASSERT_NE(image, std::string::npos);
  // At 4:3 the still is 405 wide and 303.75 high.
  EXPECT_THAT(page.substr(image), HasSubstr("width=405.00 height=303.75"));
  EXPECT_THAT(page, testing::ContainsRegex(
                        "rect x=70.50 y=[0-9.]+ width=162.00 height=15.19"));
}

TEST(EvidencePageTest, LinesDivideAPictureOfSeveralViews) {
  v1::ScanReport report = Suspected();
  const auto lines = [&] {
    const std::string page = EvidencePage(report);
    size_t count = 0;
    for (size_t at = page.find("#22d3ee"); at != std::string::npos;
         at = page.find("#22d3ee", at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(lines(), 0u);
  report.mutable_cues()->set_rows(4);
  report.mutable_cues()->set_columns(6);
  EXPECT_EQ(lines(), 2 * (3u + 5u));
  EXPECT_THAT(EvidencePage(report), HasSubstr("4 x 6 views"));
}

TEST(EvidencePageTest, ManyStillsStandInRowsOfThree) {
  v1::ScanReport report = Suspected();
  const v1::CueStill still = report.cues().stills(0);
  report.mutable_cues()->clear_stills();
  size_t height_before = 0;
  for (int stills = 1; stills <= 20; ++stills) {
    *report.mutable_cues()->add_stills() = still;
    const std::string page = EvidencePage(report);
    size_t shown = 0;
    for (size_t at = 0;
         (at = page.find("data:image/jpeg", at)) != std::string::npos; ++at) {
      ++shown;
    }
    EXPECT_EQ(shown, std::min(stills, 16));
    const size_t height = std::stoul(page.substr(page.find("height=\"") + 8));
    if (stills == 4 || stills == 7) {
      EXPECT_GT(height, height_before);
    }
    if (stills == 20) {
      EXPECT_EQ(height, height_before);
    }
    height_before = height;
  }
}

TEST(EvidencePageTest, WithoutAStillThereIsNoPage) {
  v1::ScanReport report = Suspected();
  report.mutable_cues()->clear_stills();
  EXPECT_THAT(EvidencePage(report), IsEmpty());
  EXPECT_THAT(EvidencePage(v1::ScanReport()), IsEmpty());
}

TEST(EvidencePageTest, WhatIsNoJpegIsNotEmbedded) {
  v1::ScanReport report = Suspected();
  report.mutable_cues()->mutable_stills()->DeleteSubrange(1, 1);
  for (const std::string& bytes :
       {std::string(), std::string("\xff\xd8"), std::string("<svg/>"),
        std::string("\xff\xd8\xff\xd9 and nothing more"), Jpeg(0, 0),
        Jpeg(480, 360).substr(0, 12), Jpeg(4, 4) + std::string(2 << 20, 'x'),
        "\xff\xd8" + std::string(4000, '\xff'),
        "\xff\xd8\xff\xe0" + std::string(4000, '\0')}) {
    report.mutable_cues()->mutable_stills(0)->set_jpeg(bytes);
    EXPECT_THAT(EvidencePage(report), IsEmpty()) << bytes.size();
  }
}

TEST(EvidencePageTest, HostileTextIsEscaped) {
  const std::string hostile =
      "</text><script>alert(1)</script>&\"'\x1b[2J\n\xff]]>\xef\xbf\xbf";
  v1::ScanReport report = Suspected();
  report.set_file(hostile);
  report.set_scan_id(hostile);
  report.set_case_id(hostile);
  report.set_content_id(hostile);
  report.mutable_media()->set_codec(hostile);
  report.mutable_verdict()->set_policy_version(hostile);
  report.mutable_verdict()->set_reasons(0, hostile);
  v1::CueReport& cues = *report.mutable_cues();
  cues.set_model_version(hostile);
  cues.mutable_cues(0)->set_name(hostile);
  cues.mutable_cues(0)->set_evidence(hostile);
  cues.mutable_texts(0)->set_text(hostile);
  const std::string page = EvidencePage(report);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\x1b")),
                          Not(HasSubstr("\xef\xbf\xbf"))));
  EXPECT_THAT(Parsed(page), HasSubstr("</text><script>alert(1)</script>"));
}

TEST(EvidencePageTest, NumbersThatAreNoneOrHugeAreDrawnWithinThePage) {
  for (const double value : {kNaN, kInfinity, -kInfinity, kHuge, -kHuge}) {
    v1::ScanReport report = Suspected();
    report.mutable_media()->mutable_duration()->set_seconds(
        std::numeric_limits<int64_t>::max());
    v1::CueReport& cues = *report.mutable_cues();
    cues.set_distortion(value);
    cues.set_rows(std::numeric_limits<int32_t>::max());
    cues.set_columns(std::numeric_limits<int32_t>::min());
    for (v1::Cue& cue : *cues.mutable_cues()) {
      cue.set_probability(value);
      cue.set_contribution(value);
      cue.add_spans()->mutable_end()->set_seconds(
          std::numeric_limits<int64_t>::min());
    }
    for (v1::CameraMove& move : *cues.mutable_motion()) {
      move.set_dx(static_cast<float>(value));
      move.set_dy(static_cast<float>(value));
      move.mutable_time()->set_nanos(std::numeric_limits<int32_t>::min());
    }
    for (v1::BurnedInText& text : *cues.mutable_texts()) {
      text.set_rate(value);
      text.mutable_region()->set_left(value);
      text.mutable_region()->set_bottom(value);
    }
    const std::string page = Parsed(EvidencePage(report));
    EXPECT_THAT(page, AllOf(Not(HasSubstr("nan")), Not(HasSubstr("inf ")),
                            Not(HasSubstr("inf,")), Not(HasSubstr("100000"))))
        << value;
  }
}

TEST(EvidencePageTest, HoweverMuchIsSentThePageIsBounded) {
  v1::ScanReport report = Suspected();
  const std::string longest(5000, 'x');
  report.set_file(longest);
  for (int i = 0; i < 1000; ++i) {
    report.mutable_verdict()->add_reasons(longest);
    v1::CueReport& cues = *report.mutable_cues();
    cues.add_cues()->set_name(longest);
    cues.mutable_cues(0)->add_spans();
    cues.mutable_cues(0)->set_evidence(longest);
    cues.add_texts()->set_text("x");
    cues.add_motion()->mutable_time()->set_seconds(i);
    cues.add_stills()->set_jpeg(Jpeg(1, 60000));
  }
  const std::string page = EvidencePage(report);
  EXPECT_LT(page.size(), 100'000u);
  EXPECT_THAT(Parsed(page), HasSubstr("'and 971 more'"));
}

TEST(SvgTest, NothingThatIsDrawnBreaksTheDocument) {
  SvgDrawing drawing;
  drawing.Polyline({}, Paint());
  drawing.Polyline({{1, 1}}, Paint());
  drawing.Polyline({{kNaN, kHuge}, {-kInfinity, 0}}, {.stroke = "#000000"});
  drawing.Rectangle({0, 0, -1, kNaN}, {.fill = "#ffffff", .corner = 2});
  drawing.Circle({kNaN, 1}, -3, Paint());
  drawing.Text({1, 2}, "a<b", {.monospaced = true});
  EXPECT_THAT(Parsed(drawing.Finish(10, 20, "'\"&")),
              AllOf(HasSubstr("svg width=10.00 height=20.00"),
                    HasSubstr("points=0.00,100000.00 -100000.00,0.00"),
                    HasSubstr("rect x=0.00 y=0.00 width=0.00 height=0.00"),
                    HasSubstr("r=0.00"), HasSubstr("'a<b'")));
}

}  // namespace
}  // namespace lenscap::cli
