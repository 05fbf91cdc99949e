#include "fingerprint/region.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

void ExpectIsPartOf(const Plane& part, const Plane& whole) {
  EXPECT_GE(part.width, 1);
  EXPECT_GE(part.height, 1);
  EXPECT_EQ(part.stride, whole.stride);
  const ptrdiff_t first = part.data - whole.data;
  const ptrdiff_t x = first % whole.stride, y = first / whole.stride;
  EXPECT_GE(first, 0);
  EXPECT_LE(x + part.width, whole.width);
  EXPECT_LE(y + part.height, whole.height);
}

TEST(SubPlaneTest, TheWholeRegionIsTheWholePlane) {
  const Picture picture = MakePicture(Pattern::kNoise, 7, 5);
  const Plane part = SubPlane(picture.plane(), {});
  EXPECT_EQ(part.data, picture.plane().data);
  EXPECT_EQ(part.width, 7);
  EXPECT_EQ(part.height, 5);
}

TEST(SubPlaneTest, EdgesAreRoundedToWholeSamples) {
  const Picture picture = MakePicture(Pattern::kNoise, 10, 20);
  // 2.4 to 7.6 of 10 columns and 4.6 to 13.4 of 20 rows.
  const Plane part =
      SubPlane(picture.plane(),
               {.left = 0.24, .top = 0.23, .right = 0.76, .bottom = 0.67});
  EXPECT_EQ(part.data, &picture.samples[5 * 10 + 2]);
  EXPECT_EQ(part.width, 6);
  EXPECT_EQ(part.height, 8);
  EXPECT_EQ(part.stride, 10);
}

TEST(SubPlaneTest, NeighbouringRegionsShareNoSample) {
  const Picture picture = MakePicture(Pattern::kNoise, 101, 3);
  int next = 0;
  for (int i = 0; i < 6; ++i) {
    const Plane part =
        SubPlane(picture.plane(), {.left = i / 6.0, .right = (i + 1) / 6.0});
    EXPECT_EQ(part.data - picture.samples.data(), next);
    next += part.width;
  }
  EXPECT_EQ(next, 101);
}

TEST(SubPlaneTest, APartOfAPartLiesInTheWhole) {
  const Picture picture = MakePicture(Pattern::kNoise, 40, 40);
  const Region half = {.left = 0.5, .top = 0.5};
  const Plane part = SubPlane(SubPlane(picture.plane(), half), half);
  EXPECT_EQ(part.data, &picture.samples[30 * 40 + 30]);
  EXPECT_EQ(part.width, 10);
  EXPECT_EQ(part.height, 10);
}

TEST(SubPlaneTest, WhateverTheRegionSaysThereIsASample) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr double kFar = std::numeric_limits<double>::infinity();
  const std::vector<double> shares = {-kFar, -1,  0,   0.5,  0.999,
                                      1,     1.5, 1e9, kFar, kNone};
  for (const auto& [width, height] : {std::pair(1, 1), {2, 9}, {33, 1}}) {
    const Picture picture = MakePicture(Pattern::kNoise, width, height);
    for (const double from : shares) {
      for (const double to : shares) {
        ExpectIsPartOf(SubPlane(picture.plane(), {from, from, to, to}),
                       picture.plane());
        ExpectIsPartOf(SubPlane(picture.plane(), {from, to, to, from}),
                       picture.plane());
      }
    }
  }
}

TEST(SubPlaneTest, APlaneWithoutSamplesStaysAsItIs) {
  EXPECT_EQ(SubPlane({}, {.left = 0.5}).data, nullptr);
  EXPECT_EQ(SubPlane({}, {.left = 0.5}).width, 0);
}

TEST(RegionTest, OverlapIsWhatIsSharedOverWhatIsCovered) {
  const Region whole;
  const Region left = {.right = 0.5}, right = {.left = 0.5};
  EXPECT_DOUBLE_EQ(Overlap(whole, whole), 1);
  EXPECT_DOUBLE_EQ(Overlap(whole, left), 0.5);
  EXPECT_DOUBLE_EQ(Overlap(left, right), 0);
  EXPECT_DOUBLE_EQ(Overlap({.right = 0.6}, {.left = 0.4}), 0.2);
  EXPECT_DOUBLE_EQ(Overlap(whole, {.left = 0.5, .right = 0.5}), 0);
}

}  // namespace
}  // namespace lenscap
