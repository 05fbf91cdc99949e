#include "fingerprint/scene_key.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace lenscap {
namespace {

constexpr size_t kMaxPictures = 32;
constexpr size_t kMinPictures = 5;
constexpr absl::Duration kMinLength = absl::Seconds(4);
constexpr size_t kMaxScenes = 64;
// The camera stands still while the picture stays within so many bits of the
// scene's first one or, where much moves, most of its samples stay as they are.
constexpr int kMaxDistance = 60;
constexpr int kSameSample = 12;  // Of 256 greys.
constexpr double kMostSamples = 0.6;
constexpr int kEvery = 4;  // Samples that are compared, along either axis.

// Of the same size.
bool MostlyTheSame(const Plane& a, const Plane& b) {
  int same = 0, compared = 0;
  for (int y = 0; y < a.height; y += kEvery) {
    const uint8_t* in_a = a.data + y * a.stride;
    const uint8_t* in_b = b.data + y * b.stride;
    for (int x = 0; x < a.width; x += kEvery, ++compared) {
      same += std::abs(in_a[x] - in_b[x]) <= kSameSample;
    }
  }
  return same >= kMostSamples * compared;
}

// Bisects for the medians of a row of samples, side by side: the largest values
// that half of the pictures at most are below.
Thumbnail MedianOf(const std::vector<Thumbnail>& pictures) {
  static_assert(kMaxPictures <= std::numeric_limits<uint8_t>::max());
  const size_t width = pictures.front().width();
  const uint8_t half = pictures.size() / 2;
  Thumbnail median(pictures.front().width(), pictures.front().height());
  std::vector<uint8_t> raised(width), below(width);
  for (int y = 0; y < median.height(); ++y) {
    uint8_t* const row = median.row(y);  // All 0 so far.
    for (int bit = 128; bit > 0; bit /= 2) {
      for (size_t x = 0; x < width; ++x) raised[x] = row[x] | bit;
      std::fill(below.begin(), below.end(), 0);
      for (const Thumbnail& picture : pictures) {
        const uint8_t* const samples = picture.plane().data + y * width;
        for (size_t x = 0; x < width; ++x) below[x] += samples[x] < raised[x];
      }
      for (size_t x = 0; x < width; ++x) {
        row[x] = below[x] <= half ? raised[x] : row[x];
      }
    }
  }
  return median;
}

}  // namespace

void SceneKeyFinder::Add(absl::Duration time, const Hash256& hash,
                         const Thumbnail& picture) {
  const bool continues =
      !pictures_.empty() && picture.width() == pictures_.front().width() &&
      picture.height() == pictures_.front().height() &&
      (HammingDistance(hash, first_) <= kMaxDistance ||
       MostlyTheSame(picture.plane(), pictures_.front().plane()));
  if (!continues) {
    EndScene();
    first_ = hash;
    start_ = time;
  }
  end_ = time;
  if (seen_++ % every_ != 0) return;
  pictures_.push_back(picture);
  if (pictures_.size() < kMaxPictures) return;
  for (size_t i = 1; 2 * i < kMaxPictures; ++i) {
    pictures_[i] = std::move(pictures_[2 * i]);
  }
  pictures_.resize(kMaxPictures / 2);
  every_ *= 2;
}

void SceneKeyFinder::EndScene() {
  if (pictures_.size() >= kMinPictures && end_ - start_ >= kMinLength &&
      scenes_.size() < kMaxScenes) {
    scenes_.push_back({.pdq = ComputeDihedralPdq(MedianOf(pictures_).plane(),
                                                 LumaRange::kLimited),
                       .start = start_,
                       .end = end_});
  }
  pictures_.clear();
  every_ = 1;
  seen_ = 0;
}

std::vector<SceneKey> SceneKeyFinder::Finish() {
  EndScene();
  return std::move(scenes_);
}

}  // namespace lenscap
