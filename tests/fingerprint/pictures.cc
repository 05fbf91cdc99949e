#include "tests/fingerprint/pictures.h"

#include <cstdlib>

namespace lenscap {
namespace {

// A well-mixed 32 bits of the coordinates.
uint32_t Mix(uint32_t x, uint32_t y) {
  uint32_t h = x * 0x9e3779b1u ^ (y + 0x7f4a7c15u) * 0x85ebca77u;
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return h ^ (h >> 15);
}

// A parabola's hump of `side` samples, over and over, 0 to 255.
int Hump(int x, int side) {
  const int64_t t = x % side;
  return static_cast<int>(t * (side - t) * 4 * 255 / (int64_t{side} * side));
}

int Sample(Pattern pattern, int x, int y, int width, int height) {
  switch (pattern) {
    case Pattern::kFlat:
      return 93;
    case Pattern::kRamp:
      return x * 255 / width;
    case Pattern::kStripes:
      return x / 7 % 2 == 0 ? 38 : 221;
    case Pattern::kChecks:
      return (x / 11 + y / 9) % 2 == 0 ? 178 : 190;
    case Pattern::kRings:
      return (x * x + y * y) / (width + height) % 256;
    case Pattern::kBlobs:
      return (Hump(x, width / 2 + 1) + 2 * Hump(y + x / 3, height / 3 + 1) +
              Hump(2 * y + 3 * x, width + 1)) /
             4;
    case Pattern::kNoise:
      return Mix(x, y) & 255;
    case Pattern::kSparks:
      return Mix(x, y) % 50 == 0 ? 255 : 0;
  }
  std::abort();
}

}  // namespace

std::string NameOf(Pattern pattern) {
  static constexpr const char* kNames[] = {
      "Flat", "Ramp", "Stripes", "Checks", "Rings", "Blobs", "Noise", "Sparks"};
  return kNames[static_cast<int>(pattern)];
}

Picture MakePicture(Pattern pattern, int width, int height) {
  Picture picture(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.at(x, y) =
          static_cast<uint8_t>(Sample(pattern, x, y, width, height));
    }
  }
  return picture;
}

}  // namespace lenscap
