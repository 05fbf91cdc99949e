#ifndef LENSCAP_FINGERPRINT_OPENCV_VIEW_H_
#define LENSCAP_FINGERPRINT_OPENCV_VIEW_H_

#include "media/frame.h"
#include "opencv2/core.hpp"

namespace lenscap {

// The samples of a plane as OpenCV's type, which shares them. OpenCV computes
// on the caller's thread: whoever wants more threads has more pictures.
inline cv::Mat ViewOf(const Plane& plane) {
  static const bool one_thread = [] {
    cv::setNumThreads(1);
    return true;
  }();
  static_cast<void>(one_thread);
  return {plane.height, plane.width, CV_8UC1, const_cast<uint8_t*>(plane.data),
          static_cast<size_t>(plane.stride)};
}

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_OPENCV_VIEW_H_
