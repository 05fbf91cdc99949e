// ComputePdq against the model, over shapes that meet every case of the filter:
// no filtering, one axis only, even and odd windows, cut and uncut borders.

#include <algorithm>
#include <cmath>
#include <random>

#include "fingerprint/luma_grid.h"
#include "fingerprint/pdq.h"
#include "gtest/gtest.h"
#include "tests/fingerprint/pdq_model.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

void ExpectEqualsModel(const Picture& picture, LumaRange range) {
  const DihedralPdq expected = ModelPdq(picture, range);
  const DihedralPdq dihedral = ComputeDihedralPdq(picture.plane(), range);
  for (int k = 0; k < kOrientations; ++k) {
    EXPECT_EQ(ToHex(dihedral.hashes[k]), ToHex(expected.hashes[k]))
        << "orientation " << k;
  }
  EXPECT_EQ(dihedral.quality, expected.quality);
  const Pdq upright = ComputePdq(picture.plane(), range);
  EXPECT_EQ(ToHex(upright.hash), ToHex(expected.hashes[0]));
  EXPECT_EQ(upright.quality, expected.quality);
}

class PatternTest : public testing::TestWithParam<Pattern> {};

TEST_P(PatternTest, EveryShapeEqualsTheModel) {
  constexpr std::pair<int, int> kShapes[] = {
      {1, 1},    {4, 9},    {5, 5},     {5, 7},     {63, 65},
      {64, 64},  {65, 63},  {127, 129}, {128, 128}, {129, 127},
      {130, 64}, {64, 130}, {255, 257}, {256, 256}, {384, 385},
      {500, 40}, {40, 500}, {513, 511}, {640, 360}, {640, 480},
  };
  for (const auto& [width, height] : kShapes) {
    SCOPED_TRACE(testing::Message() << width << "x" << height);
    ExpectEqualsModel(MakePicture(GetParam(), width, height), LumaRange::kFull);
  }
}

TEST_P(PatternTest, LimitedRangeEqualsTheModel) {
  ExpectEqualsModel(MakePicture(GetParam(), 200, 150), LumaRange::kLimited);
}

TEST_P(PatternTest, TheReplayedGridIsTheModelsToTheLastBit) {
  for (const auto& [width, height] :
       {std::pair(1, 1), {33, 700}, {700, 33}, {321, 243}, {640, 512}}) {
    const Picture picture = MakePicture(GetParam(), width, height);
    const LumaGrid grid = ReplayToGrid(picture.plane());
    const std::vector<float> expected = ModelGrid(picture);
    for (int k = 0; k < kGridSide * kGridSide; ++k) {
      ASSERT_EQ(grid[k / kGridSide][k % kGridSide], expected[k])
          << width << "x" << height << " cell " << k;
    }
  }
}

TEST_P(PatternTest, TheQuickGridIsCloserThanItsMargin) {
  for (const auto& [width, height] :
       {std::pair(33, 700), {700, 33}, {321, 243}, {640, 512}, {1000, 700}}) {
    const Picture picture = MakePicture(GetParam(), width, height);
    const LumaGrid quick = ShrinkToGrid(picture.plane());
    const LumaGrid replayed = ReplayToGrid(picture.plane());
    for (int i = 0; i < kGridSide; ++i) {
      for (int j = 0; j < kGridSide; ++j) {
        ASSERT_NEAR(quick[i][j], replayed[i][j], 0.005)
            << width << "x" << height << " cell " << i << ", " << j;
      }
    }
  }
}

TEST_P(PatternTest, WithoutFilteringTheQuickGridIsExact) {
  for (const auto& [width, height] : {std::pair(1, 1), {64, 64}, {128, 90}}) {
    const Picture picture = MakePicture(GetParam(), width, height);
    ASSERT_TRUE(QuickGridIsExact(picture.plane()));
    EXPECT_EQ(ShrinkToGrid(picture.plane()), ReplayToGrid(picture.plane()));
  }
  EXPECT_FALSE(QuickGridIsExact(MakePicture(GetParam(), 129, 128).plane()));
  EXPECT_FALSE(QuickGridIsExact(MakePicture(GetParam(), 128, 129).plane()));
}

