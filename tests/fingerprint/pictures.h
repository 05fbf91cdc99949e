#ifndef LENSCAP_TESTS_FINGERPRINT_PICTURES_H_
#define LENSCAP_TESTS_FINGERPRINT_PICTURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "media/frame.h"

namespace lenscap {

// A luma plane that owns its samples.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> samples;

  Picture(int w, int h) : width(w), height(h), samples(size_t(w) * h) {}
  uint8_t& at(int x, int y) { return samples[size_t(y) * width + x]; }
  uint8_t at(int x, int y) const { return samples[size_t(y) * width + x]; }
  Plane plane() const { return {samples.data(), width, height, width}; }
};

// Pictures by formula, in integers only, so that they are the same everywhere.
enum class Pattern {
  kFlat,     // One grey.
  kRamp,     // Dark to light, left to right.
  kStripes,  // Upright, 7 wide: periodic, so roundings pile up.
  kChecks,   // 11 by 9, of two near greys.
  kRings,    // Ever finer circles around the top left corner.
  kBlobs,    // Large soft shapes, as in a blurred photograph.
  kNoise,    // No two samples alike.
  kSparks,   // Black, one sample in 50 white.
};
inline constexpr Pattern kPatterns[] = {
    Pattern::kFlat,  Pattern::kRamp,  Pattern::kStripes, Pattern::kChecks,
    Pattern::kRings, Pattern::kBlobs, Pattern::kNoise,   Pattern::kSparks,
};

std::string NameOf(Pattern pattern);
Picture MakePicture(Pattern pattern, int width, int height);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FINGERPRINT_PICTURES_H_
