// What an upload may cost, and how a read is cancelled.

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

constexpr auto kExhausted = absl::StatusCode::kResourceExhausted;

std::string MakeVideo(const std::string& name, const std::string& facts,
                      const Arguments& options = {"-c:v", "libx264", "-preset",
                                                  "ultrafast", "-pix_fmt",
                                                  "yuv420p"}) {
  Arguments arguments = {"-f", "lavfi", "-i", "testsrc2=" + facts};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return ReadFileBytes(MakeMedia(name, arguments));
}

MediaRead ReadWithin(const std::string& bytes, const MediaLimits& limits) {
  return ReadMediaBytes(
      bytes, {.sample_interval = absl::ZeroDuration(), .limits = limits});
}

// The read fails for the limit called `name`.
void ExpectBeyond(const char* name, const MediaRead& read) {
  EXPECT_EQ(read.status.code(), kExhausted) << read.status;
  EXPECT_NE(read.status.message().find(name), std::string::npos) << read.status;
}

struct Pixels {
  const char* file;
  Arguments options;
};

class PixelLimitTest : public testing::TestWithParam<Pixels> {};

TEST_P(PixelLimitTest, HoldsForEveryCodec) {
  const std::string bytes =
      MakeVideo(GetParam().file, "d=0.3:s=128x96:r=10", GetParam().options);
  EXPECT_TRUE(ReadWithin(bytes, {.max_pixels = 128 * 96}).status.ok());
  ExpectBeyond("max_pixels", ReadWithin(bytes, {.max_pixels = 128 * 96 - 1}));
}

INSTANTIATE_TEST_SUITE_P(
    Codecs, PixelLimitTest,
    testing::Values(
        Pixels{"h264.mp4", {"-c:v", "libx264", "-preset", "ultrafast"}},
        Pixels{"h264.ts", {"-c:v", "libx264", "-preset", "ultrafast"}},
        Pixels{
            "h264.flv",
            {"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast"}},
        Pixels{"hevc.ts",
               {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                "log-level=none:pools=none:frame-threads=1"}},
        Pixels{"vp8.webm", {"-c:v", "libvpx", "-cpu-used", "8"}},
        Pixels{"vp9.webm", {"-c:v", "libvpx-vp9", "-cpu-used", "8"}},
        Pixels{"av1.mp4",
               {"-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"}},
        Pixels{"mpeg4.avi", {"-c:v", "mpeg4"}},
        Pixels{"mpeg2.mpg", {"-vf", "fps=25", "-c:v", "mpeg2video"}},
        Pixels{"mjpeg.avi", {"-c:v", "mjpeg"}},
        Pixels{"photo.jpg", {"-frames:v", "1"}},
        Pixels{"image.png", {"-frames:v", "1"}},
        Pixels{"image.webp", {"-frames:v", "1"}}, Pixels{"image.gif", {}}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[name.find('.')] = '_';
      return name;
    });

// A picture that says it is larger than all memory.
TEST(LimitsTest, APngBombIsNotUnpacked) {
  std::string png =
      MakeVideo("a.png", "s=64x64:d=0.04:r=25", {"-frames:v", "1"});
  const std::string huge = std::string("\x00\x01\x00\x00", 4);
  png.replace(16, 8, huge + huge);  // 65536 x 65536 in IHDR, and its CRC.
  const uint32_t crc = Crc32(png.substr(12, 17));
  for (int i = 0; i < 4; ++i)
    png[29 + i] = static_cast<char>(crc >> (24 - 8 * i));
  ExpectBeyond("max_pixels", ReadWithin(png, {}));
}

// Found by fuzzing: so many pixels do not fit in 63 bits.
TEST(LimitsTest, SidesOfFourBillionAreTooManyPixels) {
  std::string png = MakeVideo("a.png", "s=64x48", {"-frames:v", "1"});
  png.replace(16, 8, std::string(8, '\xFF'));
  const uint32_t crc = Crc32(absl::string_view(png).substr(12, 17));
  for (int i = 0; i < 4; ++i)
    png[29 + i] = static_cast<char>(crc >> (24 - 8 * i));
  ExpectBeyond("max_pixels", ReadWithin(png, {}));
}

// Not only the first picture counts.
TEST(LimitsTest, ALargerPictureMidwayEndsTheRead) {
  const std::string bytes = MakeVideo("a.ts", "d=0.5:s=64x48:r=10") +
                            MakeVideo("b.ts", "d=0.5:s=128x96:r=10");
  const MediaRead read = ReadWithin(bytes, {.max_pixels = 64 * 48});
  ExpectBeyond("max_pixels", read);
  EXPECT_GE(read.frames.size(), 4);
}

TEST(LimitsTest, TheSquaredPictureIsBoundedToo) {
  const std::string bytes =
      MakeVideo("a.mp4", "d=0.1:s=64x48:r=10",
                {"-vf", "setsar=4", "-c:v", "libx264", "-preset", "ultrafast"});
  const MediaRead read = ReadWithin(bytes, {.max_pixels = 64 * 48});
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.facts.width, 64);
  EXPECT_EQ(read.facts.height, 12);
}

TEST(LimitsTest, StreamsAreCounted) {
  for (const char* file : {"a.mp4", "a.mkv", "a.ts"}) {
    Arguments options = {"-f", "lavfi", "-i", "sine=d=0.2", "-map", "0:v"};
    for (int i = 0; i < 5; ++i) options.insert(options.end(), {"-map", "1:a"});
    options.insert(options.end(), {"-c:a", "aac", "-c:v", "mpeg4"});
    const std::string bytes = MakeVideo(file, "d=0.2:s=64x64:r=25", options);
    EXPECT_TRUE(ReadWithin(bytes, {.max_streams = 6}).status.ok()) << file;
    ExpectBeyond("max_streams", ReadWithin(bytes, {.max_streams = 5}));
  }
}

