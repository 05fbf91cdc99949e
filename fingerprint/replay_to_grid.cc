#include <algorithm>
#include <bit>
#include <cstring>
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

// Moves the sums of all columns one row on, and gives their means.
DISPATCH_SIMD(void, Slide,
              (const float* entering, const float* leaving, float count,
               float* sums, float* means, size_t n),
              (entering, leaving, count, sums, means, n)) {
  for (size_t i = 0; i < n; ++i) {
    sums[i] = sums[i] + entering[i] - leaving[i];
    means[i] = sums[i] / count;
  }
}

// Filters down every column at once. `row_at` gives the rows, each for the
// first time in order; `result_at` says where the results of a row go.
template <typename RowAt, typename ResultAt, typename Done>
void FilterColumns(const BoxWindow& window, size_t width, const RowAt& row_at,
                   const ResultAt& result_at, const Done& done) {
  const std::vector<float> nothing(width);  // What is beyond the borders.
  std::vector<float> sums(width), unused(width);
  for (int y = -window.right(); y < window.length(); ++y) {
    const int entering = y + window.right();
    const int leaving = entering - window.size();
    Slide(entering < window.length() ? row_at(entering) : nothing.data(),
          leaving >= 0 ? row_at(leaving) : nothing.data(),
          y >= 0 ? window.count(y) : 1, sums.data(),
          y >= 0 ? result_at(y) : unused.data(), width);
    if (y >= 0) done(y);
  }
}

// The first pass along a row. Sums of bytes are exact, so any way to them will
// do: here of the sums of four.
constexpr int kLargestWindow = 65535 / 255;  // Whose sums fit.
constexpr int kMostLanes = 32;

template <typename Sample, typename Sums>
[[gnu::always_inline]] inline void AddTo(Sums& sums, const Sample* samples) {
  using Samples
      [[gnu::vector_size(sizeof(Sums) / sizeof(uint16_t) * sizeof(Sample))]] =
          Sample;
  Samples vector;
  std::memcpy(&vector, samples, sizeof(vector));
  sums += __builtin_convertvector(vector, Sums);
}

// sums[x] = the sum of the `size` samples from x on. Up to kMostLanes more than
// the `n` sums, and than the samples in them, are written, read and put down in
// `fours`.
DISPATCH_SIMD(void, SumWindows,
              (const uint8_t* samples, int size, int n, uint16_t* fours,
               uint16_t* sums),
              (samples, size, n, fours, sums)) {
  using Sums = Register<uint16_t, kSimd>;
  constexpr int kLanes = sizeof(Sums) / sizeof(uint16_t);
  static_assert(kLanes <= kMostLanes);
  for (int x = 0; x < n + size; x += kLanes) {
    Sums sum = {};
    for (int i = 0; i < 4; ++i) AddTo(sum, samples + x + i);
    std::memcpy(fours + x, &sum, sizeof(sum));
  }
  for (int x = 0; x < n; x += kLanes) {
    Sums sum = {};
    int i = 0;
    for (; i + 4 <= size; i += 4) AddTo(sum, fours + x + i);
    for (; i < size; ++i) AddTo(sum, samples + x + i);
    std::memcpy(sums + x, &sum, sizeof(sum));
  }
}

DISPATCH_SIMD(void, DivideAll,
              (const uint16_t* sums, float divisor, float* means, int n),
              (sums, divisor, means, n)) {
  for (int x = 0; x < n; ++x) means[x] = sums[x] / divisor;
}

// The picture's rows after the first pass along them, the latest few kept.
class FilteredRows {
 public:
  FilteredRows(const Plane& luma, const BoxWindow& across, int keep)
      : luma_(luma),
        across_(across),
        samples_(luma.width + across.size() + 2 * kMostLanes),
        fours_(samples_.size()),
        sums_(samples_.size()),
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
    int whole = across_.size() - 1 - across_.right();  // Uncut from here
    int cut = n - across_.right();                     // to here.
    if (across_.size() > kLargestWindow) whole = cut;
    std::copy_n(samples, n, samples_.data());
    for (int x = 0; x < whole; ++x) out[x] = Mean(x);
    for (int x = cut; x < n; ++x) out[x] = Mean(x);
    SumWindows(samples_.data(), across_.size(), cut - whole, fours_.data(),
               sums_.data());
    DivideAll(sums_.data(), across_.size(), &out[whole], cut - whole);
  }
  float Mean(int x) const {
    int sum = 0;
    for (int i = across_.first(x); i <= across_.last(x); ++i) {
      sum += samples_[i];
    }
    return static_cast<float>(sum) / static_cast<float>(across_.count(x));
  }

  const Plane luma_;
  const BoxWindow across_;
  int next_ = 0;
  std::vector<uint8_t> samples_;
  std::vector<uint16_t> fours_;
  std::vector<uint16_t> sums_;
  std::vector<std::vector<float>> rows_;
};

