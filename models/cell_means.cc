#include "models/cell_means.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <vector>

namespace lenscap {
namespace {

// Which of `length` samples of an axis make up cell i of `cells`: [start, end),
// at least one, so that an axis that has fewer samples has some twice.
struct Cell {
  int start;
  int end;
};
Cell CellOf(int i, int cells, int length) {
  const int start = static_cast<int>(int64_t{i} * length / cells);
  const int end = static_cast<int>(int64_t{i + 1} * length / cells);
  return {start, std::max(end, start + 1)};
}

// sums[x] = or += the sum of n samples of column x, n 1 to 4.
void AddRows(const uint8_t* row, ptrdiff_t stride, int n, bool first, int width,
             uint16_t* sums) {
  const uint8_t* const a = row;
  const uint8_t* const b = n > 1 ? a + stride : a;
  const uint8_t* const c = n > 2 ? b + stride : a;
  const uint8_t* const d = n > 3 ? c + stride : a;
  if (first) std::fill_n(sums, width, uint16_t{0});
  if (n == 1) {
    for (int x = 0; x < width; ++x) sums[x] += a[x];
  } else if (n == 2) {
    for (int x = 0; x < width; ++x) sums[x] += a[x] + b[x];
  } else if (n == 3) {
    for (int x = 0; x < width; ++x) sums[x] += a[x] + b[x] + c[x];
  } else {
    for (int x = 0; x < width; ++x) sums[x] += (a[x] + b[x]) + (c[x] + d[x]);
  }
}

// Sums up the rows of a cell, and has those of the next fetched meanwhile: a
// frame that was just decoded is seldom in the cache.
void SumRows(const Plane& luma, const Cell& rows, uint16_t* sums) {
  constexpr int kStretch = 512;
  constexpr int kCacheLine = 64;
  const auto row = [&luma](int y) {
    return luma.data + std::min(y, luma.height - 1) * luma.stride;
  };
  for (int y = rows.start; y < rows.end; y += 4) {
    const int n = std::min(4, rows.end - y);
    for (int x = 0; x < luma.width; x += kStretch) {
      const int width = std::min(kStretch, luma.width - x);
      for (int next = y + n; next < y + 2 * n; ++next) {
        for (int ahead = 0; ahead < width; ahead += kCacheLine) {
          __builtin_prefetch(row(next) + x + ahead);
        }
      }
      AddRows(row(y) + x, luma.stride, n, y == rows.start, width, &sums[x]);
    }
  }
}

// Rows of cells that are summed up along together, one to a lane.
constexpr int kLanes = 8;
using Lanes = std::array<uint16_t, kLanes>;

// Exchanges the rows and columns of 8x8 values.
void Turn(Lanes* lines) {
  using Line [[gnu::vector_size(sizeof(Lanes))]] = uint16_t;
  Line all[kLanes], mixed[kLanes];
  std::memcpy(all, lines, sizeof(all));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kLanes / 2; ++i) {
      const Line &a = all[i], &b = all[i + kLanes / 2];
      mixed[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      mixed[2 * i + 1] =
          __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    std::memcpy(all, mixed, sizeof(all));
  }
  std::memcpy(lines, all, sizeof(all));
}

// One over the number of samples in a cell of each row, of `columns`.
std::array<float, kLanes> SharesOf(const Lanes& rows, int columns) {
  std::array<float, kLanes> shares;
  for (int lane = 0; lane < kLanes; ++lane) {
    shares[lane] = 1.0f / (columns * rows[lane]);
  }
  return shares;
}

// What is kept of kLanes rows of cells on their way to means.
struct Band {
  Band(int plane_width, int width)
      : stride(plane_width + kLanes),
        sums(size_t{1} * stride * kLanes),
        columns(stride),
        means(width + kLanes) {}
  int stride;
  std::vector<uint16_t> sums;  // Of each row of cells, by the plane's columns.
  std::vector<Lanes> columns;  // The same by column.
  std::vector<Lanes> means;    // By the cells' columns.
  Lanes row_counts{};          // The plane's rows in each row of cells.
};

void SumBand(const Plane& luma, int first, int height, Band& band) {
  band.row_counts.fill(1);
  for (int lane = 0; lane < std::min(kLanes, height - first); ++lane) {
    const Cell rows = CellOf(first + lane, height, luma.height);
    band.row_counts[lane] = static_cast<uint16_t>(rows.end - rows.start);
    SumRows(luma, rows, &band.sums[lane * band.stride]);
  }
  for (int x = 0; x < luma.width; x += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      std::copy_n(&band.sums[lane * band.stride + x], kLanes,
                  band.columns[x + lane].data());
    }
    Turn(&band.columns[x]);
  }
}

void AverageBand(int plane_width, int width, Band& band) {
  // Cells differ by at most one column; dividing once for each kind is cheap.
  const int least = std::max(1, plane_width / width);
  const auto few = SharesOf(band.row_counts, least);
  const auto many = SharesOf(band.row_counts, least + 1);
  for (int j = 0; j < width; ++j) {
    const Cell cell = CellOf(j, width, plane_width);
    std::array<int, kLanes> sum = {};
    for (int x = cell.start; x < cell.end; ++x) {
      const Lanes& column = band.columns[x];
      for (int lane = 0; lane < kLanes; ++lane) sum[lane] += column[lane];
    }
    const auto& shares = cell.end - cell.start == least ? few : many;
    for (int lane = 0; lane < kLanes; ++lane) {
      band.means[j][lane] = static_cast<uint16_t>(
          static_cast<int>(sum[lane] * shares[lane] + 0.5f));
    }
  }
}

void WriteBand(int width, int rows, Band& band, uint8_t* means) {
  for (int x = 0; x < width; x += kLanes) {
    Turn(&band.means[x]);
    for (int lane = 0; lane < rows; ++lane) {
      std::copy_n(band.means[x + lane].data(), std::min(kLanes, width - x),
                  means + size_t{1} * lane * width + x);
    }
  }
}

// For cells of no more rows than sums of 16 bits can hold.
void MeansOfLowCells(const Plane& luma, int width, int height, uint8_t* means) {
  Band band(luma.width, width);
  for (int i = 0; i < height; i += kLanes) {
    SumBand(luma, i, height, band);
    AverageBand(luma.width, width, band);
    WriteBand(width, std::min(kLanes, height - i), band,
              means + size_t{1} * i * width);
  }
}

void MeansOfHighCells(const Plane& luma, int width, int height,
                      uint8_t* means) {
  for (int i = 0; i < height; ++i) {
    const Cell rows = CellOf(i, height, luma.height);
    for (int j = 0; j < width; ++j) {
      const Cell columns = CellOf(j, width, luma.width);
      uint32_t sum = 0;
      for (int y = rows.start; y < rows.end; ++y) {
        const uint8_t* const row = luma.data + y * luma.stride;
        for (int x = columns.start; x < columns.end; ++x) sum += row[x];
      }
      const float share =
          1.0f / ((rows.end - rows.start) * (columns.end - columns.start));
      *means++ = static_cast<uint8_t>(static_cast<int>(sum * share + 0.5f));
    }
  }
}

}  // namespace

void CellMeans(const Plane& luma, int width, int height, uint8_t* means) {
  const int64_t most_rows = luma.height / height + 1;
  if (most_rows * 255 <= std::numeric_limits<uint16_t>::max()) {
    MeansOfLowCells(luma, width, height, means);
  } else {
    MeansOfHighCells(luma, width, height, means);
  }
}

}  // namespace lenscap
