// Sampling decodes only what it must, and gives what a full decode gives.

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "media/sampler.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using Arguments = std::vector<std::string>;

struct Case {
  std::string file;
  Arguments encode;
  bool saves;  // Some frames need not be decoded.
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file; }

class SamplingTest : public testing::TestWithParam<Case> {};

TEST_P(SamplingTest, GivesTheFramesOfAFullDecode) {
  Arguments arguments = {"-f",       "lavfi",
                         "-i",       "testsrc2=d=3:s=112x80:r=30",
                         "-vf",      "noise=alls=20:allf=t",
                         "-pix_fmt", "yuv420p"};
  arguments.insert(arguments.end(), GetParam().encode.begin(),
                   GetParam().encode.end());
  const std::string path = MakeMedia(GetParam().file, arguments);
  const MediaRead all = ReadMediaFile(path);
  ASSERT_EQ(all.frames.size(), 90) << all.status;
  for (int milliseconds : {500, 330, 100, 40}) {
    const absl::Duration interval = absl::Milliseconds(milliseconds);
    const MediaRead sampled =
        ReadMediaFile(path, {.sample_interval = interval});
    ASSERT_TRUE(sampled.status.ok()) << sampled.status;
    Sampler sampler(interval);
    std::vector<const Frame*> expected;
    for (const Frame& frame : all.frames) {
      if (sampler.Take(frame.time)) expected.push_back(&frame);
    }
    ASSERT_EQ(sampled.frames.size(), expected.size()) << interval;
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(sampled.frames[i].time, expected[i]->time) << interval;
      EXPECT_EQ(LumaBytes(sampled.frames[i]), LumaBytes(*expected[i]))
          << interval << " at " << expected[i]->time;
    }
    EXPECT_EQ(sampled.facts.frames_sampled, expected.size());
    EXPECT_FALSE(sampled.facts.truncated);
    EXPECT_NEAR(absl::ToDoubleSeconds(sampled.facts.decoded_duration), 3,
                0.035);
    if (milliseconds == 500) {
      EXPECT_EQ(sampled.facts.frames_decoded < 70, GetParam().saves)
          << sampled.facts.frames_decoded;
    }
  }
}

Arguments H264(const std::string& parameters) {
  return {"-c:v", "libx264", "-preset", "fast", "-x264-params", parameters};
}

Arguments Hevc(const std::string& parameters) {
  return {"-c:v",
          "libx265",
          "-preset",
          "fast",
          "-x265-params",
          "log-level=none:pools=none:frame-threads=1:" + parameters};
}

INSTANTIATE_TEST_SUITE_P(
    Streams, SamplingTest,
    testing::Values(
        Case{"pyramid.mp4", H264("bframes=5:b-pyramid=normal:ref=4"), true},
        Case{"plain_b.mkv", H264("bframes=3:b-pyramid=none"), true},
        Case{"open_gop.ts", H264("bframes=3:open-gop=1:keyint=20"), true},
        Case{"no_b.mp4", H264("bframes=0"), false},
        Case{"hevc.ts", Hevc("bframes=4:b-adapt=0"), true},
        Case{"mpeg2.ts", {"-c:v", "mpeg2video", "-bf", "2"}, true},
        Case{"mpeg4.mp4", {"-c:v", "mpeg4", "-bf", "2"}, true},
        // Its timestamps are those of decoding: all must be decoded.
        Case{"mpeg4.avi", {"-c:v", "mpeg4", "-bf", "2"}, false},
        Case{"photos.avi", {"-c:v", "mjpeg"}, true},
        Case{"vp8.webm",
             {"-c:v", "libvpx", "-cpu-used", "8", "-auto-alt-ref", "1",
              "-lag-in-frames", "10"},
             false},
        Case{"vp9.webm", {"-c:v", "libvpx-vp9", "-cpu-used", "8"}, false}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[name.find('.')] = '_';
      return name;
    });

}  // namespace
}  // namespace lenscap
