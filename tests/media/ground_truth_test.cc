// Times and luma against what the ffmpeg and ffprobe commands say.

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

// The decoded frames' times in seconds, from the first one's. Where ffprobe
// knows none, the frame follows the one before, at 30 frames a second.
std::vector<double> ProbedTimes(const std::string& path) {
  std::istringstream lines(
      OutputOf({"ffprobe", "-v", "error", "-select_streams", "v:0",
                "-show_entries", "frame=best_effort_timestamp_time", "-of",
                "default=noprint_wrappers=1:nokey=1", path}));
  std::vector<double> times;
  std::string line;
  while (std::getline(lines, line)) {
    times.push_back(line == "N/A" ? times.back() + 1.0 / 30
                                  : std::atof(line.c_str()));
  }
  for (size_t i = times.size(); i-- > 0;) times[i] -= times[0];
  return times;
}

// All frames in `pixel_format`, one after the other.
std::string Decoded(const std::string& path, const std::string& pixel_format) {
  return OutputOf({"ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0",
                   "-fps_mode", "passthrough", "-pix_fmt", pixel_format, "-f",
                   "rawvideo", "-"});
}

struct Case {
  std::string file;
  Arguments encode;
  std::string pixel_format;  // What it decodes to.
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file; }

class GroundTruthTest : public testing::TestWithParam<Case> {};

// The luma of frame `index` in `decoded`, in 8 bits.
std::string ExpectedLuma(const std::string& decoded, size_t index,
                         size_t pixels, const std::string& format) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(decoded.data());
  std::string luma;
  for (size_t i = 0; i < pixels; ++i) {
    int value;
    if (format == "yuv420p" || format == "yuvj420p") {
      value = bytes[index * pixels * 3 / 2 + i];
    } else if (format == "yuv420p10le") {
      const uint8_t* const word = bytes + index * pixels * 3 + 2 * i;
      value = std::min(255, (word[0] + 256 * word[1] + 2) >> 2);
    } else {  // rgb24
      const uint8_t* const rgb = bytes + (index * pixels + i) * 3;
      value = (299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000;
    }
    luma += static_cast<char>(value);
  }
  return luma;
}

TEST_P(GroundTruthTest, TimesAndLumaAreThoseOfFfmpeg) {
  Arguments arguments = {"-f",       "lavfi",
                         "-i",       "testsrc2=d=1:s=112x80:r=30",
                         "-pix_fmt", GetParam().pixel_format};
  arguments.insert(arguments.end(), GetParam().encode.begin(),
                   GetParam().encode.end());
  const std::string path = MakeMedia(GetParam().file, arguments);
  const MediaRead read = ReadMediaFile(path);
  ASSERT_TRUE(read.status.ok()) << read.status;

  const std::vector<double> times = ProbedTimes(path);
  ASSERT_EQ(read.frames.size(), times.size());
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(read.times()[i], times[i], 2e-6) << i;
  }

  const bool is_rgb = GetParam().pixel_format.find("yuv") == std::string::npos;
  const std::string format = is_rgb ? "rgb24" : GetParam().pixel_format;
  const std::string decoded = Decoded(path, format);
  for (size_t i = 0; i < read.frames.size(); ++i) {
    EXPECT_EQ(LumaBytes(read.frames[i]),
              ExpectedLuma(decoded, i, 112 * 80, format))
        << "frame " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, GroundTruthTest,
    testing::Values(
        Case{"b_frames.mp4",
             {"-c:v", "libx264", "-preset", "fast", "-bf", "3"},
             "yuv420p"},
        Case{"b_frames.ts",
             {"-c:v", "libx264", "-preset", "fast", "-bf", "3"},
             "yuv420p"},
        Case{"b_frames.avi", {"-c:v", "mpeg4", "-bf", "2"}, "yuv420p"},
        Case{"ten_bits.mkv",
             {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
              "log-level=none:pools=none:frame-threads=1"},
             "yuv420p10le"},
        Case{"hidden_frames.webm",
             {"-c:v", "libvpx-vp9", "-cpu-used", "8"},
             "yuv420p"},
        Case{"full_range.avi", {"-c:v", "mjpeg"}, "yuvj420p"},
        Case{"lossy.jpg", {"-frames:v", "1"}, "yuvj420p"},
        Case{"lossy.webp", {"-frames:v", "1"}, "yuv420p"},
        Case{"animated.gif", {}, "bgr8"},
        Case{"truecolor.png", {"-frames:v", "1"}, "rgb24"},
        Case{"palette.png", {"-frames:v", "1"}, "pal8"},
        Case{"lossless.webp", {"-frames:v", "1", "-lossless", "1"}, "bgra"},
        Case{"animated.apng", {"-f", "apng"}, "rgb24"}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[name.find('.')] = '_';
      return name;
    });

}  // namespace
}  // namespace lenscap
