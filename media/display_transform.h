#ifndef LENSCAP_MEDIA_DISPLAY_TRANSFORM_H_
#define LENSCAP_MEDIA_DISPLAY_TRANSFORM_H_

#include <cstdint>

#include "absl/types/span.h"
#include "media/frame.h"
#include "media/plane_buffer.h"

namespace lenscap {

// One of the eight ways to lay a picture on a grid: first transposed (rows
// become columns), then flipped left to right and top to bottom.
struct DisplayTransform {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;

  bool upright() const { return !transpose && !flip_x && !flip_y; }
  friend bool operator==(const DisplayTransform&,
                         const DisplayTransform&) = default;
};

// How a picture is to be shown according to the nine values of a display
// matrix (ISO/IEC 14496-12, 6.2.2; libavutil/display.h). What is no multiple
// of a right angle counts as the nearest one.
DisplayTransform DisplayTransformOf(absl::Span<const int32_t> matrix);

// A copy of `plane`, laid so.
PlaneBuffer Transformed(const Plane& plane, DisplayTransform display);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DISPLAY_TRANSFORM_H_
