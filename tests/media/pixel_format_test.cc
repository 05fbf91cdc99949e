#include "media/pixel_format.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "media/ffmpeg_handles.h"

namespace lenscap {
namespace {

FrameHandle NewFrame(AVPixelFormat format, int width, int height) {
  FrameHandle frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  for (const AVBufferRef* buffer : frame->buf) {
    if (buffer != nullptr) std::memset(buffer->data, 0, buffer->size);
  }
  return frame;
}

void WriteRow(AVFrame& frame, int component, int y,
              const std::vector<uint16_t>& samples) {
  av_write_image_line2(
      samples.data(), frame.data, frame.linesize,
      av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format)), 0, y,
      component, samples.size(), sizeof(uint16_t));
}

int Depth(AVPixelFormat format, int component) {
  return av_pix_fmt_desc_get(format)->comp[component].depth;
}

std::vector<int> Row(const Plane& plane, int y) {
  const uint8_t* const row = plane.data + y * plane.stride;
  return std::vector<int>(row, row + plane.width);
}

TEST(PixelFormatTest, AnEightBitPlaneIsNotCopied) {
  for (AVPixelFormat format :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_NV12,
        AV_PIX_FMT_YUVA420P, AV_PIX_FMT_GRAY8, AV_PIX_FMT_YUVJ422P}) {
    FrameHandle frame = NewFrame(format, 33, 20);
    const uint8_t* const data = frame->data[0];
    const int stride = frame->linesize[0];
    const auto luma = LumaOf(std::move(frame));
    ASSERT_TRUE(luma.ok()) << luma.status();
    EXPECT_EQ(luma->plane.data, data) << av_get_pix_fmt_name(format);
    EXPECT_EQ(luma->plane.stride, stride);
    EXPECT_EQ(luma->plane.width, 33);
    EXPECT_EQ(luma->plane.height, 20);
  }
}

TEST(PixelFormatTest, TheFrameLivesAsLongAsItsPixels) {
  auto luma = LumaOf(NewFrame(AV_PIX_FMT_YUV420P, 16, 16));
  ASSERT_TRUE(luma.ok());
  const std::shared_ptr<const void> pixels = luma->pixels;
  const Plane plane = luma->plane;
  luma = absl::CancelledError();
  EXPECT_EQ(Row(plane, 15), std::vector<int>(16, 0));
}

TEST(PixelFormatTest, ABottomUpPictureIsTurnedOver) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_GRAY8, 4, 3);
  for (int y = 0; y < 3; ++y) {
    std::memset(frame->data[0] + y * frame->linesize[0], 10 * (y + 1), 4);
  }
  frame->data[0] += 2 * frame->linesize[0];
  frame->linesize[0] = -frame->linesize[0];
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok());
  EXPECT_GE(luma->plane.stride, 4);
  EXPECT_EQ(Row(luma->plane, 0), std::vector<int>(4, 30));
  EXPECT_EQ(Row(luma->plane, 2), std::vector<int>(4, 10));
}

TEST(PixelFormatTest, TheRangeIsThatOfTheStream) {
  const auto range = [](AVPixelFormat format, AVColorRange stated) {
    FrameHandle frame = NewFrame(format, 8, 8);
    frame->color_range = stated;
    return LumaOf(std::move(frame))->range;
  };
  const LumaRange full = LumaRange::kFull, limited = LumaRange::kLimited;
  EXPECT_EQ(range(AV_PIX_FMT_YUV420P, AVCOL_RANGE_UNSPECIFIED), limited);
  EXPECT_EQ(range(AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG), limited);
  EXPECT_EQ(range(AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG), full);
  EXPECT_EQ(range(AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_UNSPECIFIED), full);
  EXPECT_EQ(range(AV_PIX_FMT_YUV420P10, AVCOL_RANGE_MPEG), limited);
  EXPECT_EQ(range(AV_PIX_FMT_GRAY8, AVCOL_RANGE_JPEG), full);
  EXPECT_EQ(range(AV_PIX_FMT_RGB24, AVCOL_RANGE_UNSPECIFIED), full);
  EXPECT_EQ(range(AV_PIX_FMT_PAL8, AVCOL_RANGE_UNSPECIFIED), full);
}

class DeepLumaTest : public testing::TestWithParam<AVPixelFormat> {};

