#include "services/still_image.h"

#include <turbojpeg.h>

#include <algorithm>
#include <memory>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

struct Decoded {
  int width = 0;
  int height = 0;
  int first = 0;  // Samples at two corners.
  int last = 0;
};

Decoded Decode(const std::string& jpeg) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(),
                                                         tjDestroy);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  Decoded decoded;
  int sampling = 0, colours = 0;
  EXPECT_EQ(
      tjDecompressHeader3(decoder.get(), bytes, jpeg.size(), &decoded.width,
                          &decoded.height, &sampling, &colours),
      0);
  EXPECT_EQ(colours, TJCS_GRAY);
  std::vector<unsigned char> samples(size_t{1} * decoded.width *
                                     decoded.height);
  EXPECT_EQ(tjDecompress2(decoder.get(), bytes, jpeg.size(), samples.data(),
                          decoded.width, 0, decoded.height, TJPF_GRAY, 0),
            0);
  decoded.first = samples.front();
  decoded.last = samples.back();
  return decoded;
}

CueStill RampStill(int width, int height) {
  CueStill still = {.time = {}, .width = width, .height = height, .luma = {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      still.luma.push_back(
          static_cast<uint8_t>(x * 255 / std::max(1, width - 1)));
    }
  }
  return still;
}

TEST(StillImageTest, ASmallStillKeepsItsSizeAndSamples) {
  const auto jpeg = EncodeStill(RampStill(320, 180));
  ASSERT_TRUE(jpeg.ok()) << jpeg.status();
  const Decoded decoded = Decode(*jpeg);
  EXPECT_EQ(decoded.width, 320);
  EXPECT_EQ(decoded.height, 180);
  EXPECT_NEAR(decoded.first, 0, 6);
  EXPECT_NEAR(decoded.last, 255, 6);
}

TEST(StillImageTest, ALargeStillIsHalved) {
  const auto jpeg = EncodeStill(RampStill(960, 540));
  ASSERT_TRUE(jpeg.ok()) << jpeg.status();
  EXPECT_EQ(Decode(*jpeg).width, 480);
  EXPECT_EQ(Decode(*jpeg).height, 270);
  EXPECT_LT(jpeg->size(), 20'000);
}

TEST(StillImageTest, OddShapesAreEncoded) {
  const int sizes[][2] = {{16, 16}, {960, 16}, {17, 961}};
  for (const auto& [width, height] : sizes) {
    const auto jpeg = EncodeStill(RampStill(width, height));
    ASSERT_TRUE(jpeg.ok()) << jpeg.status();
    EXPECT_LE(std::max(Decode(*jpeg).width, Decode(*jpeg).height), 480);
  }
}

}  // namespace
}  // namespace lenscap
