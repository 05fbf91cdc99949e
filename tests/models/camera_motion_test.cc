#include "models/camera_motion.h"

#include <cmath>

#include "gtest/gtest.h"
#include "tests/models/footage.h"

namespace lenscap {
namespace {

double Measured(const std::vector<CueFrame>& frames, MotionMeasure measure) {
  return MeasureMotion(frames).whole.measures[measure];
}

TEST(CameraMotionTest, WhatStandsStillKeepsItsEdgesThoughThingsMove) {
  const CameraMotion motion = MeasureMotion(FixedCamera(20));
  EXPECT_GT(motion.whole.measures[kPersistence], 0.8);
  EXPECT_GT(motion.whole.measures[kBlockPersistence], 0.95);
  EXPECT_GT(motion.whole.measures[kUpperPersistence], 0.95);
  EXPECT_EQ(motion.whole.measures[kStillMoves], 1);
  for (const CameraMove& move : motion.moves) {
    EXPECT_NEAR(move.dx, 0, 0.003);
    EXPECT_NEAR(move.dy, 0, 0.003);
    EXPECT_NEAR(move.zoom, 1, 0.01);
  }
}

TEST(CameraMotionTest, APanIsMeasuredInItsDirection) {
  const CameraMotion motion = MeasureMotion(PanningCamera(20, 4));
  EXPECT_LT(motion.whole.measures[kPersistence], 0.5);
  EXPECT_EQ(motion.whole.measures[kStillMoves], 0);
  for (const CameraMove& move : motion.moves) {
    // What was in the middle is 4 of 128 samples further to the left.
    EXPECT_NEAR(move.dx, -4 / 128., 0.005);
    EXPECT_NEAR(move.dy, 0, 0.003);
  }
}

TEST(CameraMotionTest, AZoomIsToldFromAPan) {
  for (const double growth : {1.06, 1 / 1.06}) {
    double zoom = 1;
    const CameraMotion motion = MeasureMotion(ZoomingCamera(8, growth));
    for (const CameraMove& move : motion.moves) {
      zoom *= move.zoom;
      EXPECT_NEAR(move.dx, 0, 0.02);
    }
    EXPECT_EQ(zoom > 1, growth > 1) << zoom;
    EXPECT_GT(std::abs(zoom - 1), 0.1);
    EXPECT_LT(motion.whole.measures[kStillMoves], 0.3);
  }
}

TEST(CameraMotionTest, AHandIsNeverStill) {
  EXPECT_LT(Measured(ShakingCamera(40), kStillMoves), 0.2);
  EXPECT_GT(Measured(ShakingCamera(40), kLogMove), std::log(1));
}

TEST(CameraMotionTest, AStillPictureHasNoActivityAndAPlainOneNoEdges) {
  const auto still =
      MakeFootage(9, 0, [](int x, int y, int) { return SceneAt(x, y); });
  EXPECT_EQ(Measured(still, kActivity), 0);
  EXPECT_GT(Measured(still, kTexture), 0.02);
  const auto plain =
      MakeFootage(9, 0, [](int, int, int) { return uint8_t{77}; });
  EXPECT_EQ(Measured(plain, kTexture), 0);
  EXPECT_EQ(Measured(plain, kPersistence), 0);
}

TEST(CameraMotionTest, AFaceThatFillsTheMiddleLeavesWhatIsRoundIt) {
  const auto face = MakeFootage(16, 20, [](int x, int y, int frame) {
    const bool inside = std::abs(x - 64) < 44 && y > 20;
    return inside ? SceneAt(x + 5 * frame, y + 3 * frame) : SceneAt(x, y);
  });
  const auto& measures = MeasureMotion(face).whole.measures;
  EXPECT_GT(measures[kUpperPersistence], 0.9);
  EXPECT_LT(measures[kPersistence], 0.8);
}

TEST(CameraMotionTest, WindowsAreOfEightFramesAndOverlapByHalf) {
  const CameraMotion motion = MeasureMotion(FixedCamera(20));
  ASSERT_EQ(motion.windows.size(), 4);
  EXPECT_EQ(motion.windows[1].span,
            (TimeSpan{absl::Seconds(2), absl::Milliseconds(5500)}));
  EXPECT_EQ(motion.whole.span,
            (TimeSpan{absl::ZeroDuration(), absl::Milliseconds(9500)}));
  EXPECT_TRUE(MeasureMotion(FixedCamera(7)).windows.empty());
}

TEST(CameraMotionTest, AWindowSpeaksOfItsOwnFramesAlone) {
  auto frames = PanningCamera(8, 6);
  for (const CueFrame& frame : FixedCamera(8)) {
    frames.push_back(frame);
    frames.back().time += absl::Seconds(4);
  }
  const CameraMotion motion = MeasureMotion(frames);
  ASSERT_EQ(motion.windows.size(), 3);
  EXPECT_LT(motion.windows[0].measures[kPersistence], 0.5);
  EXPECT_GT(motion.windows[2].measures[kPersistence], 0.8);
}

TEST(CameraMotionTest, FewerThanTwoFramesMeasureNothing) {
  for (const int count : {0, 1}) {
    const CameraMotion motion = MeasureMotion(FixedCamera(count));
    EXPECT_TRUE(motion.moves.empty());
    EXPECT_TRUE(motion.windows.empty());
    EXPECT_EQ(motion.whole.measures[kPersistence], 0);
  }
}

TEST(CameraMotionTest, EveryMeasureIsFiniteWhateverIsSeen) {
  uint32_t state = 1;
  for (int round = 0; round < 20; ++round) {
    const auto noise = MakeFootage(5, 0, [&](int, int, int) {
      state = state * 1664525 + 1013904223;
      return static_cast<uint8_t>((state >> 24) >> (round % 8));
    });
    const CameraMotion motion = MeasureMotion(noise);
    for (const double measure : motion.whole.measures) {
      EXPECT_TRUE(std::isfinite(measure));
    }
  }
}

}  // namespace
}  // namespace lenscap
