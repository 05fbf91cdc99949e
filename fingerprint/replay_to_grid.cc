#include <algorithm>
#include <vector>

#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/luma_grid.h"

// Every value below is the result of the same single-precision additions, in
// the same order, as in the reference: a sum runs along an axis, takes up the
// sample that enters its window, gives up the one that leaves it, and so
// carries the rounding of every step before. Independent sums run side by
// side, and values that no grid cell looks at are not computed.

namespace lenscap {
namespace {

DISPATCH_SIMD(void, Add, (float* sums, const float* values, size_t n),
              (sums, values, n)) {
  for (size_t i = 0; i < n; ++i) sums[i] += values[i];
}

DISPATCH_SIMD(void, Subtract, (float* sums, const float* values, size_t n),
              (sums, values, n)) {
  for (size_t i = 0; i < n; ++i) sums[i] -= values[i];
}

DISPATCH_SIMD(void, Divide,
              (const float* sums, float divisor, float* quotients, size_t n),
              (sums, divisor, quotients, n)) {
  for (size_t i = 0; i < n; ++i) quotients[i] = sums[i] / divisor;
}

// Filters down every column at once. `row_at` gives the rows, each for the
// first time in order; `emit` gets the sums of each row's windows.
template <typename RowAt, typename Emit>
void FilterColumns(const BoxWindow& window, size_t width, const RowAt& row_at,
                   const Emit& emit) {
  std::vector<float> sums(width);
  for (int y = 0; y < window.right(); ++y) Add(sums.data(), row_at(y), width);
  for (int y = 0; y < window.length(); ++y) {
    if (y + window.right() < window.length()) {
      Add(sums.data(), row_at(y + window.right()), width);
    }
    if (window.first(y) > 0) {
      Subtract(sums.data(), row_at(window.first(y) - 1), width);
    }
    emit(y, sums);
  }
}

// The first pass along a row. Sums of bytes are exact, so any way to them will
// do: here differences of `totals`, where totals[x] is the sum before x.
DISPATCH_SIMD(void, Differences,
              (const int* ends, const int* starts, float divisor, float* out,
               int n),
              (ends, starts, divisor, out, n)) {
  for (int x = 0; x < n; ++x) {
    out[x] = static_cast<float>(ends[x] - starts[x]) / divisor;
  }
}

// The picture's rows after the first pass along them, the latest few kept.
class FilteredRows {
 public:
  FilteredRows(const Plane& luma, const BoxWindow& across, int keep)
      : luma_(luma),
        across_(across),
        totals_(luma.width + 1),
        rows_(keep, std::vector<float>(luma.width)) {}

  const float* Row(int y) {
    std::vector<float>& row = rows_[y % rows_.size()];
    if (y == next_) {
      Filter(luma_.data + y * luma_.stride, row.data());
      ++next_;
    }
    return row.data();
  }

 private:
  void Filter(const uint8_t* samples, float* out) {
    const int n = across_.length();
    for (int x = 0; x < n; ++x) totals_[x + 1] = totals_[x] + samples[x];
    const int whole = across_.size() - 1 - across_.right();  // Uncut from here
    const int cut = n - across_.right();                     // to here.
    for (int x = 0; x < whole; ++x) out[x] = Mean(x);
    for (int x = cut; x < n; ++x) out[x] = Mean(x);
    Differences(&totals_[across_.size()], &totals_[0], across_.size(),
                &out[whole], cut - whole);
  }
  float Mean(int x) const {
    return static_cast<float>(totals_[across_.last(x) + 1] -
                              totals_[across_.first(x)]) /
           static_cast<float>(across_.count(x));
  }

  const Plane luma_;
  const BoxWindow across_;
  int next_ = 0;
  std::vector<int> totals_;
  std::vector<std::vector<float>> rows_;
};

// Rows that take the second pass along them together, one to a lane.
constexpr int kLanes = 32;
using Lanes = std::array<float, kLanes>;
using NarrowRow = std::array<float, kGridSide>;

// Gives the results at the grid's columns, those of `lane` in narrow[lane].
DISPATCH_SIMD(void, FilterLanes,
              (const std::vector<Lanes>& tile, const BoxWindow& window,
               NarrowRow* narrow, int rows),
              (tile, window, narrow, rows)) {
  Lanes sums = {};
  for (int x = 0; x < window.right(); ++x) {
    for (int k = 0; k < kLanes; ++k) sums[k] += tile[x][k];
  }
  int x = 0;
  for (int j = 0; j < kGridSide; ++j) {
    for (const int end = GridSample(j, window.length()); x <= end; ++x) {
      if (x + window.right() < window.length()) {
        const Lanes& entering = tile[x + window.right()];
        for (int k = 0; k < kLanes; ++k) sums[k] += entering[k];
      }
      if (window.first(x) > 0) {
        const Lanes& leaving = tile[window.first(x) - 1];
        for (int k = 0; k < kLanes; ++k) sums[k] -= leaving[k];
      }
    }
    const float count = static_cast<float>(window.count(x - 1));
    for (int k = 0; k < rows; ++k) narrow[k][j] = sums[k] / count;
  }
}

// Both passes along the rows and the first down the columns.
std::vector<NarrowRow> Narrow(const Plane& luma, const BoxWindow& across,
                              const BoxWindow& down) {
  FilteredRows filtered(luma, across, down.size() + 1);
  std::vector<NarrowRow> narrow(luma.height);
  std::vector<Lanes> tile(luma.width);
  std::vector<float> row(luma.width);
  FilterColumns(
      down, luma.width, [&](int y) { return filtered.Row(y); },
      [&](int y, const std::vector<float>& sums) {
        Divide(sums.data(), down.count(y), row.data(), row.size());
        const int lane = y % kLanes;
        for (int x = 0; x < luma.width; ++x) tile[x][lane] = row[x];
        if (lane == kLanes - 1 || y == luma.height - 1) {
          FilterLanes(tile, across, &narrow[y - lane], lane + 1);
        }
      });
  return narrow;
}

}  // namespace

LumaGrid ReplayToGrid(const Plane& luma) {
  const BoxWindow across(luma.width);
  const BoxWindow down(luma.height);
  const std::vector<NarrowRow> narrow = Narrow(luma, across, down);
  LumaGrid grid;
  int i = 0;
  FilterColumns(
      down, kGridSide, [&](int y) { return narrow[y].data(); },
      [&](int y, const std::vector<float>& sums) {
        while (i < kGridSide && GridSample(i, luma.height) == y) {
          Divide(sums.data(), down.count(y), grid[i++].data(), kGridSide);
        }
      });
  return grid;
}

}  // namespace lenscap
