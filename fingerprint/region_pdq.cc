#include "fingerprint/region_pdq.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace lenscap {
namespace {

// PDQ's own grid: a picture of this size is hashed without being filtered.
constexpr int kSide = 64;
// How much of a cell of the grid its sample is the mean of: it blurs by as much
// as PDQ's filter, a tent of one cell.
constexpr double kSpread = 0.7;

// The samples that a cell is the mean of, with their weights, whose sum is 1.
struct Tap {
  int first = 0;
  std::vector<float> weights;
};
using Taps = std::array<Tap, kSide>;

Tap MakeTap(double from, double to, int length) {
  Tap tap{.first = std::clamp(static_cast<int>(from), 0, length - 1),
          .weights = {}};
  double sum = 0;
  for (int i = tap.first; i < length && i < to; ++i) {
    const double weight = std::min(to, i + 1.0) - std::max(from, double(i));
    tap.weights.push_back(static_cast<float>(weight));
    sum += weight;
  }
  // Sides stay within the length and at least half a sample apart.
  for (float& weight : tap.weights) weight /= static_cast<float>(sum);
  return tap;
}

// Not a number, like all that is out of range, ends within [0, length].
double Clamped(double share, int length) {
  return share > 0 ? std::min(share, 1.0) * length : 0;
}

Taps MakeTaps(double from_share, double to_share, int length) {
  const double from = std::min(Clamped(from_share, length), length - 1.0);
  const double to = std::max(Clamped(to_share, length), from + 1);
  const double cell = (to - from) / kSide;
  // Less than a sample would jump from one to the next.
  const double half = std::max(cell * kSpread, 1.0) / 2;
  Taps taps;
  for (int i = 0; i < kSide; ++i) {
    const double middle = from + (i + 0.5) * cell;
    taps[i] = MakeTap(std::max(middle - half, 0.0),
                      std::min<double>(middle + half, length), length);
  }
  return taps;
}

std::array<float, kSide> ShrinkRow(const uint8_t* row, const Taps& taps) {
  std::array<float, kSide> shrunk;
  for (int x = 0; x < kSide; ++x) {
    float sum = 0;
    for (size_t i = 0; i < taps[x].weights.size(); ++i) {
      sum += taps[x].weights[i] * row[taps[x].first + i];
    }
    shrunk[x] = sum;
  }
  return shrunk;
}

}  // namespace

DihedralPdq ComputeRegionPdq(const Plane& luma, const Region& region,
                             LumaRange range) {
  const Taps across = MakeTaps(region.left, region.right, luma.width);
  const Taps down = MakeTaps(region.top, region.bottom, luma.height);
  const int top = down[0].first;
  const int bottom =
      down[kSide - 1].first + static_cast<int>(down[kSide - 1].weights.size());
  std::vector<std::array<float, kSide>> rows;
  rows.reserve(bottom - top);
  for (int y = top; y < bottom; ++y) {
    rows.push_back(ShrinkRow(luma.data + y * luma.stride, across));
  }
  std::array<uint8_t, kSide * kSide> samples;
  for (int y = 0; y < kSide; ++y) {
    std::array<float, kSide> sum{};
    for (size_t i = 0; i < down[y].weights.size(); ++i) {
      const auto& row = rows[down[y].first - top + i];
      for (int x = 0; x < kSide; ++x) sum[x] += down[y].weights[i] * row[x];
    }
    for (int x = 0; x < kSide; ++x) {
      samples[y * kSide + x] = static_cast<uint8_t>(std::lround(sum[x]));
    }
  }
  return ComputeDihedralPdq({samples.data(), kSide, kSide, kSide}, range);
}

}  // namespace lenscap
