// AverageAreas against shares of each sample that are summed up one by one.

#include "fingerprint/area_average.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

// How much of sample x is in [start, end).
double Inside(double start, double end, int x) {
  return std::max(0.0, std::min(end, x + 1.0) - std::max<double>(start, x));
}

std::vector<double> ModelMeans(const Picture& picture, int width, int height) {
  const double across = static_cast<double>(picture.width) / width;
  const double down = static_cast<double>(picture.height) / height;
  std::vector<double> means;
  for (int i = 0; i < height; ++i) {
    for (int j = 0; j < width; ++j) {
      double sum = 0;
      for (int y = i * down; y < std::min(picture.height * 1.0, (i + 1) * down);
           ++y) {
        for (int x = j * across;
             x < std::min(picture.width * 1.0, (j + 1) * across); ++x) {
          sum += Inside(i * down, (i + 1) * down, y) *
                 Inside(j * across, (j + 1) * across, x) * picture.at(x, y);
        }
      }
      means.push_back(sum / across / down);
    }
  }
  return means;
}

void ExpectNearModel(const Picture& picture, int width, int height,
                     double error) {
  SCOPED_TRACE(testing::Message() << picture.width << "x" << picture.height
                                  << " to " << width << "x" << height);
  const std::vector<double> expected = ModelMeans(picture, width, height);
  std::vector<uint8_t> means(expected.size());
  AverageAreas(picture.plane(), width, height, means.data());
  for (size_t k = 0; k < means.size(); ++k) {
    ASSERT_NEAR(means[k], expected[k], error) << k;
  }
}

TEST(AreaAverageTest, UsualSizesAreRoundedAndNoMore) {
  for (const Pattern pattern : kPatterns) {
    for (const auto& [width, height] : {std::pair(640, 480),
                                        {640, 360},
                                        {720, 1280},
                                        {768, 576},
                                        {384, 300}}) {
      const int longest = std::max(width, height);
      ExpectNearModel(MakePicture(pattern, width, height),
                      width * 384 / longest, height * 384 / longest, 0.5001);
    }
  }
}

TEST(AreaAverageTest, AnySizeIsWithinTheRoundingOfItsShares) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    Picture picture(1 + random() % 300, 1 + random() % 300);
    for (uint8_t& sample : picture.samples) sample = random() % 2 * 255;
    ExpectNearModel(picture, 1 + random() % picture.width,
                    1 + random() % picture.height, 1.5);
  }
}

TEST(AreaAverageTest, WhiteStaysWhiteHoweverLarge) {
  for (const auto& [width, height] : {std::pair(8192, 4608), {5, 8191}}) {
    Picture white(width, height);
    std::fill(white.samples.begin(), white.samples.end(), 255);
    std::vector<uint8_t> means(5 * 3);
    AverageAreas(white.plane(), 5, 3, means.data());
    EXPECT_EQ(means, std::vector<uint8_t>(5 * 3, 255));
  }
}

TEST(AreaAverageTest, TheSameSizeIsACopy) {
  for (const auto& [width, height] : {std::pair(1, 1), {17, 9}, {384, 216}}) {
    const Picture picture = MakePicture(Pattern::kNoise, width, height);
    std::vector<uint8_t> means(picture.samples.size());
    AverageAreas(picture.plane(), width, height, means.data());
    EXPECT_EQ(means, picture.samples);
  }
}

TEST(AreaAverageTest, WhatIsBetweenTheRowsIsNotLookedAt) {
  const Picture picture = MakePicture(Pattern::kRings, 77, 50);
  std::vector<uint8_t> spaced(100 * 49 + 77, 255);
  for (int y = 0; y < 50; ++y) {
    std::copy_n(&picture.samples[y * 77], 77, &spaced[y * 100]);
  }
  std::vector<uint8_t> means(31 * 22), expected(31 * 22);
  AverageAreas({spaced.data(), 77, 50, 100}, 31, 22, means.data());
  AverageAreas(picture.plane(), 31, 22, expected.data());
  EXPECT_EQ(means, expected);
}

}  // namespace
}  // namespace lenscap
