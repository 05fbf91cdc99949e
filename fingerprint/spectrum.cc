#include "fingerprint/spectrum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numbers>

#include "fingerprint/cpu_dispatch.h"

namespace lenscap {
namespace {

constexpr int kCoefficients = kHashSide * kHashSide;

struct Cosines {
  std::array<std::array<float, kGridSide>, kHashSide> by_frequency;
  std::array<std::array<float, kHashSide>, kGridSide> by_sample;
};
Cosines MakeCosines() {
  const float scale = std::sqrt(2.0 / kGridSide);
  Cosines cosines;
  for (int i = 0; i < kHashSide; ++i) {
    for (int j = 0; j < kGridSide; ++j) {
      const float value = scale * std::cos(std::numbers::pi / 2.0 / kGridSide *
                                           (i + 1) * (2 * j + 1));
      cosines.by_frequency[i][j] = value;
      cosines.by_sample[j][i] = value;
    }
  }
  return cosines;
}

// product[i][j] = the sum over k of weights[i][k] * rows[k][j]. Each is summed
// up in the order of k, as the reference does it, a tile of them in registers.
template <Simd simd, size_t width>
[[gnu::always_inline]] inline void Multiply(
    const std::array<std::array<float, kGridSide>, kHashSide>& weights,
    const std::array<std::array<float, width>, kGridSide>& rows,
    std::array<std::array<float, width>, kHashSide>& product) {
  using Floats = Register<float, simd>;
  constexpr int kLanes = sizeof(Floats) / sizeof(float);
  constexpr int kDown = 4;
  constexpr int kAcross = std::min<int>(2, width / kLanes);
  for (int i = 0; i < kHashSide; i += kDown) {
    for (int j = 0; j < static_cast<int>(width); j += kAcross * kLanes) {
      Floats sums[kDown][kAcross] = {};
      for (int k = 0; k < kGridSide; ++k) {
        for (int across = 0; across < kAcross; ++across) {
          Floats row;
          std::memcpy(&row, &rows[k][j + across * kLanes], sizeof(row));
          for (int down = 0; down < kDown; ++down) {
            sums[down][across] += weights[i + down][k] * row;
          }
        }
      }
      for (int down = 0; down < kDown; ++down) {
        std::memcpy(&product[i + down][j], &sums[down], sizeof(sums[down]));
      }
    }
  }
}

// The transform of the columns, then of the rows.
DISPATCH_SIMD(void, Transform,
              (const LumaGrid& grid, const Cosines& cosines,
               Spectrum& spectrum),
              (grid, cosines, spectrum)) {
  std::array<std::array<float, kGridSide>, kHashSide> columns;
  Multiply<kSimd>(cosines.by_frequency, grid, columns);
  Multiply<kSimd>(columns, cosines.by_sample, spectrum);
}

// Integers in the order of the coefficients.
using Keys = std::array<int32_t, kCoefficients>;
constexpr int32_t kSignFlip = std::numeric_limits<int32_t>::max();

float CoefficientOf(int32_t key) {
  return std::bit_cast<float>(key < 0 ? key ^ kSignFlip : key);
}

struct Middle {
  int32_t median;
  int32_t next;  // The 129th.
};

// Bisects for the median, the largest key that fewer than half are below.
DISPATCH_SIMD(Middle, FindMiddle, (const Spectrum& spectrum, Keys& keys),
              (spectrum, keys)) {
  std::memcpy(keys.data(), spectrum.data(), sizeof(keys));
  for (int32_t& key : keys) {
    // Both zeros are one.
    key = key == std::numeric_limits<int32_t>::min() ? 0 : key;
    key = key < 0 ? key ^ kSignFlip : key;
  }
  uint32_t median = uint32_t{1} << 31;
  for (int bit = 31; bit >= 0; --bit) {
    const int32_t raised = static_cast<int32_t>(median + (uint32_t{1} << bit));
    int below = 0;
    for (const int32_t key : keys) below += key < raised;
    if (below < kCoefficients / 2) median = raised;
  }
  Middle middle = {.median = static_cast<int32_t>(median),
                   .next = std::numeric_limits<int32_t>::max()};
  int up_to_median = 0;
  for (const int32_t key : keys) {
    up_to_median += key <= middle.median;
    middle.next = std::min(
        middle.next,
        key <= middle.median ? std::numeric_limits<int32_t>::max() : key);
  }
  if (up_to_median > kCoefficients / 2) middle.next = middle.median;
  return middle;
}

}  // namespace

Spectrum TransformOf(const LumaGrid& grid) {
  static const Cosines cosines = MakeCosines();
  Spectrum spectrum;
  Transform(grid, cosines, spectrum);
  return spectrum;
}

Spectrum Reversed(const Spectrum& spectrum, bool rows, bool columns) {
  Spectrum result;
  for (int i = 0; i < kHashSide; ++i) {
    for (int j = 0; j < kHashSide; ++j) {
      const bool negate = (rows && i % 2 == 0) != (columns && j % 2 == 0);
      result[i][j] = negate ? -spectrum[i][j] : spectrum[i][j];
    }
  }
  return result;
}

std::optional<Hash256> Threshold(const Spectrum& spectrum, float margin) {
  Keys keys;
  const Middle middle = FindMiddle(spectrum, keys);
  if (CoefficientOf(middle.next) - CoefficientOf(middle.median) < margin) {
    return std::nullopt;
  }
  Hash256 hash;
  for (int k = 0; k < kCoefficients; ++k) {
    hash.words[k / 64] |= uint64_t{keys[k] > middle.median} << (k % 64);
  }
  return hash;
}

// Exchanges the two blocks beside the diagonal, first of the whole, then of
// each of its quarters, and so on.
Hash256 Transposed(const Hash256& hash) {
  static_assert(std::endian::native == std::endian::little);
  std::array<uint16_t, kHashSide> rows;
  std::memcpy(rows.data(), hash.words.data(), sizeof(rows));
  uint16_t low = 0x00ff;
  for (int side = kHashSide / 2; side > 0; side /= 2, low ^= low << side) {
    for (int i = 0; i < kHashSide; ++i) {
      if (i & side) continue;
      const uint16_t differ = (rows[i] >> side ^ rows[i + side]) & low;
      rows[i + side] ^= differ;
      rows[i] ^= differ << side;
    }
  }
  Hash256 result;
  std::memcpy(result.words.data(), rows.data(), sizeof(rows));
  return result;
}

}  // namespace lenscap
