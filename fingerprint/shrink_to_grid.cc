#include <cmath>
#include <memory>
#include <vector>

#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/luma_grid.h"

namespace lenscap {
namespace {

// How one row or column of the grid is made of the picture's: a weighted sum of
// `count` of them, from `first` on. Weights count in units of 1 / window size
// squared, so they are small integers, and sums of them exact, wherever the
// picture's border cuts nothing off. Zeros fill them up to whole lanes.
constexpr int kLanes = 8;
struct Taps {
  int first = 0;
  int count = 0;
  std::vector<float> weights;
  bool whole = false;  // Weighted sums of bytes are integers of 16 bits.
};
using AxisTaps = std::array<Taps, kGridSide>;

bool FitIntegers(const std::vector<double>& weights) {
  double total = 0;
  for (const double weight : weights) {
    if (weight != std::floor(weight)) return false;
    total += weight;
  }
  return total * 255 <= 65535;
}

AxisTaps MakeAxisTaps(const BoxWindow& window) {
  const double unit = static_cast<double>(window.size()) * window.size();
  AxisTaps axis;
  for (int i = 0; i < kGridSide; ++i) {
    const int center = GridSample(i, window.length());
    const int first = window.first(window.first(center));
    const int last = window.last(window.last(center));
    std::vector<double> weights(last - first + 1);
    for (int x = window.first(center); x <= window.last(center); ++x) {
      for (int y = window.first(x); y <= window.last(x); ++y) {
        weights[y - first] += unit / window.count(center) / window.count(x);
      }
    }
    axis[i] = {.first = first,
               .count = last - first + 1,
               .weights = {weights.begin(), weights.end()},
               .whole = FitIntegers(weights)};
    axis[i].weights.resize((axis[i].count + kLanes - 1) / kLanes * kLanes);
  }
  return axis;
}

struct Operator {
  int width;
  int height;
  AxisTaps columns;
  AxisTaps rows;
  float unit;  // Of a product of two weights.
};

std::shared_ptr<const Operator> MakeOperator(int width, int height) {
  const BoxWindow across(width);
  const BoxWindow down(height);
  const float cells = static_cast<float>(across.size()) * down.size();
  return std::make_shared<Operator>(Operator{.width = width,
                                             .height = height,
                                             .columns = MakeAxisTaps(across),
                                             .rows = MakeAxisTaps(down),
                                             .unit = cells * cells});
}

// A video's frames all have one size, so the last operator is kept.
std::shared_ptr<const Operator> OperatorFor(const Plane& luma) {
  thread_local std::shared_ptr<const Operator> last;
  if (last == nullptr || last->width != luma.width ||
      last->height != luma.height) {
    last = MakeOperator(luma.width, luma.height);
  }
  return last;
}

// sums = or += weights[0] * rows[0] + ... + weights[3] * rows[3].
template <typename Sum>
[[gnu::always_inline]] inline void AddFourRows(const uint8_t* const rows[4],
                                               const Sum weights[4], bool first,
                                               int width, Sum* sums) {
  const uint8_t *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
  const Sum w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  if (first) std::fill_n(sums, width, Sum{0});
  for (int x = 0; x < width; ++x) {
    sums[x] += (w0 * r0[x] + w1 * r1[x]) + (w2 * r2[x] + w3 * r3[x]);
  }
}
DISPATCH_SIMD(void, AddRows,
              (const uint8_t* const rows[4], const float weights[4], bool first,
               int width, float* sums),
              (rows, weights, first, width, sums)) {
  AddFourRows(rows, weights, first, width, sums);
}
DISPATCH_SIMD(void, AddRows,
              (const uint8_t* const rows[4], const uint16_t weights[4],
               bool first, int width, uint16_t* sums),
              (rows, weights, first, width, sums)) {
  AddFourRows(rows, weights, first, width, sums);
}

// Four rows are read at a time, by stretches, while those of the next four are
// fetched: the plane of a frame that was just decoded is seldom in the cache.
template <typename Sum>
void SumRows(const Plane& luma, const Taps& taps, std::vector<Sum>& sums) {
  constexpr int kStretch = 512;
  constexpr int kCacheLine = 64;
  const auto row = [&luma](int y) {
    return luma.data + std::min(y, luma.height - 1) * luma.stride;
  };
  for (int k = 0; k < taps.count; k += 4) {
    Sum weights[4];  // Past the last one 0.
    std::copy_n(&taps.weights[k], 4, weights);
    for (int x = 0; x < luma.width; x += kStretch) {
      const int width = std::min(kStretch, luma.width - x);
      const uint8_t* rows[4];
      for (int i = 0; i < 4; ++i) {
        rows[i] = row(taps.first + k + i) + x;
        const uint8_t* const next = row(taps.first + k + 4 + i) + x;
        for (int ahead = 0; ahead < width; ahead += kCacheLine) {
          __builtin_prefetch(next + ahead);
        }
      }
      AddRows(rows, weights, k == 0, width, &sums[x]);
    }
  }
}

// row[j] = the sum of column j's taps.
template <typename Sum>
[[gnu::always_inline]] inline void AddColumns(
    const Sum* values, const AxisTaps& columns,
    std::array<float, kGridSide>& row) {
  for (int j = 0; j < kGridSide; ++j) {
    const Taps& taps = columns[j];
    const Sum* const first = values + taps.first;
    const float* const weights = taps.weights.data();
    std::array<float, kLanes> sums = {};
    for (int k = 0; k < taps.count; k += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[lane] += first[k + lane] * weights[k + lane];
      }
    }
    for (int n = kLanes / 2; n > 0; n /= 2) {
      for (int lane = 0; lane < n; ++lane) sums[lane] += sums[lane + n];
    }
    row[j] = sums[0];
  }
}
DISPATCH_SIMD(void, SumColumns,
              (const float* values, const AxisTaps& columns,
               std::array<float, kGridSide>& row),
              (values, columns, row)) {
  AddColumns(values, columns, row);
}
DISPATCH_SIMD(void, SumColumns,
              (const uint16_t* values, const AxisTaps& columns,
               std::array<float, kGridSide>& row),
              (values, columns, row)) {
  AddColumns(values, columns, row);
}

template <typename Sum>
void ShrinkRow(const Plane& luma, const Operator& shrink, int i,
               std::vector<Sum>& sums, std::array<float, kGridSide>& row) {
  SumRows(luma, shrink.rows[i], sums);
  SumColumns(sums.data(), shrink.columns, row);
  for (float& value : row) value /= shrink.unit;
}

}  // namespace

LumaGrid ShrinkToGrid(const Plane& luma) {
  const std::shared_ptr<const Operator> shrink = OperatorFor(luma);
  std::vector<float> floats(luma.width + kLanes);  // The last taps reach over.
  std::vector<uint16_t> integers(luma.width + kLanes);
  LumaGrid grid;
  for (int i = 0; i < kGridSide; ++i) {
    if (shrink->rows[i].whole) {
      ShrinkRow(luma, *shrink, i, integers, grid[i]);
    } else {
      ShrinkRow(luma, *shrink, i, floats, grid[i]);
    }
  }
  return grid;
}

}  // namespace lenscap
