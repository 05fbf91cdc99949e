// CellMeans against sums of one cell after the other. Which of two greys a mean
// half-way between is rounded to is part of what is frozen.

#include "models/cell_means.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

int StartOf(int i, int cells, int length) {
  return static_cast<int>(int64_t{i} * length / cells);
}
int EndOf(int i, int cells, int length) {
  return std::max(StartOf(i + 1, cells, length), StartOf(i, cells, length) + 1);
}

std::vector<uint8_t> ModelMeans(const Plane& luma, int width, int height) {
  std::vector<uint8_t> means;
  for (int i = 0; i < height; ++i) {
    for (int j = 0; j < width; ++j) {
      int sum = 0, count = 0;
      for (int y = StartOf(i, height, luma.height);
           y < EndOf(i, height, luma.height); ++y) {
        for (int x = StartOf(j, width, luma.width);
             x < EndOf(j, width, luma.width); ++x, ++count) {
          sum += luma.data[y * luma.stride + x];
        }
      }
      const float share = 1.0f / count;
      means.push_back(static_cast<uint8_t>(sum * share + 0.5f));
    }
  }
  return means;
}

void ExpectEqualsModel(const Plane& luma, int width, int height) {
  std::vector<uint8_t> means(size_t{1} * width * height);
  CellMeans(luma, width, height, means.data());
  EXPECT_EQ(means, ModelMeans(luma, width, height))
      << luma.width << "x" << luma.height << " to " << width << "x" << height;
}

TEST(CellMeansTest, UsualSizesOfVideoEqualTheModel) {
  for (const auto& [width, height] : {std::pair(640, 480),
                                      {1280, 720},
                                      {1920, 1080},
                                      {854, 480},
                                      {360, 640}}) {
    for (const Pattern pattern : {Pattern::kNoise, Pattern::kBlobs}) {
      const Picture picture = MakePicture(pattern, width, height);
      ExpectEqualsModel(picture.plane(), 128, 128);
      ExpectEqualsModel(picture.plane(), width / 2, height / 2);
      ExpectEqualsModel(picture.plane(), width, height);
    }
  }
}

TEST(CellMeansTest, AnySizeEqualsTheModel) {
  std::mt19937 random(6);
  for (int round = 0; round < 100; ++round) {
    const int width = 1 + random() % 300, height = 1 + random() % 300;
    const int stride = width + random() % 50;
    std::vector<uint8_t> samples(size_t{1} * stride * (height - 1) + width);
    for (uint8_t& sample : samples) sample = random();
    ExpectEqualsModel({samples.data(), width, height, stride},
                      1 + random() % 150, 1 + random() % 150);
  }
}

TEST(CellMeansTest, WhiteStaysWhiteHoweverLargeACell) {
  for (const auto& [width, height] : {std::pair(3840, 2160),
                                      {8192, 4608},
                                      {70, 32'767},
                                      {70, 32'768},
                                      {70, 40'000}}) {
    Picture white(width, height);
    std::fill(white.samples.begin(), white.samples.end(), 255);
    std::vector<uint8_t> means(128 * 128);
    CellMeans(white.plane(), 128, 128, means.data());
    EXPECT_EQ(means, std::vector<uint8_t>(128 * 128, 255));
  }
}

}  // namespace
}  // namespace lenscap
