#include "fingerprint/place_line.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace lenscap {
namespace {

constexpr int kReach = 2;  // Positions looked at on either side.
constexpr int kCount = 2 * kReach + 1;

// How much the planes change at each position around one.
using ChangeSums = std::array<int64_t, kCount>;

void AddChanges(const Plane& plane, Direction direction, int position,
                Extent along, ChangeSums& sums) {
  const bool upright = direction == Direction::kUpright;
  const ptrdiff_t across_step = upright ? 1 : plane.stride;
  const ptrdiff_t along_step = upright ? plane.stride : 1;
  for (int i = 0; i < kCount; ++i) {
    const uint8_t* after = plane.data + (position - kReach + i) * across_step +
                           along.from * along_step;
    const uint8_t* before = after - across_step;
    int sum = 0;
    for (ptrdiff_t q = 0; q < along.size(); ++q) {
      sum += std::abs(after[q * along_step] - before[q * along_step]);
    }
    sums[i] += sum;
  }
}

}  // namespace

double PlaceLine(absl::Span<const Plane> planes, Direction direction,
                 int position, Extent along) {
  const Plane& first = planes[0];
  const int positions =
      direction == Direction::kUpright ? first.width : first.height;
  if (position - kReach < 1 || position + kReach > positions - 1) {
    return position;
  }
  ChangeSums sums{};
  for (const Plane& plane : planes) {
    AddChanges(plane, direction, position, along, sums);
  }
  const int64_t usual = *std::min_element(sums.begin(), sums.end());
  int best = 0;
  for (int i = 1; i + 1 < kCount; ++i) {
    if (sums[i] + sums[i + 1] > sums[best] + sums[best + 1]) best = i;
  }
  const double before = static_cast<double>(sums[best] - usual);
  const double after = static_cast<double>(sums[best + 1] - usual);
  if (before + after <= 0) return position;
  return position - kReach + best + after / (before + after);
}

}  // namespace lenscap
