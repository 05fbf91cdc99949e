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

// How much colour a picture has. A chroma sample is grey at 128, of 0 to 255.
struct Colour {
  float saturation = 0;  // Mean distance of the samples from grey, 0 to 128.
  // How far three quarters of the samples are from their median at most, 0 to
  // 255: near 0 where most of the picture has one tint, as night vision may
  // have, whatever is written on it in colour.
  float variety = 0;
};

// One decoded picture, upright and with square pixels. Cheap to copy: the
// pixels are shared and never written.
struct Frame {
  absl::Duration time;  // Presentation time from the start of the media.
  Plane luma;
  LumaRange range = LumaRange::kFull;
  Colour colour;
  std::shared_ptr<const void> pixels;  // Keeps `luma` alive.
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FRAME_H_
