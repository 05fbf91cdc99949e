#include "fingerprint/keypoints.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

using testing::IsEmpty;

std::vector<Keypoint> KeypointsOf(const Picture& picture, int max_count = 300) {
  return FindKeypoints(Thumbnail::Of(picture.plane()), max_count);
}

// How many keypoints of `shown` look like one of `scene` that `view` takes to
// the same place, and how many look like one elsewhere.
struct Found {
  int right = 0;
  int wrong = 0;
};
Found Compare(const std::vector<Keypoint>& scene,
              const std::vector<Keypoint>& shown, const PictureMap& view) {
  Found found;
  for (const Keypoint& b : shown) {
    for (const Keypoint& a : scene) {
      if (HammingDistance(a.descriptor, b.descriptor) > 31) continue;
      const PicturePoint at = view(a.at);
      const double off = std::hypot(at.x - b.at.x, at.y - b.at.y);
      ++(off < 0.015 ? found.right : found.wrong);
    }
  }
  return found;
}

TEST(KeypointsTest, ACroppedTurnedAndScaledPictureHasTheSameDetails) {
  const PictureSize size = {1, 0.75};
  const auto scene = KeypointsOf(DrawScene(1, 640, 480));
  struct View {
    double scale, angle, x, y;
  };
  for (const View& v :
       {View{1.4, 0, 0.1, -0.1}, View{1, 0.17, 0, 0}, View{1, -0.09, 0.05, 0},
        View{0.6, 0, 0.1, 0.1}, View{0.8, std::numbers::pi, 0, 0}}) {
    const PictureMap view = ViewOf(v.scale, v.angle, v.x, v.y, size);
    const Found found =
        Compare(scene, KeypointsOf(DrawScene(1, 640, 480, view)), view);
    EXPECT_GE(found.right, 30) << v.scale << " " << v.angle;
    EXPECT_LT(found.wrong, 2 * found.right) << v.scale << " " << v.angle;
  }
}

TEST(KeypointsTest, AnotherPictureHasOthers) {
  const auto one = KeypointsOf(DrawScene(1, 640, 480));
  for (uint32_t seed = 2; seed < 8; ++seed) {
    const Found found =
        Compare(one, KeypointsOf(DrawScene(seed, 640, 480)), PictureMap());
    EXPECT_EQ(found.right, 0);
    EXPECT_LT(found.wrong, 60);
  }
}

TEST(KeypointsTest, NoCornerOfThePictureTakesThemAll) {
  // Half of the picture is far richer in contrast.
  Picture picture = DrawScene(5, 640, 480);
  for (int y = 0; y < 480; ++y) {
    for (int x = 320; x < 640; ++x) {
      picture.at(x, y) = static_cast<uint8_t>(100 + picture.at(x, y) / 8);
    }
  }
  const auto keypoints = KeypointsOf(picture, 200);
  const auto right = std::count_if(
      keypoints.begin(), keypoints.end(),
      [](const Keypoint& keypoint) { return keypoint.at.x > 0.55; });
  EXPECT_GE(right, 50);
}

TEST(KeypointsTest, TheyLieInThePictureAndAreAsManyAsAskedFor) {
  for (const int count : {1, 7, 300}) {
    const auto keypoints = KeypointsOf(DrawScene(6, 300, 640), count);
    EXPECT_LE(keypoints.size(), size_t(count));
    EXPECT_GE(keypoints.size(), size_t(count) / 2);
    for (const Keypoint& keypoint : keypoints) {
      EXPECT_TRUE(PictureSize({0.46875, 1}).Holds(keypoint.at, 0));
      EXPECT_GT(keypoint.size, 0);
      EXPECT_GE(keypoint.angle, 0);
      EXPECT_LE(keypoint.angle, 2 * std::numbers::pi);
    }
  }
}

TEST(KeypointsTest, TheSamePictureHasTheSameKeypoints) {
  const auto a = KeypointsOf(DrawScene(7, 640, 360));
  const auto b = KeypointsOf(DrawScene(7, 640, 360));
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].descriptor, b[i].descriptor);
    EXPECT_EQ(a[i].at.x, b[i].at.x);
  }
}

TEST(KeypointsTest, WhereThereIsNothingToSeeThereAreNone) {
  EXPECT_THAT(KeypointsOf(MakePicture(Pattern::kFlat, 640, 480)), IsEmpty());
  EXPECT_THAT(FindKeypoints(Thumbnail(), 10), IsEmpty());
  EXPECT_THAT(KeypointsOf(DrawScene(1, 640, 3)), IsEmpty());
  EXPECT_THAT(KeypointsOf(DrawScene(1, 640, 480), 0), IsEmpty());
}

TEST(KeypointsTest, EveryPatternIsSurvived) {
  for (const Pattern pattern : kPatterns) {
    for (const int side : {1, 15, 16, 33, 640}) {
      KeypointsOf(MakePicture(pattern, side, 640));
    }
  }
}

}  // namespace
}  // namespace lenscap
