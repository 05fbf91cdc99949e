#include "fingerprint/thumbnail.h"

#include <cmath>
#include <cstdlib>

#include "fingerprint/pdq.h"
#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

double MeanDifference(const Plane& a, const Plane& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  int64_t sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      sum += std::abs(a.data[y * a.stride + x] - b.data[y * b.stride + x]);
    }
  }
  return static_cast<double>(sum) / a.width / a.height;
}

TEST(ThumbnailTest, TheLongerSideIsAlwaysTheSame) {
  const Thumbnail wide = Thumbnail::Of(DrawScene(1, 1280, 720).plane());
  EXPECT_EQ(wide.width(), 384);
  EXPECT_EQ(wide.height(), 216);
  EXPECT_EQ(wide.size().width, 1);
  EXPECT_NEAR(wide.size().height, 0.5625, 1e-9);
  const Thumbnail tall = Thumbnail::Of(DrawScene(1, 60, 120).plane());
  EXPECT_EQ(tall.width(), 192);
  EXPECT_EQ(tall.height(), 384);
}

TEST(ThumbnailTest, APictureOfOneSampleOrOneRowIsScaledToo) {
  EXPECT_EQ(Thumbnail::Of(Picture(1, 1).plane()).width(), 384);
  const Thumbnail row = Thumbnail::Of(Picture(4000, 1).plane());
  EXPECT_EQ(row.width(), 384);
  EXPECT_EQ(row.height(), 1);
}

TEST(ThumbnailTest, AtHalfTheSizeEachSampleIsTheMeanOfFour) {
  Picture picture(768, 2);
  for (int x = 0; x < 768; ++x) {
    picture.at(x, 0) = static_cast<uint8_t>(x % 7 * 20);
    picture.at(x, 1) = static_cast<uint8_t>(x % 5 * 10);
  }
  const Thumbnail small = Thumbnail::Of(picture.plane());
  for (int x = 0; x < 384; ++x) {
    const double mean = (picture.at(2 * x, 0) + picture.at(2 * x + 1, 0) +
                         picture.at(2 * x, 1) + picture.at(2 * x + 1, 1)) /
                        4.0;
    EXPECT_NEAR(small.plane().data[x], mean, 0.51) << x;
  }
}

TEST(ThumbnailTest, MirroringTwiceChangesNothing) {
  const Thumbnail picture = Thumbnail::Of(DrawScene(2, 200, 150).plane());
  const Thumbnail mirrored = picture.Mirrored();
  EXPECT_EQ(mirrored.plane().data[0],
            picture.plane().data[picture.width() - 1]);
  EXPECT_EQ(MeanDifference(mirrored.Mirrored().plane(), picture.plane()), 0);
}

TEST(ThumbnailTest, RectifyingUndoesAView) {
  const PictureSize size = {1, 0.75};
  const Thumbnail upright = Thumbnail::Of(DrawScene(3, 640, 480).plane());
  for (const double angle : {0.0, 0.1, -0.4}) {
    for (const double scale : {0.5, 0.8}) {
      const PictureMap view = ViewOf(scale, angle, 0.03, -0.02, size);
      const Thumbnail shown =
          Thumbnail::Of(DrawScene(3, 640, 480, view).plane());
      const Thumbnail expected =
          upright.Rectified(PictureMap(), {0.1, 0.1}, {0.5, 0.5});
      const Thumbnail back = shown.Rectified(view, {0.1, 0.1}, {0.5, 0.5});
      // Edges are softer in the smaller one.
      EXPECT_LT(MeanDifference(back.plane(), expected.plane()), 9)
          << angle << " " << scale;
      EXPECT_LE(
          HammingDistance(ComputePdq(back.plane(), LumaRange::kFull).hash,
                          ComputePdq(expected.plane(), LumaRange::kFull).hash),
          20)
          << angle << " " << scale;
    }
  }
}

TEST(ThumbnailTest, BeyondTheBorderThePictureIsContinued) {
  const Thumbnail picture = Thumbnail::Of(DrawScene(4, 384, 384).plane());
  const Thumbnail outside = picture.Rectified(PictureMap(), {5, 5}, {0.1, 0.1});
  const uint8_t corner = picture.plane().data[384 * 384 - 1];
  for (int i = 0; i < outside.width() * outside.height(); ++i) {
    ASSERT_EQ(outside.plane().data[i], corner);
  }
}

}  // namespace
}  // namespace lenscap
