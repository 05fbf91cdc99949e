#include "media/display_transform.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr int32_t kOne = 1 << 16;

struct Case {
  const char* name;
  int32_t a, b, c, d;  // x' = a x + c y, y' = b x + d y.
  std::string shown;   // What becomes of "abc" above "def".
};

class OrientationTest : public testing::TestWithParam<Case> {};

std::vector<int32_t> Matrix(const Case& c) {
  return {c.a, c.b, 0, c.c, c.d, 0, 0, 0, 1 << 30};
}

std::string Text(const Plane& plane) {
  std::string text;
  for (int y = 0; y < plane.height; ++y) {
    if (y > 0) text += '/';
    const uint8_t* const row = plane.data + y * plane.stride;
    text.append(row, row + plane.width);
  }
  return text;
}

TEST_P(OrientationTest, ShowsAPictureAsTheMatrixSays) {
  const std::string rows = "abc--def--";  // A stride of five.
  const Plane plane = {reinterpret_cast<const uint8_t*>(rows.data()), 3, 2, 5};
  const DisplayTransform display = DisplayTransformOf(Matrix(GetParam()));
  EXPECT_EQ(Text(Transformed(plane, display).plane()), GetParam().shown);
  EXPECT_EQ(display.upright(), GetParam().shown == "abc/def");
}

INSTANTIATE_TEST_SUITE_P(
    Matrices, OrientationTest,
    testing::Values(
        Case{"Upright", kOne, 0, 0, kOne, "abc/def"},
        Case{"MirroredLeftToRight", -kOne, 0, 0, kOne, "cba/fed"},
        Case{"MirroredTopToBottom", kOne, 0, 0, -kOne, "def/abc"},
        Case{"HalfTurn", -kOne, 0, 0, -kOne, "fed/cba"},
        Case{"QuarterTurnRight", 0, kOne, -kOne, 0, "da/eb/fc"},
        Case{"QuarterTurnLeft", 0, -kOne, kOne, 0, "cf/be/ad"},
        Case{"Transposed", 0, kOne, kOne, 0, "ad/be/cf"},
        Case{"TransposedAcross", 0, -kOne, -kOne, 0, "fc/eb/da"},
        Case{"ScaledIsUpright", 3 * kOne, 0, 0, kOne / 2, "abc/def"},
        Case{"AlmostAQuarterTurn", 9000, 64900, -64900, 9000, "da/eb/fc"},
        Case{"Zeros", 0, 0, 0, 0, "abc/def"},
        Case{"Extremes", INT32_MIN, INT32_MAX, INT32_MAX, INT32_MIN,
             "fed/cba"}),
    [](const auto& info) { return std::string(info.param.name); });

// Each pixel of planes larger than a tile lands where the definition says.
TEST(OrientationTest, LargePlanesAreTurnedPixelByPixel) {
  constexpr int kWidth = 97, kHeight = 70;
  std::vector<uint8_t> samples(kWidth * kHeight);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = i * 31 + i / 251;
  const Plane plane = {samples.data(), kWidth, kHeight, kWidth};
  for (int bits = 0; bits < 8; ++bits) {
    const DisplayTransform display = {.transpose = (bits & 1) != 0,
                                      .flip_x = (bits & 2) != 0,
                                      .flip_y = (bits & 4) != 0};
    const PlaneBuffer result = Transformed(plane, display);
    const Plane shown = result.plane();
    ASSERT_EQ(shown.width, display.transpose ? kHeight : kWidth);
    ASSERT_EQ(shown.height, display.transpose ? kWidth : kHeight);
    for (int y = 0; y < shown.height; ++y) {
      for (int x = 0; x < shown.width; ++x) {
        int from_x = display.flip_x ? shown.width - 1 - x : x;
        int from_y = display.flip_y ? shown.height - 1 - y : y;
        if (display.transpose) std::swap(from_x, from_y);
        ASSERT_EQ(shown.data[y * shown.stride + x],
                  samples[from_y * kWidth + from_x])
            << bits << " at " << x << ", " << y;
      }
    }
  }
}

}  // namespace
}  // namespace lenscap
