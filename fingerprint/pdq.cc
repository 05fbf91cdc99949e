#include "fingerprint/pdq.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "fingerprint/cpu_dispatch.h"
#include "fingerprint/luma_grid.h"
#include "fingerprint/spectrum.h"

namespace lenscap {
namespace {

constexpr int kSmallestSide = 5;  // Anything smaller has the hash of nothing.

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

int QualityOf(int gradient_sum) { return std::min(100, gradient_sum / 90); }

// Counts the steps from a[k] to b[k] in whole percents of the way from black to
// white, rounded down after taking `margin` off or adding it.
struct Steps {
  int least = 0;
  int most = 0;
};
DISPATCH_SIMD(Steps, CountSteps,
              (const float* a, const float* b, int n, float white,
               float margin),
              (a, b, n, white, margin)) {
  Steps steps;
  for (int k = 0; k < n; ++k) {
    const float gradient = std::fabs((a[k] - b[k]) * 100 / white);
    const float least = gradient - margin;
    steps.least += static_cast<int>(least < 0 ? 0 : least);
    steps.most += static_cast<int>(gradient + margin);
  }
  return steps;
}

// How much there is to see: the sum of the steps between neighbours. Nothing
// where `margin` leaves open which it is.
std::optional<int> MeasureQuality(const LumaGrid& grid, LumaRange range,
                                  float margin) {
  const float white = range == LumaRange::kFull ? 255 : 235 - 16;
  Steps total;
  const auto add = [&](const float* a, const float* b, int n) {
    const Steps steps = CountSteps(a, b, n, white, margin);
    total.least += steps.least;
    total.most += steps.most;
  };
  for (int i = 0; i + 1 < kGridSide; ++i) {
    add(grid[i].data(), grid[i + 1].data(), kGridSide);
  }
  for (const auto& row : grid) add(&row[0], &row[1], kGridSide - 1);
  if (QualityOf(total.least) != QualityOf(total.most)) return std::nullopt;
  return QualityOf(total.least);
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
