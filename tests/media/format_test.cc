// Every container and codec that a file may come in.

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

// One second, ten frames.
constexpr char kSource[] = "testsrc2=duration=1:size=96x64:rate=10";

struct Format {
  std::string file;
  std::vector<std::string> encode;
  std::string container;
  std::string codec;
  size_t frames = 10;
  int width = 96;
  int height = 64;
};

void PrintTo(const Format& format, std::ostream* out) {
  *out << format.codec << " in " << format.file;
}

const std::vector<std::string> kH264 = {"-c:v", "libx264", "-preset",
                                        "ultrafast"};
const std::vector<std::string> kHevc = {
    "-c:v",      "libx265",      "-preset",
    "ultrafast", "-x265-params", "log-level=none:pools=none:frame-threads=1"};
const std::vector<std::string> kVp8 = {"-c:v", "libvpx", "-cpu-used", "8"};
const std::vector<std::string> kVp9 = {"-c:v", "libvpx-vp9", "-cpu-used", "8"};
const std::vector<std::string> kAv1 = {
    "-c:v",   "libaom-av1", "-cpu-used",      "8",
    "-usage", "realtime",   "-lag-in-frames", "0"};
const std::vector<std::string> kMpeg4 = {"-c:v", "mpeg4"};
const std::vector<std::string> kMpeg2 = {"-vf", "fps=25", "-c:v", "mpeg2video"};
const std::vector<std::string> kMjpeg = {"-c:v", "mjpeg"};

class FormatTest : public testing::TestWithParam<Format> {};

TEST_P(FormatTest, IsReadToItsLastFrame) {
  const Format& format = GetParam();
  std::vector<std::string> arguments = {"-f",    "lavfi",    "-i",
                                        kSource, "-pix_fmt", "yuv420p"};
  arguments.insert(arguments.end(), format.encode.begin(), format.encode.end());
  const std::string path = MakeMedia(format.file, arguments);

  const MediaRead read = ReadMediaFile(path);
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_EQ(read.frames.size(), format.frames);
  EXPECT_EQ(read.frames[0].time, absl::ZeroDuration());
  for (size_t i = 0; i < read.frames.size(); ++i) {
    const Frame& frame = read.frames[i];
    EXPECT_NEAR(absl::ToDoubleSeconds(frame.time), 1.0 * i / format.frames,
                0.0011);
    EXPECT_EQ(frame.luma.width, format.width);
    EXPECT_EQ(frame.luma.height, format.height);
    EXPECT_GT(frame.colour.saturation, 10);
  }
  EXPECT_EQ(read.facts.container, format.container);
  EXPECT_EQ(read.facts.codec, format.codec);
  EXPECT_EQ(read.facts.frames_decoded, format.frames);
  EXPECT_EQ(read.facts.frames_sampled, format.frames);
  EXPECT_EQ(read.facts.width, format.width);
  EXPECT_EQ(read.facts.height, format.height);
  EXPECT_FALSE(read.facts.truncated);
  if (format.frames == 1) return;
  EXPECT_NEAR(absl::ToDoubleSeconds(read.facts.decoded_duration), 1, 0.002);
  if (read.facts.declared_duration) {
    EXPECT_NEAR(absl::ToDoubleSeconds(*read.facts.declared_duration), 1, 0.11);
  }
}

constexpr char kMov[] = "mov,mp4,m4a,3gp,3g2,mj2";
constexpr char kMatroska[] = "matroska,webm";

INSTANTIATE_TEST_SUITE_P(
    Video, FormatTest,
    testing::Values(Format{"a.mp4", kH264, kMov, "h264"},
                    Format{"a.mp4", kHevc, kMov, "hevc"},
                    Format{"a.mp4", kVp9, kMov, "vp9"},
                    Format{"a.mp4", kAv1, kMov, "av1"},
                    Format{"a.mp4", kMpeg4, kMov, "mpeg4"},
                    Format{"a.mp4", kMpeg2, kMov, "mpeg2video", 25},
                    Format{"a.mov", kMjpeg, kMov, "mjpeg"},
                    Format{"a.mov", kH264, kMov, "h264"},
                    Format{"a.3gp",
                           {"-s", "176x144", "-aspect", "3:2", "-c:v", "h263"},
                           kMov,
                           "h263",
                           10,
                           216,
                           144},
                    Format{"a.mkv", kH264, kMatroska, "h264"},
                    Format{"a.mkv", kHevc, kMatroska, "hevc"},
                    Format{"a.mkv", kMpeg4, kMatroska, "mpeg4"},
                    Format{"a.mkv", kMpeg2, kMatroska, "mpeg2video", 25},
                    Format{"a.mkv", kMjpeg, kMatroska, "mjpeg"},
                    Format{"a.webm", kVp8, kMatroska, "vp8"},
                    Format{"a.webm", kVp9, kMatroska, "vp9"},
                    Format{"a.webm", kAv1, kMatroska, "av1"},
                    Format{"a.avi", kH264, "avi", "h264"},
                    Format{"a.avi", kMpeg4, "avi", "mpeg4"},
                    Format{"a.avi", kMjpeg, "avi", "mjpeg"},
                    Format{"a.avi", {"-c:v", "msmpeg4"}, "avi", "msmpeg4v3"},
                    Format{"a.flv", kH264, "flv", "h264"},
                    Format{"a.flv", {"-c:v", "flv"}, "flv", "flv1"},
                    Format{"a.ts", kH264, "mpegts", "h264"},
                    Format{"a.ts", kHevc, "mpegts", "hevc"},
                    Format{"a.ts", kMpeg2, "mpegts", "mpeg2video", 25},
                    Format{"a.ts", kMpeg4, "mpegts", "mpeg4"},
                    Format{"a.mpg", kMpeg2, "mpeg", "mpeg2video", 25},
                    Format{"a.vob",
                           {"-vf", "fps=25", "-c:v", "mpeg1video"},
                           "mpeg",
                           "mpeg1video",
                           25}));

INSTANTIATE_TEST_SUITE_P(
    Images, FormatTest,
    testing::Values(
        Format{"a.jpg", {"-frames:v", "1"}, "jpeg_pipe", "mjpeg", 1},
        Format{"a.png", {"-frames:v", "1"}, "png_pipe", "png", 1},
        Format{"a.webp", {"-frames:v", "1"}, "webp_pipe", "webp", 1},
        Format{"a.gif", {}, "gif", "gif"},
        Format{"a.apng", {"-f", "apng"}, "apng", "apng"}));

}  // namespace
}  // namespace lenscap