// Rows that take the second pass along them together, one to a lane.
constexpr int kLanes = 32;
using Lanes = std::array<float, kLanes>;
using NarrowRow = std::array<float, kGridSide>;

// As many rows, `stride` samples apart. Past the last column some are read.
class Band {
 public:
  explicit Band(int width)
      : stride_((width + 3) / 4 * 4 + 16), samples_(stride_ * kLanes) {}
  float* row(int lane) { return &samples_[lane * stride_]; }
  const float* row(int lane) const { return &samples_[lane * stride_]; }

 private:
  size_t stride_;  // No power of 2, which would crowd one place of the cache.
  std::vector<float> samples_;
};

// Turns columns x to x + 3 of the band into lanes.
using Four [[gnu::vector_size(4 * sizeof(float))]] = float;
[[gnu::always_inline]] inline void Turn(const Band& band, int x, Lanes* lanes) {
  for (int k = 0; k < kLanes; k += 4) {
    Four a, b, c, d;
    std::memcpy(&a, band.row(k) + x, sizeof(a));
    std::memcpy(&b, band.row(k + 1) + x, sizeof(b));
    std::memcpy(&c, band.row(k + 2) + x, sizeof(c));
    std::memcpy(&d, band.row(k + 3) + x, sizeof(d));
    const Four ac = __builtin_shufflevector(a, c, 0, 4, 1, 5);
    const Four ac2 = __builtin_shufflevector(a, c, 2, 6, 3, 7);
    const Four bd = __builtin_shufflevector(b, d, 0, 4, 1, 5);
    const Four bd2 = __builtin_shufflevector(b, d, 2, 6, 3, 7);
    const Four columns[4] = {__builtin_shufflevector(ac, bd, 0, 4, 1, 5),
                             __builtin_shufflevector(ac, bd, 2, 6, 3, 7),
                             __builtin_shufflevector(ac2, bd2, 0, 4, 1, 5),
                             __builtin_shufflevector(ac2, bd2, 2, 6, 3, 7)};
    for (int i = 0; i < 4; ++i) {
      std::memcpy(&lanes[i][k], &columns[i], sizeof(columns[i]));
    }
  }
}

// Gives the results at the grid's columns, those of `lane` in narrow[lane]. The
// latest columns are in `ring`, whose size is a power of 2.
DISPATCH_SIMD(void, FilterLanes,
              (const Band& band, const BoxWindow& window,
               std::vector<Lanes>& ring, NarrowRow* narrow, int rows),
              (band, window, ring, narrow, rows)) {
  const int mask = static_cast<int>(ring.size()) - 1;
  Lanes sums = {};
  int entering = 0;
  for (int j = 0; j < kGridSide; ++j) {
    const int x = GridSample(j, window.length());
    for (; entering <= x + window.right(); ++entering) {
      if (entering < window.length()) {
        if (entering % 4 == 0) Turn(band, entering, &ring[entering & mask]);
        const Lanes& column = ring[entering & mask];
        for (int k = 0; k < kLanes; ++k) sums[k] += column[k];
      }
      if (entering >= window.size()) {
        const Lanes& column = ring[(entering - window.size()) & mask];
        for (int k = 0; k < kLanes; ++k) sums[k] -= column[k];
      }
    }
    const float count = static_cast<float>(window.count(x));
    for (int k = 0; k < rows; ++k) narrow[k][j] = sums[k] / count;
  }
}

// Both passes along the rows and the first down the columns.
std::vector<NarrowRow> Narrow(const Plane& luma, const BoxWindow& across,
                              const BoxWindow& down) {
  FilteredRows filtered(luma, across, down.size() + 1);
  std::vector<NarrowRow> narrow(luma.height);
  Band band(luma.width);
  std::vector<Lanes> ring(std::bit_ceil(across.size() + 4u));
  FilterColumns(
      down, luma.width, [&](int y) { return filtered.Row(y); },
      [&](int y) { return band.row(y % kLanes); },
      [&](int y) {
        const int lane = y % kLanes;
        if (lane == kLanes - 1 || y == luma.height - 1) {
          FilterLanes(band, across, ring, &narrow[y - lane], lane + 1);
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
  NarrowRow means;
  FilterColumns(
      down, kGridSide, [&](int y) { return narrow[y].data(); },
      [&](int) { return means.data(); },
      [&](int y) {
        while (i < kGridSide && GridSample(i, luma.height) == y) {
          grid[i++] = means;
        }
      });
  return grid;
}

}  // namespace lenscap