INSTANTIATE_TEST_SUITE_P(, PatternTest, testing::ValuesIn(kPatterns),
                         [](const auto& info) { return NameOf(info.param); });

TEST(PdqDifferentialTest, FullHighDefinitionEqualsTheModel) {
  for (const Pattern pattern : {Pattern::kBlobs, Pattern::kStripes}) {
    ExpectEqualsModel(MakePicture(pattern, 1920, 1080), LumaRange::kLimited);
  }
}

// Windows up to the largest whose sums the integers of either grid can hold,
// and past it.
TEST(PdqDifferentialTest, SidesWhereTheArithmeticChangesEqualTheModel) {
  for (const auto& [width, height] : {std::pair(130, 2048),
                                      {130, 2049},
                                      {1409, 131},
                                      {32'896, 5},
                                      {32'897, 5},
                                      {5, 32'897}}) {
    for (const Pattern pattern : {Pattern::kBlobs, Pattern::kNoise}) {
      SCOPED_TRACE(testing::Message() << width << "x" << height);
      ExpectEqualsModel(MakePicture(pattern, width, height), LumaRange::kFull);
    }
  }
}

TEST(PdqDifferentialTest, WhiteOverflowsNoSum) {
  for (const auto& [width, height] : {std::pair(640, 480),
                                      {2048, 2048},
                                      {2049, 2049},
                                      {32'896, 64},
                                      {32'897, 64}}) {
    Picture white(width, height);
    std::fill(white.samples.begin(), white.samples.end(), 255);
    for (const LumaGrid& grid :
         {ShrinkToGrid(white.plane()), ReplayToGrid(white.plane())}) {
      for (const auto& row : grid) {
        for (const float value : row) ASSERT_NEAR(value, 255, 0.01);
      }
    }
  }
}

TEST(PdqDifferentialTest, TheLargestPicturesEqualTheModel) {
  ExpectEqualsModel(MakePicture(Pattern::kBlobs, 8192, 4608),
                    LumaRange::kLimited);
}

TEST(PdqDifferentialTest, WhatIsBetweenTheRowsIsNotLookedAt) {
  for (const auto& [width, height] : {std::pair(77, 50), {641, 479}}) {
    const Picture picture = MakePicture(Pattern::kRings, width, height);
    const int stride = width + 61;
    std::vector<uint8_t> samples(size_t{1} * stride * (height - 1) + width,
                                 255);
    for (int y = 0; y < height; ++y) {
      std::copy_n(&picture.samples[y * width], width, &samples[y * stride]);
    }
    const Plane spaced = {samples.data(), width, height, stride};
    EXPECT_EQ(ShrinkToGrid(spaced), ShrinkToGrid(picture.plane()));
    EXPECT_EQ(ReplayToGrid(spaced), ReplayToGrid(picture.plane()));
  }
}

TEST(PdqDifferentialTest, RandomPicturesEqualTheModel) {
  std::mt19937 random(20'240'229);
  for (int round = 0; round < 150; ++round) {
    const int width = 1 + random() % 400;
    const int height = 1 + random() % 400;
    SCOPED_TRACE(testing::Message()
                 << "round " << round << ": " << width << "x" << height);
    // Periods, slopes and noise at random, so that ties are as frequent as
    // photographs' fine differences.
    Picture picture(width, height);
    const int period = 1 + random() % 40, slope = random() % 5;
    const int noise = 1 << random() % 8;
    const int dark = random() % 128;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const int wave = (x + slope * y) % period * 127 / period;
        picture.at(x, y) = static_cast<uint8_t>(
            std::min<int>(255, dark + wave + random() % noise));
      }
    }
    ExpectEqualsModel(picture, LumaRange::kFull);
  }
}

}  // namespace
}  // namespace lenscap
