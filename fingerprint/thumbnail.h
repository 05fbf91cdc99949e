#ifndef LENSCAP_FINGERPRINT_THUMBNAIL_H_
#define LENSCAP_FINGERPRINT_THUMBNAIL_H_

#include <cstdint>
#include <vector>

#include "fingerprint/picture_map.h"
#include "media/frame.h"

namespace lenscap {

// A small luma plane that owns its samples: what is kept of a frame while its
// details are looked at. Movable and copyable.
class Thumbnail {
 public:
  // The longer side of one that was made from a frame, in samples.
  static constexpr int kLongSide = 384;

  Thumbnail() = default;
  Thumbnail(int width, int height)
      : width_(width), height_(height), samples_(size_t{1} * width * height) {}

  // The picture scaled to kLongSide, each sample the mean of the area that it
  // covers. The plane must be at least 1x1.
  static Thumbnail Of(const Plane& luma);

  // What `map` shows of this picture in place of the rectangle from `corner` of
  // size `size` of another one, on 128x128 samples. Beyond the border it is
  // continued. This picture must be at least 1x1.
  Thumbnail Rectified(const PictureMap& map, PicturePoint corner,
                      PictureSize size) const;

  Thumbnail Mirrored() const;

  int width() const { return width_; }
  int height() const { return height_; }
  PictureSize size() const;
  Plane plane() const { return {samples_.data(), width_, height_, width_}; }
  uint8_t* row(int y) { return samples_.data() + size_t{1} * y * width_; }

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<uint8_t> samples_;
};

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_THUMBNAIL_H_
