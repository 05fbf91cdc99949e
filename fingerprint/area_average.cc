#include "fingerprint/area_average.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/weighted_rows.h"

namespace lenscap {
namespace {

// What each sample of an axis is made of: from `first` on, how much of each of
// the plane's samples is inside, of `total` in all.
template <typename Weight>
struct Axis {
  struct Area {
    int first;
    int count;
    size_t offset;  // Of its weights.
  };
  absl::Span<const Weight> WeightsOf(const Area& area) const {
    return {&weights[area.offset], static_cast<size_t>(area.count)};
  }
  std::vector<Area> areas;
  std::vector<Weight> weights;
  int total;
};

// Of `from` samples to `to`. Single weights are rounded, sums of them are not.
template <typename Weight>
Axis<Weight> MakeAxis(int from, int to, int total) {
  Axis<Weight> axis = {.areas = {}, .weights = {}, .total = total};
  axis.areas.reserve(to);
  axis.weights.reserve(size_t{1} * from + 2 * to);
  for (int64_t i = 0; i < to; ++i) {
    const int64_t start = i * from, end = start + from;  // In 1/to samples.
    const int64_t first = start / to, last = (end - 1) / to;
    axis.areas.push_back({.first = static_cast<int>(first),
                          .count = static_cast<int>(last - first + 1),
                          .offset = axis.weights.size()});
    int64_t before = 0;
    for (int64_t x = first; x <= last; ++x) {
      const int64_t inside = std::min(end, (x + 1) * to) - start;
      const int64_t share = (inside * total + from / 2) / from;
      axis.weights.push_back(static_cast<Weight>(share - before));
      before = share;
    }
  }
  return axis;
}

// The most, up to 256, of which each row's share is a whole number if that can
// be: sums of weighted bytes then fit in 16 bits.
int TotalOf(int from, int to) {
  const int exact = from / std::gcd(from, to);
  return exact <= 256 ? 256 / exact * exact : 256;
}

// Rows that are averaged along together, one to a lane.
constexpr int kLanes = 16;
constexpr int kBlock = 8;
using Lanes = std::array<uint16_t, kLanes>;
using Block [[gnu::vector_size(kBlock * sizeof(uint16_t))]] = uint16_t;

// Exchanges the rows and columns of 8x8 samples.
[[gnu::always_inline]] inline void Turn(Block (&rows)[kBlock]) {
  for (int round = 0; round < 3; ++round) {
    Block mixed[kBlock];
    for (int i = 0; i < kBlock / 2; ++i) {
      const Block &a = rows[i], &b = rows[i + kBlock / 2];
      mixed[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      mixed[2 * i + 1] =
          __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    std::copy_n(mixed, kBlock, rows);
  }
}

// A band of kLanes rows, and the same by columns. Either has room for a block
// more than its width.
struct Band {
  explicit Band(int width)
      : stride(width + kBlock), rows(stride * kLanes), columns(stride) {}
  int stride;
  std::vector<uint16_t> rows;
  std::vector<Lanes> columns;
};

DISPATCH_SIMD(void, RowsToColumns, (int width, Band& band), (width, band)) {
  for (int x = 0; x < width; x += kBlock) {
    for (int lane = 0; lane < kLanes; lane += kBlock) {
      Block block[kBlock];
      for (int i = 0; i < kBlock; ++i) {
        std::memcpy(&block[i], &band.rows[(lane + i) * band.stride + x],
                    sizeof(Block));
      }
      Turn(block);
      for (int i = 0; i < kBlock; ++i) {
        std::memcpy(&band.columns[x + i][lane], &block[i], sizeof(Block));
      }
    }
  }
}

DISPATCH_SIMD(void, AverageColumns,
              (const Axis<float>& across, float total,
               const std::vector<Lanes>& columns, std::vector<Lanes>& means),
              (across, total, columns, means)) {
  const float share = 1 / total;
  for (size_t j = 0; j < across.areas.size(); ++j) {
    const auto& area = across.areas[j];
    const Lanes* const first = &columns[area.first];
    const float* const weights = &across.weights[area.offset];
    std::array<float, kLanes> sums = {};
    for (int k = 0; k < area.count; ++k) {
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[lane] += weights[k] * first[k][lane];
      }
    }
    for (int lane = 0; lane < kLanes; ++lane) {
      means[j][lane] =
          static_cast<uint16_t>(static_cast<int>(sums[lane] * share + 0.5f));
    }
  }
}

DISPATCH_SIMD(void, WriteRows,
              (const std::vector<Lanes>& means, int width, int rows,
               uint8_t* result),
              (means, width, rows, result)) {
  using Bytes [[gnu::vector_size(kBlock)]] = uint8_t;
  for (int x = 0; x < width; x += kBlock) {
    for (int lane = 0; lane < rows; lane += kBlock) {
      Block block[kBlock];
      for (int i = 0; i < kBlock; ++i) {
        std::memcpy(&block[i], &means[x + i][lane], sizeof(Block));
      }
      Turn(block);
      for (int i = 0; i < std::min(kBlock, rows - lane); ++i) {
        const Bytes bytes = __builtin_convertvector(block[i], Bytes);
        uint8_t* const row = result + (lane + i) * width + x;
        if (x + kBlock <= width) {
          std::memcpy(row, &bytes, kBlock);
        } else {
          std::memcpy(row, &bytes, width - x);
        }
      }
    }
  }
}

}  // namespace

void AverageAreas(const Plane& luma, int width, int height, uint8_t* means) {
  const auto down =
      MakeAxis<uint16_t>(luma.height, height, TotalOf(luma.height, height));
  const auto across = MakeAxis<float>(luma.width, width, luma.width);
  Band band(luma.width);
  std::vector<Lanes> averaged(width + kBlock);
  for (int y = 0; y < height; y += kLanes) {
    const int rows = std::min(kLanes, height - y);
    for (int i = 0; i < rows; ++i) {
      const auto& area = down.areas[y + i];
      SumRows(luma, area.first, down.WeightsOf(area),
              &band.rows[i * band.stride]);
    }
    RowsToColumns(luma.width, band);
    AverageColumns(across, static_cast<float>(down.total) * across.total,
                   band.columns, averaged);
    WriteRows(averaged, width, rows, means + size_t{1} * y * width);
  }
}

}  // namespace lenscap
