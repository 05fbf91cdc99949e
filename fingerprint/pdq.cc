#include "fingerprint/pdq.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/luma_grid.h"

namespace lenscap {
namespace {

constexpr int kSmallestSide = 5;  // Anything smaller has the hash of nothing.
constexpr int kHashSide = 16;
using Spectrum = std::array<std::array<float, kHashSide>, kHashSide>;

// How far a result must be from tipping over before the quick way to it can be
// trusted. The quick grid differs from the reference's by the roundings of the
// latter, which moves a coefficient by 0.0001 as a rule, by 0.003 at most in
// real footage, and a gradient by less than half of that.
struct Margins {
  float coefficient;
  float gradient;
};
constexpr Margins kQuick = {.coefficient = 0.01f, .gradient = 0.001f};
constexpr Margins kExact = {.coefficient = 0, .gradient = 0};

// The first frequencies but the constant one of the discrete cosine transform
// over 64 samples.
using Cosines = std::array<std::array<float, kGridSide>, kHashSide>;
Cosines MakeCosines() {
  const float scale = std::sqrt(2.0 / kGridSide);
  Cosines cosines;
  for (int i = 0; i < kHashSide; ++i) {
    for (int j = 0; j < kGridSide; ++j) {
      cosines[i][j] = scale * std::cos(std::numbers::pi / 2.0 / kGridSide *
                                       (i + 1) * (2 * j + 1));
    }
  }
  return cosines;
}

// The transform of the columns, then of the rows. Each result is summed up in
// the order of the samples, as the reference does it.
DISPATCH_AVX2(void, Transform,
              (const LumaGrid& grid, const Cosines& cosines,
               Spectrum& spectrum),
              (grid, cosines, spectrum)) {
  for (int i = 0; i < kHashSide; ++i) {
    std::array<float, kGridSide> row = {};
    for (int k = 0; k < kGridSide; ++k) {
      for (int j = 0; j < kGridSide; ++j) row[j] += cosines[i][k] * grid[k][j];
    }
    for (int j = 0; j < kHashSide; ++j) spectrum[i][j] = 0;
    for (int k = 0; k < kGridSide; ++k) {
      for (int j = 0; j < kHashSide; ++j) {
        spectrum[i][j] += row[k] * cosines[j][k];
      }
    }
  }
}

Spectrum TransformOf(const LumaGrid& grid) {
  static const Cosines cosines = MakeCosines();
  Spectrum spectrum;
  Transform(grid, cosines, spectrum);
  return spectrum;
}

int QualityOf(int gradient_sum) { return std::min(100, gradient_sum / 90); }

// How much there is to see: the sum of the steps between neighbours, in whole
// percents of the way from black to white. Nothing where `margin` leaves open
// which it is.
std::optional<int> MeasureQuality(const LumaGrid& grid, LumaRange range,
                                  float margin) {
  const float white = range == LumaRange::kFull ? 255 : 235 - 16;
  int least = 0;
  int most = 0;
  const auto add = [&](float a, float b) {
    const float gradient = std::fabs((a - b) * 100 / white);
    least += static_cast<int>(std::max(gradient - margin, 0.0f));
    most += static_cast<int>(gradient + margin);
  };
  for (int i = 0; i + 1 < kGridSide; ++i) {
    for (int j = 0; j < kGridSide; ++j) add(grid[i][j], grid[i + 1][j]);
  }
  for (int i = 0; i < kGridSide; ++i) {
    for (int j = 0; j + 1 < kGridSide; ++j) add(grid[i][j], grid[i][j + 1]);
  }
  if (QualityOf(least) != QualityOf(most)) return std::nullopt;
  return QualityOf(least);
}

// A bit for each coefficient above the median, which is the 128th of 256.
// Nothing where the next one is not `margin` above it.
std::optional<Hash256> Threshold(const Spectrum& spectrum, float margin) {
  std::array<float, kHashSide * kHashSide> values;
  for (int i = 0; i < kHashSide; ++i) {
    std::copy(spectrum[i].begin(), spectrum[i].end(), &values[i * kHashSide]);
  }
  const auto middle = values.begin() + values.size() / 2 - 1;
  std::nth_element(values.begin(), middle, values.end());
  const float median = *middle;
  if (*std::min_element(middle + 1, values.end()) - median < margin) {
    return std::nullopt;
  }
  Hash256 hash;
  for (int k = 0; k < kHashSide * kHashSide; ++k) {
    const uint64_t bit = spectrum[k / kHashSide][k % kHashSide] > median;
    hash.words[k / 64] |= bit << (k % 64);
  }
  return hash;
}

// The spectrum of the picture turned over. Reversing an axis negates its odd
// frequencies, which have the even indexes as there is no constant one.
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

Hash256 Transposed(const Hash256& hash) {
  Hash256 result;
  for (int k = 0; k < kHashSide * kHashSide; ++k) {
    const int from = k % kHashSide * kHashSide + k / kHashSide;
    result.words[k / 64] |= (hash.words[from / 64] >> (from % 64) & 1)
                            << (k % 64);
  }
  return result;
}

std::optional<Pdq> Settle(const LumaGrid& grid, LumaRange range,
                          const Margins& margins) {
  const auto quality = MeasureQuality(grid, range, margins.gradient);
  const auto hash = Threshold(TransformOf(grid), margins.coefficient);
  if (!quality || !hash) return std::nullopt;
  return Pdq{.hash = *hash, .quality = *quality};
}

std::optional<DihedralPdq> SettleDihedral(const LumaGrid& grid, LumaRange range,
                                          const Margins& margins) {
  const auto quality = MeasureQuality(grid, range, margins.gradient);
  if (!quality) return std::nullopt;
  const Spectrum spectrum = TransformOf(grid);
  DihedralPdq result;
  result.quality = *quality;
  // Each way to turn the axes, without and with exchanging them afterwards.
  struct Turn {
    bool rows, columns;
    Orientation straight, transposed;
  };
  constexpr Turn kTurns[] = {
      {false, false, Orientation::kUpright, Orientation::kTransposed},
      {true, false, Orientation::kFlipped, Orientation::kRotated270},
      {false, true, Orientation::kMirrored, Orientation::kRotated90},
      {true, true, Orientation::kRotated180, Orientation::kTransversed},
  };
  for (const Turn& turn : kTurns) {
    const auto hash = Threshold(Reversed(spectrum, turn.rows, turn.columns),
                                margins.coefficient);
    if (!hash) return std::nullopt;
    result.hashes[static_cast<int>(turn.straight)] = *hash;
    result.hashes[static_cast<int>(turn.transposed)] = Transposed(*hash);
  }
  return result;
}

// The quick way where it settles the result, else the reference's own.
template <auto settle>
auto Compute(const Plane& luma, LumaRange range) {
  using Result =
      typename decltype(settle(LumaGrid(), range, kExact))::value_type;
  if (luma.width < kSmallestSide || luma.height < kSmallestSide) {
    return Result();
  }
  const bool exact = QuickGridIsExact(luma);
  if (auto quick = settle(ShrinkToGrid(luma), range, exact ? kExact : kQuick)) {
    return *quick;
  }
  return *settle(ReplayToGrid(luma), range, kExact);
}

}  // namespace

Pdq ComputePdq(const Plane& luma, LumaRange range) {
  return Compute<Settle>(luma, range);
}

DihedralPdq ComputeDihedralPdq(const Plane& luma, LumaRange range) {
  return Compute<SettleDihedral>(luma, range);
}

}  // namespace lenscap
