// What is made of the grid, against plain sums and sorting.

#include "fingerprint/spectrum.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "fingerprint/hash256.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

bool Bit(const Hash256& hash, int row, int column) {
  const int k = row * kHashSide + column;
  return hash.words[k / 64] >> (k % 64) & 1;
}

// Values of so many kinds, on either side of 0.
Spectrum RandomSpectrum(int kinds, std::mt19937& random) {
  Spectrum spectrum;
  for (auto& row : spectrum) {
    for (float& value : row) {
      value =
          static_cast<float>(static_cast<int>(random() % kinds) - kinds / 2) /
          8;
    }
  }
  return spectrum;
}

std::vector<float> Sorted(const Spectrum& spectrum) {
  std::vector<float> values;
  for (const auto& row : spectrum) {
    values.insert(values.end(), row.begin(), row.end());
  }
  std::sort(values.begin(), values.end());
  return values;
}

TEST(SpectrumTest, TheTransformSumsUpInTheOrderOfTheSamples) {
  std::mt19937 random(1);
  LumaGrid grid;
  for (auto& row : grid) {
    for (float& value : row) value = static_cast<float>(random() % 25500) / 100;
  }
  float cosines[kHashSide][kGridSide];
  const float scale = std::sqrt(2.0 / kGridSide);
  for (int i = 0; i < kHashSide; ++i) {
    for (int j = 0; j < kGridSide; ++j) {
      cosines[i][j] = scale * std::cos(M_PI / 128 * (i + 1) * (2 * j + 1));
    }
  }
  const Spectrum spectrum = TransformOf(grid);
  for (int i = 0; i < kHashSide; ++i) {
    float columns[kGridSide] = {};
    for (int j = 0; j < kGridSide; ++j) {
      for (int k = 0; k < kGridSide; ++k) {
        columns[j] += cosines[i][k] * grid[k][j];
      }
    }
    for (int j = 0; j < kHashSide; ++j) {
      float sum = 0;
      for (int k = 0; k < kGridSide; ++k) sum += columns[k] * cosines[j][k];
      EXPECT_EQ(spectrum[i][j], sum) << i << ", " << j;
    }
  }
}

TEST(SpectrumTest, BitsAreSetAboveTheMedianHoweverManyAreEqual) {
  std::mt19937 random(2);
  for (const int kinds : {1, 2, 3, 10, 200, 100'000}) {
    for (int round = 0; round < 50; ++round) {
      const Spectrum spectrum = RandomSpectrum(kinds, random);
      const float median = Sorted(spectrum)[127];
      const auto hash = Threshold(spectrum, 0);
      ASSERT_TRUE(hash.has_value());
      for (int i = 0; i < kHashSide; ++i) {
        for (int j = 0; j < kHashSide; ++j) {
          ASSERT_EQ(Bit(*hash, i, j), spectrum[i][j] > median) << kinds;
        }
      }
    }
  }
}

TEST(SpectrumTest, TheBitsAreOpenWhereTheNextIsTooNearTheMedian) {
  std::mt19937 random(3);
  for (const int kinds : {1, 10, 200, 1000, 100'000}) {
    for (int round = 0; round < 50; ++round) {
      const Spectrum spectrum = RandomSpectrum(kinds, random);
      const std::vector<float> sorted = Sorted(spectrum);
      for (const float margin : {0.1f, 0.125f, 1.0f, 20.0f}) {
        ASSERT_EQ(Threshold(spectrum, margin).has_value(),
                  sorted[128] - sorted[127] >= margin)
            << kinds << " " << margin;
      }
    }
  }
}

TEST(SpectrumTest, BothZerosAreOne) {
  Spectrum spectrum = {};
  for (int i = 0; i < kHashSide; i += 2) spectrum[i].fill(-0.0f);
  EXPECT_EQ(Threshold(spectrum, 0), Hash256());
  EXPECT_EQ(Threshold(spectrum, 0.01f), std::nullopt);
}

TEST(SpectrumTest, TransposingExchangesRowsAndColumns) {
  std::mt19937_64 random(4);
  Hash256 hash;
  for (uint64_t& word : hash.words) word = random();
  const Hash256 transposed = Transposed(hash);
  for (int i = 0; i < kHashSide; ++i) {
    for (int j = 0; j < kHashSide; ++j) {
      EXPECT_EQ(Bit(transposed, j, i), Bit(hash, i, j)) << i << ", " << j;
    }
  }
}

}  // namespace
}  // namespace lenscap
