#include <cmath>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/luma_grid.h"
#include "fingerprint/weighted_rows.h"

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
  // The same where they are whole and weighted sums of bytes fit in 16 bits,
  // else empty.
  std::vector<uint16_t> integers;
};
using AxisTaps = std::array<Taps, kGridSide>;

std::vector<uint16_t> IntegersOf(const std::vector<double>& weights) {
  double total = 0;
  for (const double weight : weights) {
    if (weight != std::floor(weight)) return {};
    total += weight;
  }
  if (total * 255 > 65535) return {};
  return {weights.begin(), weights.end()};
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
               .integers = IntegersOf(weights)};
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

}  // namespace

LumaGrid ShrinkToGrid(const Plane& luma) {
  const std::shared_ptr<const Operator> shrink = OperatorFor(luma);
  std::vector<float> floats(luma.width + kLanes);  // The last taps reach over.
  std::vector<uint16_t> integers(luma.width + kLanes);
  LumaGrid grid;
  for (int i = 0; i < kGridSide; ++i) {
    const Taps& taps = shrink->rows[i];
    if (taps.integers.empty()) {
      const absl::Span<const float> weights(taps.weights.data(), taps.count);
      SumRows(luma, taps.first, weights, floats.data());
      SumColumns(floats.data(), shrink->columns, grid[i]);
    } else {
      SumRows(luma, taps.first, taps.integers, integers.data());
      SumColumns(integers.data(), shrink->columns, grid[i]);
    }
    for (float& value : grid[i]) value /= shrink->unit;
  }
  return grid;
}

}  // namespace lenscap