TEST_P(DeepLumaTest, IsRoundedToEightBits) {
  const AVPixelFormat format = GetParam();
  const int depth = Depth(format, 0);
  const int steps = 1 << (depth - 8);  // Of one step in 8 bits.
  FrameHandle frame = NewFrame(format, 8, 2);
  const int top = (1 << depth) - 1;
  const std::vector<uint16_t> samples = {
      0,
      static_cast<uint16_t>(steps / 2 - 1),
      static_cast<uint16_t>(steps / 2),
      static_cast<uint16_t>(16 * steps),
      static_cast<uint16_t>(100 * steps + steps / 2),
      static_cast<uint16_t>(235 * steps),
      static_cast<uint16_t>(top - 1),
      static_cast<uint16_t>(top)};
  WriteRow(*frame, 0, 1, samples);
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok()) << luma.status();
  EXPECT_EQ(Row(luma->plane, 0), std::vector<int>(8, 0));
  EXPECT_EQ(Row(luma->plane, 1),
            (std::vector<int>{0, 0, 1, 16, 101, 235, 255, 255}));
}

INSTANTIATE_TEST_SUITE_P(
    Formats, DeepLumaTest,
    testing::Values(AV_PIX_FMT_YUV420P9LE, AV_PIX_FMT_YUV420P10LE,
                    AV_PIX_FMT_YUV420P10BE, AV_PIX_FMT_YUV444P12LE,
                    AV_PIX_FMT_YUV422P16LE, AV_PIX_FMT_P010LE,
                    AV_PIX_FMT_P010BE, AV_PIX_FMT_GRAY10LE, AV_PIX_FMT_GRAY16LE,
                    AV_PIX_FMT_GRAY16BE),
    [](const auto& info) {
      return std::string(av_get_pix_fmt_name(info.param));
    });

TEST(PixelFormatTest, OneBitPixelsAreBlackAndWhite) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_MONOBLACK, 10, 1);
  WriteRow(*frame, 0, 0, {0, 1, 0, 0, 1, 1, 0, 1, 1, 0});
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok());
  EXPECT_EQ(Row(luma->plane, 0),
            (std::vector<int>{0, 255, 0, 0, 255, 255, 0, 255, 255, 0}));
}

TEST(PixelFormatTest, GreyWithAlphaIsGrey) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_YA8, 3, 1);
  WriteRow(*frame, 0, 0, {7, 130, 255});
  WriteRow(*frame, 1, 0, {0, 255, 128});
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok());
  EXPECT_EQ(Row(luma->plane, 0), (std::vector<int>{7, 130, 255}));
}

class RgbTest : public testing::TestWithParam<AVPixelFormat> {};

TEST_P(RgbTest, GivesTheLumaOfJpeg) {
  const AVPixelFormat format = GetParam();
  constexpr int kWidth = 61, kHeight = 3;
  FrameHandle frame = NewFrame(format, kWidth, kHeight);
  std::vector<std::vector<double>> expected(kHeight);
  for (int y = 0; y < kHeight; ++y) {
    expected[y].resize(kWidth);
    for (int c = 0; c < 3; ++c) {
      const double weight = c == 0 ? 0.299 : c == 1 ? 0.587 : 0.114;
      const int top = (1 << Depth(format, c)) - 1;
      std::vector<uint16_t> samples(kWidth);
      for (int x = 0; x < kWidth; ++x) {
        samples[x] = (x * 7919 * (c + 1) + y * 31337) & top;
        expected[y][x] += weight * std::floor(samples[x] * 255.0 / top + 0.5);
      }
      WriteRow(*frame, c, y, samples);
    }
  }
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok()) << luma.status();
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      EXPECT_NEAR(Row(luma->plane, y)[x], expected[y][x], 0.5 + 1e-9);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RgbTest,
                         testing::Values(AV_PIX_FMT_RGB24, AV_PIX_FMT_BGR24,
                                         AV_PIX_FMT_RGBA, AV_PIX_FMT_BGRA,
                                         AV_PIX_FMT_ARGB, AV_PIX_FMT_GBRP,
                                         AV_PIX_FMT_GBRAP, AV_PIX_FMT_GBRP10LE,
                                         AV_PIX_FMT_RGB48LE, AV_PIX_FMT_RGB48BE,
                                         AV_PIX_FMT_RGBA64BE,
                                         AV_PIX_FMT_RGB565LE),
                         [](const auto& info) {
                           return std::string(av_get_pix_fmt_name(info.param));
                         });

TEST(PixelFormatTest, KnownColours) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_RGBA, 6, 1);
  const uint8_t pixels[] = {255, 0,   0,   255, 0,   255, 0,   255,
                            0,   0,   255, 255, 255, 255, 255, 255,
                            255, 255, 0,   0,   1,   1,   1,   0};
  std::copy(std::begin(pixels), std::end(pixels), frame->data[0]);
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok());
  EXPECT_EQ(Row(luma->plane, 0), (std::vector<int>{76, 150, 29, 255, 226, 1}));
}

