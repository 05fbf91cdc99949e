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
};
using AxisTaps = std::array<Taps, kGridSide>;

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
               .weights = {weights.begin(), weights.end()}};
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

// sums += weights[0] * rows[0] + ... + weights[3] * rows[3].
DISPATCH_AVX2(void, AddFourRows,
              (float* sums, const uint8_t* const rows[4],
               const float weights[4], int width),
              (sums, rows, weights, width)) {
  const uint8_t *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
  const float w0 = weights[0], w1 = weights[1], w2 = weights[2],
              w3 = weights[3];
  for (int x = 0; x < width; ++x) {
    sums[x] += (w0 * r0[x] + w1 * r1[x]) + (w2 * r2[x] + w3 * r3[x]);
  }
}

void SumRows(const Plane& luma, const Taps& taps, std::vector<float>& sums) {
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (int k = 0; k < taps.count; k += 4) {
    const uint8_t* rows[4];
    for (int i = 0; i < 4; ++i) {  // Past the last one the weight is 0.
      const int y = std::min(taps.first + k + i, luma.height - 1);
      rows[i] = luma.data + y * luma.stride;
    }
    AddFourRows(sums.data(), rows, &taps.weights[k], luma.width);
  }
}

// row[j] = the sum of column j's taps.
DISPATCH_AVX2(void, SumColumns,
              (const std::vector<float>& values, const AxisTaps& columns,
               std::array<float, kGridSide>& row),
              (values, columns, row)) {
  for (int j = 0; j < kGridSide; ++j) {
    const Taps& taps = columns[j];
    const float* const first = &values[taps.first];
    std::array<float, kLanes> sums = {};
    for (int k = 0; k < taps.count; k += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[lane] += first[k + lane] * taps.weights[k + lane];
      }
    }
    for (int n = kLanes / 2; n > 0; n /= 2) {
      for (int lane = 0; lane < n; ++lane) sums[lane] += sums[lane + n];
    }
    row[j] = sums[0];
  }
}

}  // namespace

LumaGrid ShrinkToGrid(const Plane& luma) {
  const std::shared_ptr<const Operator> shrink = OperatorFor(luma);
  std::vector<float> sums(luma.width + kLanes);  // The last taps reach over.
  LumaGrid grid;
  for (int i = 0; i < kGridSide; ++i) {
    SumRows(luma, shrink->rows[i], sums);
    SumColumns(sums, shrink->columns, grid[i]);
    for (float& value : grid[i]) value /= shrink->unit;
  }
  return grid;
}

}  // namespace lenscap
