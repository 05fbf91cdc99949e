// Odd and hostile videos through the decoder, the sampler and the shipped
// model: a report, with cues or with the reason why there are none.

#include <cmath>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/cue_model.h"
#include "tests/models/labelled_clips.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

class CueMediaTest : public testing::Test {
 protected:
  void SetUp() override {
    auto model =
        OpenCueModel("models/weights", *NewestCueVersion("models/weights"));
    ASSERT_TRUE(model.ok()) << model.status();
    model_ = *std::move(model);
  }

  CueReport ReportOn(const std::string& path) {
    const auto footage =
        ReadCueFootage({.path = path, .group = {}, .labels = {}, .clock = {}},
                       Sampling::kDense);
    EXPECT_TRUE(footage.ok()) << path << ": " << footage.status();
    if (!footage.ok()) return {};
    const auto report = model_->Score(*footage);
    EXPECT_TRUE(report.ok()) << path << ": " << report.status();
    return report.value_or(CueReport());
  }

  // Of two seconds, as ffmpeg's source `source` draws it.
  CueReport ReportOnDrawn(const std::string& source) {
    return ReportOn(MakeMedia("a.mkv", {"-f", "lavfi", "-i", source, "-t", "2",
                                        "-c:v", "mjpeg", "-q:v", "20"}));
  }

  void ExpectEveryCue(const CueReport& report) {
    EXPECT_EQ(report.unavailable, "");
    EXPECT_EQ(report.cues.size(), 7);
    for (const Cue& cue : report.cues) {
      EXPECT_TRUE(cue.probability >= 0 && cue.probability <= 1) << cue.name;
      EXPECT_NE(cue.evidence, "") << cue.name;
    }
  }

  std::unique_ptr<CueScorer> model_;
};

TEST_F(CueMediaTest, OneFrameSaysThatItIsTooLittle) {
  const CueReport report =
      ReportOn(MakeMedia("a.mkv", {"-f", "lavfi", "-i", "testsrc2=s=320x240",
                                   "-frames:v", "1", "-c:v", "mjpeg"}));
  EXPECT_TRUE(report.cues.empty());
  EXPECT_THAT(report.unavailable, HasSubstr("at least 2 frames, there are 1"));
}

TEST_F(CueMediaTest, TheSmallestAndTheLargestPicturesAreScored) {
  ExpectEveryCue(ReportOnDrawn("testsrc2=s=16x16:r=4"));
  ExpectEveryCue(ReportOnDrawn("testsrc2=s=7680x4320:r=1"));
}

TEST_F(CueMediaTest, ExtremeShapesAreScored) {
  ExpectEveryCue(ReportOnDrawn("testsrc2=s=2000x16:r=4"));
  ExpectEveryCue(ReportOnDrawn("testsrc2=s=16x2000:r=4"));
}

TEST_F(CueMediaTest, OneFrameASecondIsScored) {
  ExpectEveryCue(ReportOnDrawn("testsrc2=s=320x240:r=1"));
}

TEST_F(CueMediaTest, BlackTellsNothing) {
  const CueReport report = ReportOnDrawn("color=black:s=320x240:r=4");
  for (const Cue& cue : report.cues) {
    EXPECT_LT(cue.probability, 0.1) << cue.name;
  }
}

TEST_F(CueMediaTest, FramesThatChangeSizeMidwayAreScored) {
  std::string bytes;
  for (const char* source :
       {"testsrc2=s=320x240:r=4", "testsrc2=s=160x400:r=4"}) {
    bytes += ReadFileBytes(
        MakeMedia("a.mjpeg", {"-f", "lavfi", "-i", source, "-t", "2", "-c:v",
                              "mjpeg", "-f", "mjpeg"}));
  }
  const std::string joined = WriteTempFile("joined.mjpeg", bytes);
  const std::string video = MakeMedia(
      "a.mkv", {"-f", "mjpeg", "-r", "4", "-i", joined, "-c:v", "copy"});
  ExpectEveryCue(ReportOn(video));
}

}  // namespace
}  // namespace lenscap
