#include "media/display_transform.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace lenscap {
namespace {

// The side of the square tiles in which a plane is transposed, so that rows
// and columns both stay in the cache.
constexpr int kTile = 32;

// Rows of `plane` become columns of `to`.
void Transpose(const Plane& plane, PlaneBuffer& to) {
  for (int y0 = 0; y0 < to.height(); y0 += kTile) {
    const int y1 = std::min(y0 + kTile, to.height());
    for (int x0 = 0; x0 < to.width(); x0 += kTile) {
      const int x1 = std::min(x0 + kTile, to.width());
      for (int y = y0; y < y1; ++y) {
        uint8_t* const row = to.row(y);
        for (int x = x0; x < x1; ++x) {
          row[x] = plane.data[x * plane.stride + y];
        }
      }
    }
  }
}

void FlipRows(PlaneBuffer& buffer) {
  for (int y = 0; y < buffer.height(); ++y) {
    std::reverse(buffer.row(y), buffer.row(y) + buffer.width());
  }
}

void SwapRows(PlaneBuffer& buffer) {
  for (int y = 0; y < buffer.height() / 2; ++y) {
    uint8_t* const upper = buffer.row(y);
    uint8_t* const lower = buffer.row(buffer.height() - 1 - y);
    std::swap_ranges(upper, upper + buffer.width(), lower);
  }
}

}  // namespace

DisplayTransform DisplayTransformOf(absl::Span<const int32_t> matrix) {
  // x' = a x + c y and y' = b x + d y.
  const int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) {
    return {.transpose = false, .flip_x = a < 0, .flip_y = d < 0};
  }
  return {.transpose = true, .flip_x = c < 0, .flip_y = b < 0};
}

PlaneBuffer Transformed(const Plane& plane, DisplayTransform display) {
  PlaneBuffer result = display.transpose
                           ? PlaneBuffer(plane.height, plane.width)
                           : PlaneBuffer(plane.width, plane.height);
  if (display.transpose) {
    Transpose(plane, result);
  } else {
    for (int y = 0; y < plane.height; ++y) {
      std::memcpy(result.row(y), plane.data + y * plane.stride, plane.width);
    }
  }
  if (display.flip_x) FlipRows(result);
  if (display.flip_y) SwapRows(result);
  return result;
}

}  // namespace lenscap
