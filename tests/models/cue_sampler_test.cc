#include <algorithm>

#include "gtest/gtest.h"
#include "models/cue.h"

namespace lenscap {
namespace {

constexpr int kSide = CueFrame::kSide;

// A frame whose samples are kept with it.
Frame MakeFrame(int width, int height, int64_t millisecond,
                uint8_t (*sample)(int x, int y),
                LumaRange range = LumaRange::kFull) {
  auto samples = std::make_shared<std::vector<uint8_t>>(width * height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      (*samples)[y * width + x] = sample(x, y);
    }
  }
  Frame frame;
  frame.time = absl::Milliseconds(millisecond);
  frame.luma = {samples->data(), width, height, width};
  frame.range = range;
  frame.pixels = samples;
  return frame;
}

uint8_t Grey(int, int) { return 100; }

CueFrame Only(const Frame& frame) {
  CueFrameSampler sampler;
  sampler.Add(frame);
  return sampler.frames().at(0);
}

TEST(CueFrameSamplerTest, BlocksOfSamplesAreAveraged) {
  // Blocks of 2x2 samples, a column of 10 beside one of 20.
  const CueFrame halved = Only(MakeFrame(
      256, 256, 0, [](int x, int) -> uint8_t { return x % 2 ? 20 : 10; }));
  for (const uint8_t sample : halved.luma) ASSERT_EQ(sample, 15);
}

TEST(CueFrameSamplerTest, AFrameOfTheSameSizeIsCopied) {
  const auto sample = [](int x, int y) -> uint8_t { return x + 2 * y; };
  const CueFrame copy = Only(MakeFrame(kSide, kSide, 0, sample));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      ASSERT_EQ(copy.luma[y * kSide + x], sample(x, y)) << x << ", " << y;
    }
  }
}

TEST(CueFrameSamplerTest, OddSizesKeepTheMeanAndTheOrder) {
  const CueFrame ramp = Only(MakeFrame(
      333, 177, 0, [](int x, int) -> uint8_t { return x * 255 / 332; }));
  double sum = 0;
  for (int x = 0; x < kSide; ++x) {
    EXPECT_GE(ramp.luma[x], ramp.luma[std::max(x, 1) - 1]);
    sum += ramp.luma[x];
  }
  EXPECT_NEAR(sum / kSide, 127.5, 1);
}

TEST(CueFrameSamplerTest, AFrameSmallerThanTheCellsIsSpreadOut) {
  const CueFrame one = Only(MakeFrame(1, 1, 0, Grey));
  for (const uint8_t sample : one.luma) ASSERT_EQ(sample, 100);
  const CueFrame two = Only(
      MakeFrame(2, 1, 0, [](int x, int) -> uint8_t { return x ? 200 : 50; }));
  EXPECT_EQ(two.luma[0], 50);
  EXPECT_EQ(two.luma[63], 50);
  EXPECT_EQ(two.luma[64], 200);
  EXPECT_EQ(two.luma[kSide * kSide - 1], 200);
}

TEST(CueFrameSamplerTest, LimitedRangeIsStretched) {
  const auto range_of = [](uint8_t (*sample)(int, int)) {
    return Only(MakeFrame(16, 16, 0, sample, LumaRange::kLimited)).luma[0];
  };
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 16; }), 0);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 235; }), 255);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 0; }), 0);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 255; }), 255);
  EXPECT_EQ(range_of(Grey), 98);  // 84 * 255 / 219 = 97.8
}

TEST(CueFrameSamplerTest, PaddingOfTheRowsIsNotLookedAt) {
  Frame frame = MakeFrame(
      300, 128, 0, [](int x, int) -> uint8_t { return x < 128 ? 100 : 255; });
  frame.luma.width = 128;
  for (const uint8_t sample : Only(frame).luma) ASSERT_EQ(sample, 100);
}

TEST(CueFrameSamplerTest, TimeAndColourAreKept) {
  Frame frame = MakeFrame(4, 4, 1234, Grey);
  frame.saturation = 17.5;
  EXPECT_EQ(Only(frame).time, absl::Milliseconds(1234));
  EXPECT_EQ(Only(frame).saturation, 17.5);
}

TEST(CueFrameSamplerTest, AShortVideoIsKeptWhole) {
  CueFrameSampler sampler;
  EXPECT_TRUE(sampler.frames().empty());
  for (int i = 0; i < CueFrameSampler::kMaxFrames; ++i) {
    sampler.Add(MakeFrame(2, 2, i, Grey));
  }
  ASSERT_EQ(sampler.frames().size(), CueFrameSampler::kMaxFrames);
  for (int i = 0; i < CueFrameSampler::kMaxFrames; ++i) {
    EXPECT_EQ(sampler.frames()[i].time, absl::Milliseconds(i));
  }
}

TEST(CueFrameSamplerTest, ALongVideoIsKeptEvenlyAndWithinBounds) {
  CueFrameSampler sampler;
  for (int i = 0; i < 5000; ++i) {
    sampler.Add(MakeFrame(2, 2, i, Grey));
    const auto frames = sampler.frames();
    ASSERT_LE(frames.size(), CueFrameSampler::kMaxFrames);
    ASSERT_GE(frames.size(), std::min(i + 1, CueFrameSampler::kMaxFrames / 2));
    ASSERT_EQ(frames[0].time, absl::ZeroDuration());
    if (frames.size() < 3) continue;
    const absl::Duration stride = frames[1].time;
    for (size_t k = 2; k < frames.size(); ++k) {
      ASSERT_EQ(frames[k].time - frames[k - 1].time, stride);
    }
    // The last frames are not forgotten.
    ASSERT_LT(absl::Milliseconds(i) - frames.back().time, stride);
  }
}

}  // namespace
}  // namespace lenscap
