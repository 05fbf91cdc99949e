#ifndef LENSCAP_MEDIA_FRAME_CONVERTER_H_
#define LENSCAP_MEDIA_FRAME_CONVERTER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/display_transform.h"
#include "media/ffmpeg_handles.h"
#include "media/frame.h"
#include "media/pixel_format.h"

namespace lenscap {

struct PixelSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

// The size with square pixels of a picture whose pixels are `aspect` times as
// wide as high: wider or higher than it was coded, or, where that would exceed
// `max_pixels`, less high or wide. An aspect that is unknown, or beyond 1:8 or
// 8:1, counts as square.
PixelSize SquarePixels(PixelSize coded, AVRational aspect, int64_t max_pixels);

// Makes upright Frames with square pixels from the decoded pictures of a
// stream. Not thread-safe.
class FrameConverter {
 public:
  // `stream` must outlive this.
  FrameConverter(AVStream& stream, int64_t max_pixels);

  // The size of the frames as the container declares it; zeros if it does not.
  PixelSize declared_size() const;

  // INVALID_ARGUMENT for an unknown pixel format.
  absl::StatusOr<Frame> Convert(FrameHandle picture, absl::Duration time);

 private:
  absl::StatusOr<Luma> Scale(Luma luma, PixelSize size);

  AVStream& stream_;
  const int64_t max_pixels_;
  DisplayTransform display_;  // Of pictures that have none of their own.
  SwsHandle scaler_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FRAME_CONVERTER_H_
