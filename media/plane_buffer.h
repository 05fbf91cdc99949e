#ifndef LENSCAP_MEDIA_PLANE_BUFFER_H_
#define LENSCAP_MEDIA_PLANE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "media/frame.h"

namespace lenscap {

// A plane of our own to write into. Rows start 64 bytes apart or a multiple of
// that, and 64 bytes follow the last one: SIMD code reads and writes past ends.
class PlaneBuffer {
 public:
  PlaneBuffer(int width, int height)
      : width_(width),
        height_(height),
        stride_((static_cast<ptrdiff_t>(width) + 63) / 64 * 64),
        bytes_(new uint8_t[stride_ * height + 64]()) {}

  uint8_t* row(int y) { return bytes_.get() + y * stride_; }
  int width() const { return width_; }
  int height() const { return height_; }
  ptrdiff_t stride() const { return stride_; }

  Plane plane() const { return {bytes_.get(), width_, height_, stride_}; }
  // Keeps the bytes alive.
  std::shared_ptr<const void> pixels() const { return bytes_; }

 private:
  int width_;
  int height_;
  ptrdiff_t stride_;
  std::shared_ptr<uint8_t[]> bytes_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_PLANE_BUFFER_H_
