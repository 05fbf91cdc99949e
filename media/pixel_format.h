#ifndef LENSCAP_MEDIA_PIXEL_FORMAT_H_
#define LENSCAP_MEDIA_PIXEL_FORMAT_H_

#include "absl/status/statusor.h"
#include "media/ffmpeg_handles.h"
#include "media/frame.h"

namespace lenscap {

// The luma plane of a decoded picture, as coded: neither turned nor scaled.
// Without a copy where FFmpeg has it in 8 bits. From RGB and palettes it is
// 0.299 R + 0.587 G + 0.114 B, to the nearest; alpha is ignored, for what it
// hides on one background shows on another. INVALID_ARGUMENT for a pixel
// format that none of our decoders gives.
struct Luma {
  Plane plane;
  LumaRange range = LumaRange::kFull;
  std::shared_ptr<const void> pixels;  // Keeps `plane` alive.
};
absl::StatusOr<Luma> LumaOf(FrameHandle frame);

// Measured on some of the rows.
Colour ColourOf(const AVFrame& frame);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_PIXEL_FORMAT_H_