TEST(PixelFormatTest, APaletteIsLookedUp) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_PAL8, 3, 1);
  const uint32_t palette[] = {0xFF000000, 0xFFFF0000, 0x00FFFFFF};
  std::memcpy(frame->data[1], palette, sizeof(palette));
  frame->data[0][0] = 2;
  frame->data[0][1] = 1;
  frame->data[0][2] = 0;
  EXPECT_GT(ColourOf(*frame).saturation, 20);
  const auto luma = LumaOf(std::move(frame));
  ASSERT_TRUE(luma.ok());
  EXPECT_EQ(Row(luma->plane, 0), (std::vector<int>{255, 76, 0}));
}

TEST(PixelFormatTest, WhatIsNotInMemoryIsRefused) {
  FrameHandle frame(av_frame_alloc());
  frame->width = frame->height = 8;
  for (int format : {static_cast<int>(AV_PIX_FMT_NONE),
                     static_cast<int>(AV_PIX_FMT_VAAPI), 100'000}) {
    frame->format = format;
    EXPECT_EQ(ColourOf(*frame).saturation, 0);
    FrameHandle copy(av_frame_clone(frame.get()));
    if (copy == nullptr) {
      copy.reset(av_frame_alloc());
      copy->format = format;
    }
    EXPECT_EQ(LumaOf(std::move(copy)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(ColourTest, OneTintIsSaturatedAndHasNoVariety) {
  for (AVPixelFormat format :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV420P10LE,
        AV_PIX_FMT_NV12, AV_PIX_FMT_P010LE}) {
    FrameHandle frame = NewFrame(format, 101, 77);
    const AVPixFmtDescriptor* const facts = av_pix_fmt_desc_get(format);
    const int scale = 1 << (facts->comp[1].depth - 8);
    const int width = AV_CEIL_RSHIFT(101, facts->log2_chroma_w);
    const int height = AV_CEIL_RSHIFT(77, facts->log2_chroma_h);
    for (int y = 0; y < height; ++y) {
      WriteRow(*frame, 1, y, std::vector<uint16_t>(width, 138 * scale));
      WriteRow(*frame, 2, y, std::vector<uint16_t>(width, 98 * scale));
    }
    const Colour colour = ColourOf(*frame);
    EXPECT_FLOAT_EQ(colour.saturation, 20) << av_get_pix_fmt_name(format);
    EXPECT_NEAR(colour.variety, 0, 1e-3) << av_get_pix_fmt_name(format);
  }
}

TEST(ColourTest, GreyHasNone) {
  for (AVPixelFormat format : {AV_PIX_FMT_GRAY8, AV_PIX_FMT_RGB24}) {
    const Colour colour = ColourOf(*NewFrame(format, 9, 9));
    EXPECT_EQ(colour.saturation, 0);
    EXPECT_EQ(colour.variety, 0);
  }
}

TEST(ColourTest, PureRedIsThatOfItsChroma) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_RGB24, 5, 5);
  for (int y = 0; y < 5; ++y) WriteRow(*frame, 0, y, {255, 255, 255, 255, 255});
  // Cb is 85 and Cr 255.5 for red.
  EXPECT_NEAR(ColourOf(*frame).saturation, (43 + 127.5) / 2, 0.5);
}

TEST(ColourTest, VarietyIsHowFarMostSamplesAreFromTheMedian) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_YUV444P, 10, 4);
  for (int y = 0; y < 4; ++y) {
    // Half of the blue is 30 higher; red is grey.
    WriteRow(*frame, 1, y, {98, 98, 98, 98, 98, 128, 128, 128, 128, 128});
    WriteRow(*frame, 2, y, std::vector<uint16_t>(10, 128));
  }
  EXPECT_EQ(ColourOf(*frame).variety, 15);
}

TEST(ColourTest, AColouredMarkOnAGreyPictureIsNoVariety) {
  FrameHandle frame = NewFrame(AV_PIX_FMT_YUV444P, 10, 4);
  for (int y = 0; y < 4; ++y) {
    WriteRow(*frame, 1, y, {9, 250, 128, 128, 128, 128, 128, 128, 128, 128});
    WriteRow(*frame, 2, y, {250, 9, 128, 128, 128, 128, 128, 128, 128, 128});
  }
  EXPECT_EQ(ColourOf(*frame).variety, 0);
  EXPECT_GT(ColourOf(*frame).saturation, 20);
}

}  // namespace
}  // namespace lenscap
