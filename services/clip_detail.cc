#include "services/clip_detail.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fingerprint/keypoints.h"
#include "fingerprint/thumbnail.h"
#include "fingerprint/windows.h"

namespace lenscap {
namespace {

// Keypoints are looked for again at most so often, and only in a picture that
// differs by more than so many bits from the last one they were looked for in.
constexpr absl::Duration kKeyInterval = absl::Seconds(2);
constexpr int kKeyDistance = 12;
constexpr int kKeypointsPerPicture = 200;
// A detail that was there before in the same place is not kept again.
constexpr double kSamePlace = 0.01;
constexpr int kSameDescriptor = 24;

bool IsSame(const Keypoint& a, const Keypoint& b) {
  return std::abs(a.at.x - b.at.x) <= kSamePlace &&
         std::abs(a.at.y - b.at.y) <= kSamePlace &&
         HammingDistance(a.descriptor, b.descriptor) <= kSameDescriptor;
}

}  // namespace

void ClipDetailCollector::Add(const Frame& frame,
                              const FrameFingerprint& fingerprint) {
  const Thumbnail picture = Thumbnail::Of(frame.luma);
  detail_.size = picture.size();
  scenes_.Add(frame.time, fingerprint.hash(), picture);
  AddWindows(frame.time, picture);
  if (IsKeyFrame(fingerprint)) AddKeypoints(fingerprint, picture);
}

void ClipDetailCollector::AddWindows(absl::Duration time,
                                     const Thumbnail& picture) {
  windows_.Add({.time = time,
                .windows = HashWindows(picture, PictureMap(), picture.size(),
                                       kAllWindows)});
}

bool ClipDetailCollector::IsKeyFrame(
    const FrameFingerprint& fingerprint) const {
  return last_key_.empty() ||
         (fingerprint.time - last_key_[0].time >= kKeyInterval &&
          HammingDistance(fingerprint.hash(), last_key_[0].hash()) >
              kKeyDistance);
}

void ClipDetailCollector::AddKeypoints(const FrameFingerprint& fingerprint,
                                       const Thumbnail& picture) {
  last_key_ = {fingerprint};
  std::vector<Keypoint> found = FindKeypoints(picture, kKeypointsPerPicture);
  for (const Keypoint& keypoint : found) {
    const bool known = std::any_of(
        of_last_key_.begin(), of_last_key_.end(),
        [&](const Keypoint& before) { return IsSame(keypoint, before); });
    if (!known && detail_.keypoints.size() < size_t{kMaxClipKeypoints}) {
      detail_.keypoints.push_back(keypoint);
    }
  }
  of_last_key_ = std::move(found);
}

ClipDetail ClipDetailCollector::Finish() {
  detail_.windows = windows_.Finish();
  for (const SceneKey& scene : scenes_.Finish()) {
    detail_.scenes.push_back({.hash = scene.pdq.hashes[0],
                              .quality = scene.pdq.quality,
                              .span = {scene.start, scene.end}});
  }
  return std::move(detail_);
}

}  // namespace lenscap
