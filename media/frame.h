#ifndef LENSCAP_MEDIA_FRAME_H_
#define LENSCAP_MEDIA_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/time/time.h"

namespace lenscap {

// A view of 8-bit samples, row by row. Row y starts at data + y * stride.
struct Plane {
  const uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  ptrdiff_t stride = 0;  // Bytes, at least `width`.
};

// Which luma values stand for black and white.
enum class LumaRange {
  kFull,     // 0 and 255: images, JPEG video.
  kLimited,  // 16 and 235: most other video.
};

// One decoded picture, upright and with square pixels. Cheap to copy: the
// pixels are shared and never written.
struct Frame {
  absl::Duration time;  // Presentation time from the start of the media.
  Plane luma;
  LumaRange range = LumaRange::kFull;
  // Mean distance of the two chroma samples from grey, 0 (no colour) to 128.
  float saturation = 0;
  std::shared_ptr<const void> pixels;  // Keeps `luma` alive.
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FRAME_H_
