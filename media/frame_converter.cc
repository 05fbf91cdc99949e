#include "media/frame_converter.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/status_macros.h"
#include "media/plane_buffer.h"

namespace lenscap {
namespace {

constexpr double kMaxAspect = 8;

// The transform in nine values of side data, which need not be aligned.
DisplayTransform ReadDisplayTransform(const uint8_t* data, size_t size) {
  int32_t matrix[9];
  if (data == nullptr || size < sizeof(matrix)) return {};
  std::memcpy(matrix, data, sizeof(matrix));
  return DisplayTransformOf(matrix);
}

int Rounded(double side) {
  return std::max(1, static_cast<int>(std::lround(side)));
}

}  // namespace

PixelSize SquarePixels(PixelSize coded, AVRational aspect, int64_t max_pixels) {
  if (aspect.num <= 0 || aspect.den <= 0) return coded;
  const double ratio = av_q2d(aspect);
  if (ratio > kMaxAspect || ratio < 1 / kMaxAspect) return coded;
  const double wide = std::max(1.0, ratio);
  const double high = std::max(1.0, 1 / ratio);
  const PixelSize grown = {Rounded(coded.width * wide),
                           Rounded(coded.height * high)};
  if (int64_t{grown.width} * grown.height <= max_pixels) return grown;
  return {Rounded(coded.width / high), Rounded(coded.height / wide)};
}

FrameConverter::FrameConverter(AVStream& stream, int64_t max_pixels)
    : stream_(stream), max_pixels_(max_pixels) {
  size_t size = 0;
  const uint8_t* const matrix =
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  display_ = ReadDisplayTransform(matrix, size);
}

PixelSize FrameConverter::declared_size() const {
  const AVCodecParameters& coded = *stream_.codecpar;
  if (coded.width <= 0 || coded.height <= 0) return {};
  const PixelSize size = SquarePixels(
      {coded.width, coded.height},
      av_guess_sample_aspect_ratio(nullptr, &stream_, nullptr), max_pixels_);
  return display_.transpose ? PixelSize{size.height, size.width} : size;
}

absl::StatusOr<Frame> FrameConverter::Convert(FrameHandle picture,
                                              absl::Duration time) {
  Frame frame;
  frame.time = time;
  frame.colour = ColourOf(*picture);
  const AVFrameSideData* const side =
      av_frame_get_side_data(picture.get(), AV_FRAME_DATA_DISPLAYMATRIX);
  const DisplayTransform display =
      side != nullptr ? ReadDisplayTransform(side->data, side->size) : display_;
  const PixelSize size = SquarePixels(
      {picture->width, picture->height},
      av_guess_sample_aspect_ratio(nullptr, &stream_, picture.get()),
      max_pixels_);

  ASSIGN_OR_RETURN(Luma luma, LumaOf(std::move(picture)));
  ASSIGN_OR_RETURN(luma, Scale(std::move(luma), size));
  if (!display.upright()) {
    const PlaneBuffer upright = Transformed(luma.plane, display);
    luma.plane = upright.plane();
    luma.pixels = upright.pixels();
  }
  frame.luma = luma.plane;
  frame.range = luma.range;
  frame.pixels = std::move(luma.pixels);
  return frame;
}

absl::StatusOr<Luma> FrameConverter::Scale(Luma luma, PixelSize size) {
  const Plane& from = luma.plane;
  if (size == PixelSize{from.width, from.height}) return luma;
  scaler_.reset(sws_getCachedContext(
      scaler_.release(), from.width, from.height, AV_PIX_FMT_GRAY8, size.width,
      size.height, AV_PIX_FMT_GRAY8, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (scaler_ == nullptr) {
    return absl::InvalidArgumentError("cannot make the pixels square");
  }
  PlaneBuffer scaled(size.width, size.height);
  const uint8_t* const source[4] = {from.data};
  const int source_stride[4] = {static_cast<int>(from.stride)};
  uint8_t* const target[4] = {scaled.row(0)};
  const int target_stride[4] = {static_cast<int>(scaled.stride())};
  sws_scale(scaler_.get(), source, source_stride, 0, from.height, target,
            target_stride);
  return Luma{scaled.plane(), luma.range, scaled.pixels()};
}

}  // namespace lenscap
