#include "fingerprint/region.h"

#include <algorithm>
#include <cmath>

namespace lenscap {
namespace {

struct Range {
  int first;
  int count;  // At least 1.
};

// Not a number, like all that is out of range, ends within [0, length].
int RoundedShare(double share, int length) {
  if (!(share > 0)) return 0;
  return static_cast<int>(std::lround(std::min(share, 1.0) * length));
}

Range RangeOf(double from, double to, int length) {
  const int first = std::min(RoundedShare(from, length), length - 1);
  return {first, std::max(RoundedShare(to, length) - first, 1)};
}

}  // namespace

double Overlap(const Region& a, const Region& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (!(width > 0 && height > 0)) return 0;
  const double both = width * height;
  return both / (a.width() * a.height() + b.width() * b.height() - both);
}

Plane SubPlane(const Plane& plane, const Region& region) {
  if (plane.width < 1 || plane.height < 1) return plane;
  const Range columns = RangeOf(region.left, region.right, plane.width);
  const Range rows = RangeOf(region.top, region.bottom, plane.height);
  return {.data = plane.data + rows.first * plane.stride + columns.first,
          .width = columns.count,
          .height = rows.count,
          .stride = plane.stride};
}

}  // namespace lenscap
