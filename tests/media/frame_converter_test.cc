#include "media/frame_converter.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr int64_t kMany = 1 << 30;

TEST(SquarePixelsTest, GrowsTheShorterWay) {
  EXPECT_EQ(SquarePixels({720, 576}, {16, 11}, kMany), (PixelSize{1047, 576}));
  EXPECT_EQ(SquarePixels({720, 480}, {8, 9}, kMany), (PixelSize{720, 540}));
  EXPECT_EQ(SquarePixels({1440, 1080}, {4, 3}, kMany), (PixelSize{1920, 1080}));
  EXPECT_EQ(SquarePixels({1, 1}, {8, 1}, kMany), (PixelSize{8, 1}));
}

TEST(SquarePixelsTest, LeavesSquareOnesAlone) {
  EXPECT_EQ(SquarePixels({640, 480}, {1, 1}, kMany), (PixelSize{640, 480}));
  EXPECT_EQ(SquarePixels({640, 480}, {2000, 2001}, 1), (PixelSize{640, 480}));
}

TEST(SquarePixelsTest, LeavesUnknownAndAbsurdAspectsAlone) {
  for (const AVRational& aspect :
       {AVRational{0, 1}, AVRational{1, 0}, AVRational{0, 0}, AVRational{-1, 1},
        AVRational{1, -1}, AVRational{9, 1}, AVRational{1, 9},
        AVRational{INT32_MAX, 1}, AVRational{1, INT32_MAX}}) {
    EXPECT_EQ(SquarePixels({64, 48}, aspect, kMany), (PixelSize{64, 48}))
        << aspect.num << ":" << aspect.den;
  }
}

TEST(SquarePixelsTest, ShrinksWhatWouldGrowBeyondTheLimit) {
  EXPECT_EQ(SquarePixels({100, 80}, {2, 1}, 200 * 80), (PixelSize{200, 80}));
  EXPECT_EQ(SquarePixels({100, 80}, {2, 1}, 200 * 80 - 1),
            (PixelSize{100, 40}));
  EXPECT_EQ(SquarePixels({100, 80}, {1, 2}, 100), (PixelSize{50, 80}));
  EXPECT_EQ(SquarePixels({100, 1}, {8, 1}, 100), (PixelSize{100, 1}));
}

}  // namespace
}  // namespace lenscap
