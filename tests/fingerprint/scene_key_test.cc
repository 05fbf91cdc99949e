#include "fingerprint/scene_key.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Thumbnail Scene(uint32_t seed) {
  return Thumbnail::Of(DrawScene(seed, 320, 240).plane());
}

Hash256 HashOf(const Thumbnail& picture) {
  return ComputePdq(picture.plane(), LumaRange::kLimited).hash;
}

// Somebody stands in the picture.
Thumbnail WithPerson(const Thumbnail& scene, int x) {
  Thumbnail picture = scene;
  for (int y = 100; y < 280; ++y) {
    for (int i = 0; i < 50; ++i) {
      picture.row(y)[(x + i) % picture.width()] = i % 16 < 8 ? 230 : 30;
    }
  }
  return picture;
}

// A camera that stands still while somebody walks past it.
void Watch(const Thumbnail& scene, int pictures, int seed,
           SceneKeyFinder* finder, int first = 0) {
  std::mt19937 random(seed);
  for (int i = 0; i < pictures; ++i) {
    const Thumbnail picture =
        WithPerson(scene, static_cast<int>(random() % 330));
    finder->Add(absl::Milliseconds(500) * (first + i), HashOf(picture),
                picture);
  }
}

TEST(SceneKeyTest, PeopleWhoWalkThroughAreNotInIt) {
  const Thumbnail scene = Scene(1);
  for (const int pictures : {20, 31, 32, 33, 200}) {
    SceneKeyFinder finder;
    Watch(scene, pictures, pictures, &finder);
    const auto scenes = finder.Finish();
    ASSERT_THAT(scenes, SizeIs(1)) << pictures;
    EXPECT_LE(HammingDistance(scenes[0].pdq.hashes[0], HashOf(scene)), 6);
    EXPECT_EQ(scenes[0].start, absl::ZeroDuration());
    EXPECT_EQ(scenes[0].end, absl::Milliseconds(500) * (pictures - 1));
  }
}

TEST(SceneKeyTest, EachCutBeginsAnother) {
  SceneKeyFinder finder;
  Watch(Scene(1), 20, 1, &finder);
  Watch(Scene(2), 30, 2, &finder, 20);
  const auto scenes = finder.Finish();
  ASSERT_THAT(scenes, SizeIs(2));
  EXPECT_EQ(scenes[1].start, absl::Seconds(10));
  EXPECT_GT(HammingDistance(scenes[0].pdq.hashes[0], scenes[1].pdq.hashes[0]),
            80);
}

TEST(SceneKeyTest, AMovingCameraHasNone) {
  SceneKeyFinder finder;
  for (int i = 0; i < 40; ++i) {
    const PictureMap pan = {.x0 = -0.04 * (i % 12)};
    const Thumbnail picture =
        Thumbnail::Of(DrawScene(3 + i / 12, 320, 240, pan).plane());
    finder.Add(absl::Milliseconds(500) * i, HashOf(picture), picture);
  }
  EXPECT_THAT(finder.Finish(), IsEmpty());
}

TEST(SceneKeyTest, ShortStretchesAndFewPicturesHaveNone) {
  SceneKeyFinder few;
  for (int i = 0; i < 4; ++i) {
    few.Add(absl::Seconds(10 * i), HashOf(Scene(1)), Scene(1));
  }
  EXPECT_THAT(few.Finish(), IsEmpty());
  SceneKeyFinder brief;
  Watch(Scene(1), 8, 1, &brief);
  EXPECT_THAT(brief.Finish(), IsEmpty());
  EXPECT_THAT(SceneKeyFinder().Finish(), IsEmpty());
}

TEST(SceneKeyTest, ThereAreNeverMoreThanSixtyFour) {
  SceneKeyFinder finder;
  const Thumbnail scenes[] = {Scene(1), Scene(2)};
  for (int cut = 0; cut < 70; ++cut) {
    const Thumbnail& scene = scenes[cut % 2];
    for (int i = 0; i < 5; ++i) {
      finder.Add(absl::Seconds(5 * cut + i), HashOf(scene), scene);
    }
  }
  EXPECT_THAT(finder.Finish(), SizeIs(64));
}

}  // namespace
}  // namespace lenscap
