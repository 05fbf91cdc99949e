#include "fingerprint/thumbnail.h"

#include <algorithm>
#include <cmath>

#include "fingerprint/area_average.h"
#include "fingerprint/opencv_view.h"
#include "opencv2/imgproc.hpp"

namespace lenscap {
namespace {

constexpr int kRectifiedSide = 128;

}  // namespace

Thumbnail Thumbnail::Of(const Plane& luma) {
  const double scale =
      static_cast<double>(kLongSide) / std::max(luma.width, luma.height);
  const auto side = [scale](int length) {
    return std::max(1, static_cast<int>(std::lround(length * scale)));
  };
  Thumbnail result(side(luma.width), side(luma.height));
  if (scale <= 1) {
    AverageAreas(luma, result.width_, result.height_, result.row(0));
  } else {
    cv::Mat to = ViewOf(result.plane());
    cv::resize(ViewOf(luma), to, to.size(), 0, 0, cv::INTER_LINEAR);
  }
  return result;
}

Thumbnail Thumbnail::Rectified(const PictureMap& map, PicturePoint corner,
                               PictureSize size) const {
  Thumbnail result(kRectifiedSide, kRectifiedSide);
  const double unit = std::max(width_, height_);
  const double step_x = size.width / kRectifiedSide;
  const double step_y = size.height / kRectifiedSide;
  // From samples of the result to the rectangle, through `map`, to samples of
  // this picture; of either, whole numbers are the middles.
  const cv::Matx33d to_rectangle(step_x, 0, corner.x + step_x / 2,  //
                                 0, step_y, corner.y + step_y / 2,  //
                                 0, 0, 1);
  const cv::Matx33d through(map.xx, map.xy, map.x0,  //
                            map.yx, map.yy, map.y0,  //
                            map.zx, map.zy, 1);
  const cv::Matx33d to_samples(unit, 0, -0.5,  //
                               0, unit, -0.5,  //
                               0, 0, 1);
  cv::Mat to = ViewOf(result.plane());
  cv::warpPerspective(ViewOf(plane()), to, to_samples * through * to_rectangle,
                      to.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                      cv::BORDER_REPLICATE);
  return result;
}

Thumbnail Thumbnail::Mirrored() const {
  Thumbnail result(width_, height_);
  for (int y = 0; y < height_; ++y) {
    const uint8_t* from = samples_.data() + size_t{1} * y * width_;
    std::reverse_copy(from, from + width_, result.row(y));
  }
  return result;
}

PictureSize Thumbnail::size() const {
  const double unit = std::max({width_, height_, 1});
  return {width_ / unit, height_ / unit};
}

}  // namespace lenscap
