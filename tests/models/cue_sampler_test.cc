#include <algorithm>

#include "gtest/gtest.h"
#include "models/cue_footage.h"

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
  CueSampler sampler;
  sampler.Add(frame);
  return sampler.footage().frames.at(0);
}

TEST(CueSamplerTest, BlocksOfSamplesAreAveraged) {
  // Blocks of 2x2 samples, a column of 10 beside one of 20.
  const CueFrame halved = Only(MakeFrame(
      256, 256, 0, [](int x, int) -> uint8_t { return x % 2 ? 20 : 10; }));
  for (const uint8_t sample : halved.luma) ASSERT_EQ(sample, 15);
}

TEST(CueSamplerTest, AFrameOfTheSameSizeIsCopied) {
  const auto sample = [](int x, int y) -> uint8_t { return x + 2 * y; };
  const CueFrame copy = Only(MakeFrame(kSide, kSide, 0, sample));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      ASSERT_EQ(copy.luma[y * kSide + x], sample(x, y)) << x << ", " << y;
    }
  }
}

TEST(CueSamplerTest, OddSizesKeepTheMeanAndTheOrder) {
  const CueFrame ramp = Only(MakeFrame(
      333, 177, 0, [](int x, int) -> uint8_t { return x * 255 / 332; }));
  double sum = 0;
  for (int x = 0; x < kSide; ++x) {
    EXPECT_GE(ramp.luma[x], ramp.luma[std::max(x, 1) - 1]);
    sum += ramp.luma[x];
  }
  EXPECT_NEAR(sum / kSide, 127.5, 1);
}

TEST(CueSamplerTest, AFrameSmallerThanTheCellsIsSpreadOut) {
  const CueFrame one = Only(MakeFrame(1, 1, 0, Grey));
  for (const uint8_t sample : one.luma) ASSERT_EQ(sample, 100);
  const CueFrame two = Only(
      MakeFrame(2, 1, 0, [](int x, int) -> uint8_t { return x ? 200 : 50; }));
  EXPECT_EQ(two.luma[0], 50);
  EXPECT_EQ(two.luma[63], 50);
  EXPECT_EQ(two.luma[64], 200);
  EXPECT_EQ(two.luma[kSide * kSide - 1], 200);
}

TEST(CueSamplerTest, LimitedRangeIsStretched) {
  const auto range_of = [](uint8_t (*sample)(int, int)) {
    return Only(MakeFrame(16, 16, 0, sample, LumaRange::kLimited)).luma[0];
  };
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 16; }), 0);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 235; }), 255);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 0; }), 0);
  EXPECT_EQ(range_of([](int, int) -> uint8_t { return 255; }), 255);
  EXPECT_EQ(range_of(Grey), 98);  // 84 * 255 / 219 = 97.8
}

TEST(CueSamplerTest, PaddingOfTheRowsIsNotLookedAt) {
  Frame frame = MakeFrame(
      300, 128, 0, [](int x, int) -> uint8_t { return x < 128 ? 100 : 255; });
  frame.luma.width = 128;
  for (const uint8_t sample : Only(frame).luma) ASSERT_EQ(sample, 100);
}

TEST(CueSamplerTest, TimeAndColourAreKept) {
  Frame frame = MakeFrame(4, 4, 1234, Grey);
  frame.colour = {17.5, 3};
  EXPECT_EQ(Only(frame).time, absl::Milliseconds(1234));
  EXPECT_EQ(Only(frame).colour.saturation, 17.5);
  EXPECT_EQ(Only(frame).colour.variety, 3);
}

TEST(CueSamplerTest, AShortVideoIsKeptWhole) {
  CueSampler sampler;
  EXPECT_TRUE(sampler.footage().frames.empty());
  for (int i = 0; i < CueSampler::kMaxFrames; ++i) {
    sampler.Add(MakeFrame(2, 2, i, Grey));
  }
  ASSERT_EQ(sampler.footage().frames.size(), CueSampler::kMaxFrames);
  for (int i = 0; i < CueSampler::kMaxFrames; ++i) {
    EXPECT_EQ(sampler.footage().frames[i].time, absl::Milliseconds(i));
  }
}

