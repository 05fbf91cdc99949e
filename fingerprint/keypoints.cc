#include "fingerprint/keypoints.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "fingerprint/opencv_view.h"
#include "opencv2/features2d.hpp"
#include "opencv2/imgproc.hpp"

namespace lenscap {
namespace {

constexpr int kSmallestSide = 16;
// Detected before the strongest of each cell are chosen.
constexpr int kDetected = 2000;
constexpr int kCellColumns = 8;
constexpr int kCellRows = 6;
// Steps in brightness that make a corner; 256 is from black to white.
constexpr int kFastThreshold = 5;
// Against noise and the blocks of compression, in samples.
constexpr double kBlur = 0.8;
// ORB leaves out a margin of 31 samples: the picture is continued by most of
// it, and what lies nearer than this to the border is still left out.
constexpr int kMargin = 24;
constexpr int kInset = 4;

std::vector<cv::KeyPoint> StrongestOfEachCell(std::vector<cv::KeyPoint> points,
                                              cv::Size size, int max_count) {
  std::array<std::vector<cv::KeyPoint>, kCellRows * kCellColumns> cells;
  std::sort(points.begin(), points.end(),
            [](const cv::KeyPoint& a, const cv::KeyPoint& b) {
              return std::tie(b.response, a.pt.y, a.pt.x, a.octave) <
                     std::tie(a.response, b.pt.y, b.pt.x, b.octave);
            });
  for (const cv::KeyPoint& point : points) {
    const int column = static_cast<int>(point.pt.x) * kCellColumns / size.width;
    const int row = static_cast<int>(point.pt.y) * kCellRows / size.height;
    cells[std::clamp(row, 0, kCellRows - 1) * kCellColumns +
          std::clamp(column, 0, kCellColumns - 1)]
        .push_back(point);
  }
  std::vector<cv::KeyPoint> chosen;
  for (size_t rank = 0; chosen.size() < static_cast<size_t>(max_count);
       ++rank) {
    const size_t before = chosen.size();
    for (const auto& cell : cells) {
      if (rank < cell.size() &&
          chosen.size() < static_cast<size_t>(max_count)) {
        chosen.push_back(cell[rank]);
      }
    }
    if (chosen.size() == before) break;
  }
  return chosen;
}

Hash256 DescriptorOf(const cv::Mat& row) {
  Hash256 descriptor;
  static_assert(sizeof(descriptor.words) == 32);
  std::memcpy(descriptor.words.data(), row.ptr(), sizeof(descriptor.words));
  return descriptor;
}

}  // namespace

std::vector<Keypoint> FindKeypoints(const Thumbnail& picture, int max_count) {
  if (std::min(picture.width(), picture.height()) < kSmallestSide) return {};
  const Plane plane = picture.plane();
  cv::Mat padded;
  cv::copyMakeBorder(ViewOf(plane), padded, kMargin, kMargin, kMargin, kMargin,
                     cv::BORDER_REFLECT_101);
  cv::GaussianBlur(padded, padded, cv::Size(), kBlur);
  const auto orb = cv::ORB::create(kDetected, 1.2f, 8, 31, 0, 2,
                                   cv::ORB::HARRIS_SCORE, 31, kFastThreshold);
  std::vector<cv::KeyPoint> points;
  orb->detect(padded, points);
  std::erase_if(points, [&](const cv::KeyPoint& point) {
    const float x = point.pt.x - kMargin;
    const float y = point.pt.y - kMargin;
    return x < kInset || y < kInset || x > plane.width - kInset ||
           y > plane.height - kInset;
  });
  points = StrongestOfEachCell(std::move(points), padded.size(), max_count);
  cv::Mat descriptors;
  orb->compute(padded, points, descriptors);

  const float unit = std::max(plane.width, plane.height);
  std::vector<Keypoint> keypoints;
  keypoints.reserve(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const cv::KeyPoint& point = points[i];
    keypoints.push_back(
        {.descriptor = DescriptorOf(descriptors.row(static_cast<int>(i))),
         .at = {(point.pt.x - kMargin + 0.5f) / unit,
                (point.pt.y - kMargin + 0.5f) / unit},
         .size = point.size / unit,
         .angle = point.angle * std::numbers::pi_v<float> / 180});
  }
  return keypoints;
}

}  // namespace lenscap
