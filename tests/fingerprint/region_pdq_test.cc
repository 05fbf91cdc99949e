#include "fingerprint/region_pdq.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

constexpr LumaRange kRange = LumaRange::kFull;

// `picture` in the rectangle from (left, top) to (right, bottom) of a larger
// one; its samples and those around it share the samples between them.
Picture Placed(const Picture& picture, double left, double top, double right,
               double bottom, int width, int height) {
  constexpr int kFine = 8;  // Points each way in a sample.
  Picture placed(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int sum = 0;
      for (int i = 0; i < kFine * kFine; ++i) {
        const double u = (x + (i % kFine + 0.5) / kFine - left) /
                         (right - left) * picture.width;
        const double v = (y + (i / kFine + 0.5) / kFine - top) /
                         (bottom - top) * picture.height;
        const bool inside =
            u >= 0 && u < picture.width && v >= 0 && v < picture.height;
        sum +=
            inside ? picture.at(static_cast<int>(u), static_cast<int>(v)) : 200;
      }
      placed.at(x, y) = static_cast<uint8_t>(sum / (kFine * kFine));
    }
  }
  return placed;
}

// Shapes of many sizes, each in another grey.
Picture MakeScene(int seed) {
  Picture picture(640, 360);
  uint32_t random = static_cast<uint32_t>(seed);
  const auto next = [&](int most) {
    random = random * 1664525u + 1013904223u;
    return static_cast<int>((random >> 8) % static_cast<uint32_t>(most));
  };
  for (int i = 0; i < 300; ++i) {
    const int width = 10 + next(160), height = 10 + next(120);
    const int left = next(640) - 40, top = next(360) - 40, grey = next(256);
    for (int y = std::max(top, 0); y < std::min(top + height, 360); ++y) {
      for (int x = std::max(left, 0); x < std::min(left + width, 640); ++x) {
        picture.at(x, y) = static_cast<uint8_t>(grey);
      }
    }
  }
  return picture;
}

TEST(RegionPdqTest, APictureOfPdqsOwnSizeIsHashedAsItIs) {
  const Picture scene = MakeScene(1);
  const Picture around =
      Placed(scene, 0, 0, 192, 128, 192, 128);  // Cut at whole samples.
  const Region region = {64 / 192.0, 32 / 128.0, 128 / 192.0, 96 / 128.0};
  const DihedralPdq pdq = ComputeRegionPdq(around.plane(), region, kRange);
  const DihedralPdq wanted =
      ComputeDihedralPdq(SubPlane(around.plane(), region), kRange);
  EXPECT_EQ(pdq.hashes, wanted.hashes);
  EXPECT_EQ(pdq.quality, wanted.quality);
}

TEST(RegionPdqTest, ASmallPictureBetweenSamplesHasTheHashOfTheLargeOne) {
  struct Case {
    double left, top, width, height;
  };
  for (const Case& c : {Case{3.5, 4.5, 64, 54},
                        {127.5, 54.25, 63.5, 54.25},
                        {7.7, 102.3, 192, 108},
                        {110.4, 3.6, 268.8, 151.2}}) {
    for (int seed = 1; seed <= 4; ++seed) {
      const Picture scene = MakeScene(seed);
      const Picture placed = Placed(scene, c.left, c.top, c.left + c.width,
                                    c.top + c.height, 384, 216);
      const Region region = {c.left / 384, c.top / 216,
                             (c.left + c.width) / 384,
                             (c.top + c.height) / 216};
      const Hash256 wanted = ComputePdq(scene.plane(), kRange).hash;
      const int distance = HammingDistance(
          ComputeRegionPdq(placed.plane(), region, kRange).hashes[0], wanted);
      const int cut = HammingDistance(
          ComputePdq(SubPlane(placed.plane(), region), kRange).hash, wanted);
      EXPECT_LE(distance, 14) << c.left << " seed " << seed;
      EXPECT_LE(distance, cut) << c.left << " seed " << seed;
    }
  }
}

TEST(RegionPdqTest, ALargePictureHasNearlyTheHashThatPdqGivesIt) {
  for (int seed = 1; seed <= 8; ++seed) {
    const Picture scene = MakeScene(seed);
    EXPECT_LE(
        HammingDistance(ComputeRegionPdq(scene.plane(), {}, kRange).hashes[0],
                        ComputePdq(scene.plane(), kRange).hash),
        8)
        << seed;
  }
}

TEST(RegionPdqTest, AnyRegionOfAnyPlaneIsHashed) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  for (const int width : {1, 2, 5, 63, 64, 200}) {
    for (const int height : {1, 3, 64, 65}) {
      const Picture flat = MakePicture(Pattern::kFlat, width, height);
      const Picture noise = MakePicture(Pattern::kNoise, width, height);
      for (const Region& region :
           {Region{}, Region{0.5, 0.5, 0.5, 0.5}, Region{1, 1, 1, 1},
            Region{0.9, 0.8, 0.1, 0.2}, Region{-3, -1e300, 7, 1e300},
            Region{nan, nan, nan, nan}, Region{-infinity, 0, infinity, nan}}) {
        EXPECT_EQ(ComputeRegionPdq(flat.plane(), region, kRange).quality, 0);
        const int quality =
            ComputeRegionPdq(noise.plane(), region, kRange).quality;
        EXPECT_GE(quality, 0);
        EXPECT_LE(quality, 100);
      }
    }
  }
}

}  // namespace
}  // namespace lenscap