TEST(LimitsTest, ADeclaredDurationIsBounded) {
  const std::string bytes = MakeVideo("a.mp4", "d=3:s=64x64:r=10");
  EXPECT_TRUE(
      ReadWithin(bytes, {.max_duration = absl::Seconds(3)}).status.ok());
  const MediaRead read =
      ReadWithin(bytes, {.max_duration = absl::Milliseconds(2999)});
  ExpectBeyond("max_duration", read);
  EXPECT_TRUE(read.frames.empty());
}

TEST(LimitsTest, TheDecodedDurationIsBounded) {
  for (const char* file : {"a.ts", "a.mkv"}) {
    const std::string bytes =
        MakeVideo(file, "d=3:s=64x64:r=10",
                  {"-live", "1", "-c:v", "libx264", "-preset", "ultrafast",
                   "-pix_fmt", "yuv420p", "-g", "10"});
    const MediaRead read =
        ReadWithin(bytes, {.max_duration = absl::Milliseconds(1500)});
    ExpectBeyond("max_duration", read);
    EXPECT_EQ(read.frames.size(), 16) << file;
  }
}

TEST(LimitsTest, BytesAreBounded) {
  const std::string bytes = MakeVideo("a.mp4", "d=1:s=64x64:r=10");
  const int64_t size = bytes.size();
  EXPECT_TRUE(ReadWithin(bytes, {.max_bytes = size}).status.ok());
  ExpectBeyond("max_bytes", ReadWithin(bytes, {.max_bytes = size - 1}));
}

// A source that does not know its length, and counts what is read of it.
class CountingSource final : public ByteSource {
 public:
  CountingSource(std::string bytes, int64_t* furthest)
      : bytes_(MakeMemorySource(std::move(bytes))), furthest_(*furthest) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    const auto count = bytes_->ReadAt(offset, buffer);
    if (*count > 0) {
      furthest_ = std::max<int64_t>(furthest_, offset + *count);
    }
    return count;
  }
  int64_t size() const override { return -1; }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  int64_t& furthest_;
};

TEST(LimitsTest, BytesAreBoundedWhereTheLengthIsUnknown) {
  const std::string bytes = MakeVideo("a.ts", "d=2:s=64x64:r=10");
  int64_t furthest = 0;
  const auto read = [&](int64_t max_bytes) {
    return ReadMedia(std::make_unique<CountingSource>(bytes, &furthest),
                     {.sample_interval = absl::ZeroDuration(),
                      .limits = {.max_bytes = max_bytes}});
  };
  EXPECT_TRUE(read(bytes.size()).status.ok());
  ExpectBeyond("max_bytes", read(bytes.size() - 1));
}

TEST(LimitsTest, TheProbeIsBounded) {
  // Text, then a video: nobody may look for it for ever.
  std::string bytes(8 << 20, '\n');
  bytes += MakeVideo("a.mkv", "d=1:s=64x64:r=10");
  int64_t furthest = 0;
  const MediaRead read =
      ReadMedia(std::make_unique<CountingSource>(bytes, &furthest),
                {.limits = {.probe_bytes = 100'000}});
  EXPECT_EQ(read.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_LT(furthest, 300'000);
}

TEST(CancelTest, NothingIsReadOnceItIsCancelled) {
  const std::string bytes = MakeVideo("a.mp4", "d=1:s=64x64:r=10");
  std::atomic<bool> cancelled = true;
  const MediaRead read = ReadMediaBytes(bytes, {.cancelled = &cancelled});
  EXPECT_EQ(read.status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(read.frames.empty());
}

TEST(CancelTest, TheNextFrameIsNotGiven) {
  const std::string bytes = MakeVideo("a.mp4", "d=1:s=64x64:r=10");
  std::atomic<bool> cancelled = false;
  auto reader = VideoReader::Open(
      MakeMemorySource(bytes),
      {.sample_interval = absl::ZeroDuration(), .cancelled = &cancelled});
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE((*reader)->Next().ok());
  cancelled = true;
  EXPECT_EQ((*reader)->Next().status().code(), absl::StatusCode::kCancelled);
  cancelled = false;
  EXPECT_EQ((*reader)->Next().status().code(), absl::StatusCode::kCancelled);
}

// Is cancelled, as by another thread, in the middle of a read.
class CancellingSource final : public ByteSource {
 public:
  CancellingSource(std::string bytes, std::atomic<bool>* cancelled)
      : bytes_(MakeMemorySource(std::move(bytes))), cancelled_(cancelled) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    if (++reads_ == 3) *cancelled_ = true;
    EXPECT_LE(reads_, 3) << "a read after the cancellation";
    return bytes_->ReadAt(offset, buffer);
  }
  int64_t size() const override { return bytes_->size(); }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  std::atomic<bool>* const cancelled_;
  int reads_ = 0;
};

TEST(CancelTest, EndsTheOpeningOfALongFile) {
  const std::string bytes = MakeVideo("a.ts", "d=4:s=320x240:r=25");
  std::atomic<bool> cancelled = false;
  const MediaRead read =
      ReadMedia(std::make_unique<CancellingSource>(bytes, &cancelled),
                {.cancelled = &cancelled});
  EXPECT_EQ(read.status.code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace lenscap
