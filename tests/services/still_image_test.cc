#include "services/still_image.h"

#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

struct Decoded {
  int width = 0;
  int height = 0;
  int first = 0;  // Samples at two corners.
  int last = 0;
};

Decoded Decode(const std::string& jpeg) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(),
                                                         tjDestroy);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  Decoded decoded;
  int sampling = 0, colours = 0;
  EXPECT_EQ(
      tjDecompressHeader3(decoder.get(), bytes, jpeg.size(), &decoded.width,
                          &decoded.height, &sampling, &colours),
      0);
  EXPECT_EQ(colours, TJCS_GRAY);
  std::vector<unsigned char> samples(size_t{1} * decoded.width *
                                     decoded.height);
  EXPECT_EQ(tjDecompress2(decoder.get(), bytes, jpeg.size(), samples.data(),
                          decoded.width, 0, decoded.height, TJPF_GRAY, 0),
            0);
  decoded.first = samples.front();
  decoded.last = samples.back();
  return decoded;
}

CueStill RampStill(int width, int height) {
  CueStill still = {.time = {}, .width = width, .height = height, .luma = {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      still.luma.push_back(
          static_cast<uint8_t>(x * 255 / std::max(1, width - 1)));
    }
  }
  return still;
}

TEST(StillImageTest, ASmallStillKeepsItsSizeAndSamples) {
  const auto jpeg = EncodeStill(RampStill(320, 180));
  ASSERT_TRUE(jpeg.ok()) << jpeg.status();
  const Decoded decoded = Decode(*jpeg);
  EXPECT_EQ(decoded.width, 320);
  EXPECT_EQ(decoded.height, 180);
  EXPECT_NEAR(decoded.first, 0, 6);
  EXPECT_NEAR(decoded.last, 255, 6);
}

TEST(StillImageTest, ALargeStillIsHalved) {
  const auto jpeg = EncodeStill(RampStill(960, 540));
  ASSERT_TRUE(jpeg.ok()) << jpeg.status();
  EXPECT_EQ(Decode(*jpeg).width, 480);
  EXPECT_EQ(Decode(*jpeg).height, 270);
  EXPECT_LT(jpeg->size(), 20'000);
}

TEST(StillImageTest, OddShapesAreEncoded) {
  const int sizes[][2] = {{16, 16}, {960, 16}, {17, 961}};
  for (const auto& [width, height] : sizes) {
    const auto jpeg = EncodeStill(RampStill(width, height));
    ASSERT_TRUE(jpeg.ok()) << jpeg.status();
    EXPECT_LE(std::max(Decode(*jpeg).width, Decode(*jpeg).height), 480);
  }
}

// How much neighbours differ, on average, along both axes.
double Detail(const CueStill& still) {
  double sum = 0;
  for (int y = 1; y < still.height; ++y) {
    for (int x = 1; x < still.width; ++x) {
      const size_t at = size_t{1} * y * still.width + x;
      sum += std::abs(still.luma[at] - still.luma[at - 1]) +
             std::abs(still.luma[at] - still.luma[at - still.width]);
    }
  }
  return sum / (still.width * still.height);
}

// Random rectangles, as rough as letters and faces.
CueStill RandomStill(int width, int height, uint32_t seed) {
  std::mt19937 random(seed);
  CueStill still = {.time = {},
                    .width = width,
                    .height = height,
                    .luma = std::vector<uint8_t>(size_t{1} * width * height)};
  for (int i = 0; i < 200; ++i) {
    const int left = random() % width, top = random() % height;
    const auto value = static_cast<uint8_t>(random());
    for (int y = top; y < std::min(height, top + 12); ++y) {
      for (int x = left; x < std::min(width, left + 12); ++x) {
        still.luma[size_t{1} * y * width + x] = value;
      }
    }
  }
  return still;
}

TEST(StillImageTest, WhatWasEncodedIsDecoded) {
  const CueStill ramp = RampStill(320, 180);
  const auto decoded = DecodeStill(*EncodeStill(ramp));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->width, 320);
  EXPECT_EQ(decoded->height, 180);
  for (size_t i = 0; i < ramp.luma.size(); ++i) {
    ASSERT_NEAR(decoded->luma[i], ramp.luma[i], 8);
  }
}

TEST(StillImageTest, WhatIsNoStillIsRefused) {
  const std::string jpeg = *EncodeStill(RandomStill(320, 180, 1));
  EXPECT_TRUE(absl::IsDataLoss(DecodeStill("").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeStill("GIF89a").status()));
  for (size_t size = 0; size < jpeg.size(); size += 97) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeStill(jpeg.substr(0, size)).status()));
  }
}

TEST(StillImageTest, BlurringLeavesNoDetail) {
  const int sizes[][2] = {{480, 270}, {270, 480}, {160, 120}, {64, 64}};
  for (const auto& [width, height] : sizes) {
    const CueStill still = RandomStill(width, height, 5);
    const CueStill blurred = Blur(still);
    EXPECT_EQ(blurred.width, width);
    EXPECT_EQ(blurred.height, height);
    EXPECT_EQ(blurred.luma.size(), still.luma.size());
    EXPECT_LT(Detail(blurred), Detail(still) * 0.6) << width;
    if (width == 480) {
      EXPECT_LT(Detail(blurred), Detail(still) * 0.15);
    }
  }
}

// Whatever else two pictures show, where their cells have the same means they
// are the same once blurred: so nothing within a cell can be told.
TEST(StillImageTest, WhatIsWithinACellCannotBeToldFromTheBlurredStill) {
  const int width = 480, height = 240, cell = width / kBlurredCells;
  CueStill still = RandomStill(width, height, 9);
  CueStill shuffled = still;
  std::mt19937 random(4);
  for (int top = 0; top < height; top += cell) {
    for (int left = 0; left < width; left += cell) {
      std::vector<uint8_t> samples;
      for (int i = 0; i < cell * cell; ++i) {
        samples.push_back(
            still.luma[(top + i / cell) * width + left + i % cell]);
      }
      std::shuffle(samples.begin(), samples.end(), random);
      for (int i = 0; i < cell * cell; ++i) {
        shuffled.luma[(top + i / cell) * width + left + i % cell] = samples[i];
      }
    }
  }
  EXPECT_NE(still.luma, shuffled.luma);
  EXPECT_EQ(Blur(still).luma, Blur(shuffled).luma);
}

TEST(StillImageTest, OddShapesAreBlurred) {
  const int sizes[][2] = {{1, 1}, {480, 1}, {1, 480}, {480, 16}, {13, 7}};
  for (const auto& [width, height] : sizes) {
    const CueStill blurred = Blur(RampStill(width, height));
    EXPECT_EQ(blurred.luma.size(), size_t{1} * width * height);
  }
  const CueStill flat = {.time = {},
                         .width = 40,
                         .height = 30,
                         .luma = std::vector<uint8_t>(1200, 77)};
  EXPECT_EQ(Blur(flat).luma, flat.luma);
}

}  // namespace
}  // namespace lenscap