TEST(CueSamplerTest, ALongVideoIsKeptEvenlyAndWithinBounds) {
  CueSampler sampler;
  for (int i = 0; i < 2000; ++i) {
    sampler.Add(MakeFrame(2, 2, i, Grey));
    const auto& frames = sampler.footage().frames;
    ASSERT_LE(frames.size(), CueSampler::kMaxFrames);
    ASSERT_GE(frames.size(),
              static_cast<size_t>(std::min(i + 1, CueSampler::kMaxFrames / 2)));
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

std::vector<CueStill> StillsOf(int width, int height, int count) {
  CueSampler sampler;
  for (int i = 0; i < count; ++i) {
    sampler.Add(MakeFrame(width, height, 500 * i, Grey));
  }
  return sampler.footage().stills;
}

TEST(CueSamplerTest, StillsKeepTheShapeAndAreBounded) {
  struct Case {
    int width, height, still_width, still_height;
  };
  for (const Case& size :
       {Case{640, 360, 640, 360}, Case{1920, 1080, 960, 540},
        Case{1080, 1920, 540, 960}, Case{7680, 4320, 960, 540},
        Case{8000, 20, 960, 16}, Case{5, 3, 16, 16}}) {
    const CueStill still = StillsOf(size.width, size.height, 1).at(0);
    EXPECT_EQ(still.width, size.still_width);
    EXPECT_EQ(still.height, size.still_height);
    ASSERT_EQ(still.luma.size(), size_t{1} * still.width * still.height);
    for (const uint8_t sample : still.luma) ASSERT_EQ(sample, 100);
  }
}

TEST(CueSamplerTest, StillsAreASecondApartAndSpreadOutInALongVideo) {
  const auto few = StillsOf(4, 4, 5);
  ASSERT_EQ(few.size(), 3);
  EXPECT_EQ(few[1].time, absl::Seconds(1));
  for (const int count : {1, 2, 3, 15, 16, 17, 18, 33, 100, 700}) {
    const auto stills = StillsOf(1, 1, count);
    ASSERT_LE(stills.size(), CueSampler::kMaxStills);
    ASSERT_GE(stills.size(), std::min<size_t>((count + 1) / 2, 4)) << count;
    for (size_t i = 2; i < stills.size(); ++i) {
      ASSERT_EQ(stills[i].time - stills[i - 1].time, stills[1].time);
    }
  }
}

TEST(CueSamplerTest, FramesThatChangeSizeGiveStillsOfOneSize) {
  CueSampler sampler;
  sampler.Add(MakeFrame(200, 100, 0, Grey));
  sampler.Add(MakeFrame(30, 700, 500, Grey));
  sampler.Add(MakeFrame(3000, 50, 1000, Grey));
  ASSERT_EQ(sampler.footage().stills.size(), 2);
  EXPECT_EQ(sampler.footage().stills[1].width, 200);
  EXPECT_EQ(sampler.footage().stills[1].height, 100);
}

TEST(ShrinkTest, AStillKeepsItsShapeAndTime) {
  CueStill still = {
      .time = absl::Seconds(3), .width = 960, .height = 540, .luma = {}};
  for (int i = 0; i < 960 * 540; ++i) {
    still.luma.push_back(i % 3 == 0 ? 90 : 0);
  }
  const CueStill small = Shrink(still, 320);
  EXPECT_EQ(small.time, still.time);
  EXPECT_EQ(small.width, 320);
  EXPECT_EQ(small.height, 180);
  for (const uint8_t sample : small.luma) ASSERT_EQ(sample, 30);
  EXPECT_EQ(Shrink(small, 960).luma, small.luma);
}

}  // namespace
}  // namespace lenscap
