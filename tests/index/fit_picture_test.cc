#include "index/fit_picture.h"

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fingerprint/scenes.h"

namespace lenscap {
namespace {

constexpr PictureSize kSize = {1, 0.5625};

class FitPictureTest : public testing::Test {
 protected:
  double Share() { return random_() / 4294967296.0; }

  // A pair that agrees with `map`, but for `noise`.
  void AddRight(const PictureMap& map, double noise = 0) {
    Keypoint reference = Any();
    Keypoint query;
    query.at = map(reference.at);
    query.at.x += noise * (Share() - 0.5);
    query.at.y += noise * (Share() - 0.5);
    query.size =
        static_cast<float>(reference.size * std::sqrt(map.determinant()));
    query.angle =
        static_cast<float>(reference.angle + std::atan2(map.yx, map.xx));
    Add(query, reference);
  }
  // A pair by chance.
  void AddWrong() { Add(Any(), Any()); }

  Keypoint Any() {
    Keypoint keypoint;
    keypoint.at = {kSize.width * Share(), kSize.height * Share()};
    keypoint.size = static_cast<float>(0.08 + 0.1 * Share());
    keypoint.angle = static_cast<float>(2 * std::numbers::pi * Share());
    return keypoint;
  }
  void Add(const Keypoint& query, const Keypoint& reference) {
    keypoints_.push_back({query, reference});
  }

  std::optional<PictureFit> Fit() {
    std::vector<KeypointPair> pairs;
    for (const auto& [query, reference] : keypoints_) {
      pairs.push_back({&query, &reference});
    }
    return FitPicture(pairs);
  }

  static void ExpectSame(const PictureMap& a, const PictureMap& b,
                         double within) {
    for (const double x : {0.0, kSize.width}) {
      for (const double y : {0.0, kSize.height}) {
        EXPECT_NEAR(a({x, y}).x, b({x, y}).x, within);
        EXPECT_NEAR(a({x, y}).y, b({x, y}).y, within);
      }
    }
  }

  std::mt19937 random_{1};
  std::vector<std::pair<Keypoint, Keypoint>> keypoints_;
};

TEST_F(FitPictureTest, FindsCropsTurnsAndSmallCopiesAmongChancePairs) {
  for (const double scale : {0.2, 0.5, 1.0, 1.43}) {
    for (const double angle : {0.0, 0.09, -0.17, 1.57, 3.1}) {
      keypoints_.clear();
      const PictureMap map = ViewOf(scale, angle, 0.1, -0.05, kSize);
      for (int i = 0; i < 25; ++i) AddRight(map, 0.004);
      for (int i = 0; i < 60; ++i) AddWrong();
      const auto fit = Fit();
      ASSERT_TRUE(fit.has_value()) << scale << " " << angle;
      ExpectSame(fit->map, map, 0.01);
      EXPECT_GE(fit->pairs, 24);
      EXPECT_LE(fit->pairs, 28);
    }
  }
}

TEST_F(FitPictureTest, AScreenFilmedAtASlantIsStretchedAndSheared) {
  const PictureMap map = {0.8, 0.06, 0.05, -0.04, 0.95, 0.02};
  for (int i = 0; i < 40; ++i) AddRight(map, 0.004);
  const auto fit = Fit();
  ASSERT_TRUE(fit.has_value());
  ExpectSame(fit->map, map, 0.01);
}

TEST_F(FitPictureTest, ASlantIsFoundAsItIs) {
  const PictureMap map = {0.9, 0.05, 0.03, -0.03, 0.95, 0.02, 0.08, -0.06};
  for (int i = 0; i < 60; ++i) AddRight(map, 0.002);
  for (int i = 0; i < 30; ++i) AddWrong();
  const auto fit = Fit();
  ASSERT_TRUE(fit.has_value());
  ExpectSame(fit->map, map, 0.005);
  const PictureMap back = fit->map.Inverse();
  for (const PicturePoint point : {PicturePoint{0.1, 0.2}, {0.9, 0.5}}) {
    EXPECT_NEAR(back(fit->map(point)).x, point.x, 1e-9);
    EXPECT_NEAR(back(fit->map(point)).y, point.y, 1e-9);
  }
}

TEST_F(FitPictureTest, ChanceAloneFitsNothing) {
  for (int round = 0; round < 50; ++round) {
    keypoints_.clear();
    for (int i = 0; i < 100; ++i) AddWrong();
    EXPECT_FALSE(Fit().has_value()) << round;
  }
}

TEST_F(FitPictureTest, SevenPairsAreTooFewAndEightAreEnough) {
  const PictureMap map = ViewOf(0.7, 0.1, 0, 0, kSize);
  for (int i = 0; i < 7; ++i) AddRight(map);
  EXPECT_FALSE(Fit().has_value());
  AddRight(map);
  EXPECT_TRUE(Fit().has_value());
}

TEST_F(FitPictureTest, ALogoIsNoPicture) {
  for (int i = 0; i < 40; ++i) {
    Keypoint keypoint = Any();
    keypoint.at = {0.85 + 0.1 * Share(), 0.05 + 0.04 * Share()};
    Add(keypoint, keypoint);
  }
  EXPECT_FALSE(Fit().has_value());
}

TEST_F(FitPictureTest, OneDetailThatIsEverywhereCountsOnce) {
  const Keypoint reference = Any();
  for (int i = 0; i < 200; ++i) Add(Any(), reference);
  EXPECT_FALSE(Fit().has_value());
  keypoints_.clear();
  const Keypoint query = Any();
  for (int i = 0; i < 200; ++i) Add(query, Any());
  EXPECT_FALSE(Fit().has_value());
}

TEST_F(FitPictureTest, AMirroredPictureIsNotTheSame) {
  for (int i = 0; i < 100; ++i) {
    Keypoint reference = Any();
    Keypoint query = reference;
    query.at.x = kSize.width - query.at.x;
    Add(query, reference);
  }
  EXPECT_FALSE(Fit().has_value());
}

TEST_F(FitPictureTest, TheSamePairsGiveTheSameFit) {
  for (int i = 0; i < 30; ++i) AddRight(ViewOf(0.9, 0.2, 0, 0, kSize), 0.01);
  for (int i = 0; i < 30; ++i) AddWrong();
  const auto a = Fit();
  const auto b = Fit();
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->map.x0, b->map.x0);
  EXPECT_EQ(a->pairs, b->pairs);
}

TEST_F(FitPictureTest, DegenerateKeypointsAreSurvived) {
  for (int i = 0; i < 600; ++i) Add(Keypoint(), Keypoint());
  EXPECT_FALSE(Fit().has_value());
  keypoints_.clear();
  for (int i = 0; i < 100; ++i) {  // On one line.
    Keypoint keypoint = Any();
    keypoint.at.y = 0.1;
    Add(keypoint, keypoint);
  }
  EXPECT_FALSE(Fit().has_value());
}

}  // namespace
}  // namespace lenscap
