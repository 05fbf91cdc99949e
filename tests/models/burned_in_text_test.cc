#include "models/burned_in_text.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

using Clock = BurnedInText::Clock;

// A module that finds the same lines in every still and reads what a test says.
class ScriptedModule final : public CueModule {
 public:
  TextMap map;
  bool reads = true;
  // By the place of the still in the request.
  std::function<std::string(size_t still)> read = [](size_t) {
    return std::string();
  };
  absl::Status status;

  const std::vector<std::string>& cue_names() const override { return names_; }
  bool reads_text() const override { return reads; }
  absl::StatusOr<TextMap> FindText(
      absl::Span<const CueStill* const> stills) const override {
    if (!status.ok()) return status;
    searched = stills.size();
    return map;
  }
  absl::StatusOr<std::vector<std::string>> ReadLines(
      absl::Span<const LinePicture> lines) const override {
    std::vector<std::string> texts;
    for (size_t i = 0; i < lines.size(); ++i) texts.push_back(read(i));
    ++asked;
    return texts;
  }
  absl::StatusOr<CueScores> Score(const CueFootage&, const CameraMotion&,
                                  const ClockMeasures&) const override {
    return CueScores();
  }

  mutable size_t searched = 0;
  mutable int asked = 0;

 private:
  std::vector<std::string> names_;
};

// A line of text in the top left corner, a clock or not.
TextMap CornerLine(bool clock) {
  TextMap map = {.width = 80, .height = 45, .text = {}, .clock = {}};
  map.text.assign(80 * 45, 0.0f);
  map.clock = map.text;
  for (int x = 1; x < 21; ++x) {
    map.text[2 * 80 + x] = 1;
    map.clock[2 * 80 + x] = clock ? 1 : 0.3f;
  }
  return map;
}

std::vector<CueStill> Stills(int count) {
  std::vector<CueStill> stills;
  for (int i = 0; i < count; ++i) {
    CueStill& still = stills.emplace_back();
    still = {.time = absl::Seconds(i), .width = 640, .height = 360, .luma = {}};
    still.luma.assign(640 * 360, 90);
    // Strokes where the line is.
    for (int y = 16; y < 24; ++y) {
      for (int x = 8; x < 168; x += 3) still.luma[y * 640 + x] = 250;
    }
  }
  return stills;
}

BurnedInTexts Read(const CueModule& module,
                   const std::vector<CueStill>& stills) {
  const auto texts = ReadBurnedInTexts(module, stills);
  EXPECT_TRUE(texts.ok()) << texts.status();
  return texts.value_or(BurnedInTexts());
}

TEST(BurnedInTextTest, AClockThatTicksIsReadInEveryStill) {
  ScriptedModule module;
  module.map = CornerLine(true);
  module.read = [](size_t still) {
    return "2021-06-11 23:14:0" + std::to_string(5 + still);
  };
  const BurnedInTexts read = Read(module, Stills(4));
  EXPECT_EQ(module.asked, 2);
  ASSERT_THAT(read.texts, SizeIs(1));
  EXPECT_EQ(read.texts[0].text, "2021-06-11 23:14:05");
  EXPECT_EQ(read.texts[0].clock, Clock::kTicks);
  EXPECT_NEAR(read.texts[0].left, 0, 0.01);
  EXPECT_NEAR(read.texts[0].right, 21 / 80., 0.03);
  EXPECT_NEAR(read.texts[0].top, 2 / 45., 0.02);
  EXPECT_EQ(read.sentence,
            "A clock at the top left reads \"2021-06-11 23:14:05\" and ticks "
            "with the video.");
  EXPECT_EQ(read.clock[kClockRead], 1);
  EXPECT_EQ(read.clock[kClockDated], 1);
  EXPECT_EQ(read.clock[kClockSeconds], 1);
  EXPECT_EQ(read.clock[kClockRuns], 1);
  EXPECT_EQ(read.clock[kClockSureness], 1);
}

TEST(BurnedInTextTest, AFrozenClockIsToldFromOneThatTicks) {
  ScriptedModule module;
  module.map = CornerLine(true);
  module.read = [](size_t) { return std::string("2021-06-11 23:14:05"); };
  const BurnedInTexts read = Read(module, Stills(5));
  ASSERT_THAT(read.texts, SizeIs(1));
  EXPECT_EQ(read.texts[0].clock, Clock::kFrozen);
  EXPECT_EQ(read.clock[kClockRuns], -1);
}

TEST(BurnedInTextTest, AnUndatedTimeThatStandsStillIsALabelAndNoCameraClock) {
  ScriptedModule module;
  module.map = CornerLine(true);
  module.read = [](size_t) { return std::string("14:57:51"); };
  const BurnedInTexts read = Read(module, Stills(5));
  ASSERT_THAT(read.texts, SizeIs(1));
  EXPECT_EQ(read.texts[0].clock, Clock::kFrozen);
  EXPECT_EQ(read.clock[kClockRead], 0);
  EXPECT_EQ(read.sentence, "");
}

TEST(BurnedInTextTest, OtherTextIsReadOnceAndIsNoClock) {
  ScriptedModule module;
  module.map = CornerLine(false);
  module.read = [](size_t) { return std::string("CAM 4"); };
  const BurnedInTexts read = Read(module, Stills(8));
  EXPECT_EQ(module.searched, 1);
  EXPECT_EQ(module.asked, 1);
  ASSERT_THAT(read.texts, SizeIs(1));
  EXPECT_EQ(read.texts[0].text, "CAM 4");
  EXPECT_EQ(read.texts[0].clock, Clock::kNone);
  EXPECT_EQ(read.sentence, "");
  EXPECT_EQ(read.clock[kClockRead], 0);
  EXPECT_EQ(read.clock[kTextSureness], 1);
}

TEST(BurnedInTextTest, StrokesThatReadDifferentlyEachTimeAreNoText) {
  ScriptedModule module;
  module.map = CornerLine(false);
  module.read = [](size_t still) { return "A" + std::to_string(still) + "BC"; };
  EXPECT_THAT(Read(module, Stills(8)).texts, IsEmpty());
}

TEST(BurnedInTextTest, AModuleThatReadsNoTextCostsTheTextsAlone) {
  ScriptedModule module;
  module.reads = false;
  EXPECT_THAT(Read(module, Stills(3)).texts, IsEmpty());
  module.reads = true;
  module.status = absl::InternalError("broken");
  EXPECT_EQ(ReadBurnedInTexts(module, Stills(3)).status(), module.status);
}

TEST(BurnedInTextTest, OneStillIsEnoughToRead) {
  ScriptedModule module;
  module.map = CornerLine(true);
  module.read = [](size_t) { return std::string("2021-06-11 23:14:05"); };
  const BurnedInTexts read = Read(module, Stills(1));
  ASSERT_THAT(read.texts, SizeIs(1));
  EXPECT_EQ(read.texts[0].clock, Clock::kUnknown);
}

}  // namespace
}  // namespace lenscap
