#include "fingerprint/windows.h"

#include <bit>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

constexpr PictureSize kSize = {1, 0.75};

TEST(WindowsTest, TheyAreHalfThePictureAQuarterApart) {
  EXPECT_EQ(WindowRegion(0).left, 0);
  EXPECT_EQ(WindowRegion(0).bottom, 0.5);
  EXPECT_EQ(WindowRegion(4).left, 0.25);
  EXPECT_EQ(WindowRegion(4).top, 0.25);
  EXPECT_EQ(WindowRegion(8).right, 1);
  EXPECT_EQ(WindowRegion(8).bottom, 1);
}

TEST(WindowsTest, AWholePictureHoldsThemAll) {
  EXPECT_EQ(WindowsInside(PictureMap(), kSize, kSize), kAllWindows);
  // Small, within another.
  EXPECT_EQ(WindowsInside(ViewOf(0.3, 0.2, 0.1, 0, kSize), kSize, kSize),
            kAllWindows);
}

TEST(WindowsTest, WhateverThirtyPercentAreCutOffOneIsLeft) {
  const double scale = 1 / 0.7;
  for (double left = 0; left <= 0.3; left += 0.01) {
    for (double top = 0; top <= 0.3; top += 0.01) {
      const PictureMap cropped = {.xx = scale,
                                  .xy = 0,
                                  .x0 = -left * scale,
                                  .yx = 0,
                                  .yy = scale,
                                  .y0 = -top * 0.75 * scale};
      EXPECT_NE(WindowsInside(cropped, kSize, kSize), 0) << left << " " << top;
    }
  }
}

TEST(WindowsTest, NoneIsInsideAPictureThatShowsATenth) {
  EXPECT_EQ(WindowsInside(ViewOf(10, 0, 0, 0, kSize), kSize, kSize), 0);
}

TEST(WindowsTest, ACroppedCopyHasTheHashesOfTheWindowsItShows) {
  const Thumbnail scene = Thumbnail::Of(DrawScene(1, 640, 480).plane());
  const WindowHashes whole =
      HashWindows(scene, PictureMap(), kSize, kAllWindows);
  const PictureMap view = ViewOf(1.25, 0.05, 0.08, -0.05, kSize);
  const WindowSet seen = WindowsInside(view, kSize, kSize);
  ASSERT_GE(std::popcount(seen), 1);
  const WindowHashes shown = HashWindows(
      Thumbnail::Of(DrawScene(1, 640, 480, view).plane()), view, kSize, seen);
  for (int w = 0; w < kWindows; ++w) {
    if (seen >> w & 1) {
      EXPECT_LE(HammingDistance(whole[w].hash, shown[w].hash), 24) << w;
      EXPECT_GT(shown[w].quality, 50) << w;
    } else {
      EXPECT_EQ(shown[w].hash, Hash256()) << w;
      EXPECT_EQ(shown[w].quality, 0) << w;
    }
  }
}

}  // namespace
}  // namespace lenscap
