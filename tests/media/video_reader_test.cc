// What a VideoReader makes of well-formed files.

#include "media/video_reader.h"

#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::Pointwise;

using Arguments = std::vector<std::string>;

// Both lists, one after the other.
Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Arguments TestPattern(const std::string& facts) {
  return {"-f", "lavfi", "-i", "testsrc2=" + facts};
}

Arguments Tone(const std::string& facts) {
  return {"-f", "lavfi", "-i", "sine=" + facts};
}

const Arguments kH264 = {"-pix_fmt", "yuv420p",   "-c:v", "libx264",
                         "-preset",  "ultrafast", "-g",   "5"};

// Near enough for clocks that count milliseconds.
MATCHER_P(TimesAre, expected, testing::PrintToString(expected)) {
  *result_listener << "times " << testing::PrintToString(arg.times()) << " ";
  return testing::ExplainMatchResult(Pointwise(DoubleNear(0.0006), expected),
                                     arg.times(), result_listener);
}

std::vector<double> Seconds(std::initializer_list<double> seconds) {
  return seconds;
}

std::vector<double> Even(int count, double step) {
  std::vector<double> seconds;
  for (int i = 0; i < count; ++i) seconds.push_back(i * step);
  return seconds;
}

// --- Sampling.

TEST(VideoReaderTest, GivesTheFirstFrameAtOrAfterEachMultiple) {
  const std::string path =
      MakeMedia("a.mp4", TestPattern("d=2:s=64x64:r=8") + kH264);
  const MediaRead read =
      ReadMediaFile(path, {.sample_interval = absl::Milliseconds(300)});
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read,
              TimesAre(Seconds({0, 0.375, 0.625, 1.0, 1.25, 1.5, 1.875})));
  EXPECT_EQ(read.facts.frames_decoded, 16);
  EXPECT_EQ(read.facts.frames_sampled, 7);
  EXPECT_EQ(read.facts.decoded_duration, absl::Seconds(2));
}

TEST(VideoReaderTest, StaysAtTheEnd) {
  const std::string path =
      MakeMedia("a.mp4", TestPattern("d=0.2:s=64x64:r=10") + kH264);
  auto reader = VideoReader::Open(*OpenFileSource(path), EveryFrame());
  ASSERT_TRUE(reader.ok()) << reader.status();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE((*reader)->Next().value().has_value());
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE((*reader)->Next().value().has_value());
  }
}

// --- Time.

struct VariableRate {
  const char* file;
  Arguments options;
};

class VariableRateTest : public testing::TestWithParam<VariableRate> {};

TEST_P(VariableRateTest, FramesKeepTheirTimestamps) {
  const std::string path = MakeMedia(
      GetParam().file,
      TestPattern("d=0.6:s=64x64:r=10") +
          Arguments{"-vf",
                    "settb=1/1000,setpts='if(eq(N,1),100,if(eq(N,2),133,"
                    "if(eq(N,3),950,if(eq(N,4),960,if(eq(N,5),2500,0)))))'",
                    "-fps_mode", "vfr", "-enc_time_base", "1/1000"} +
          kH264 + GetParam().options);
  EXPECT_THAT(ReadMediaFile(path),
              TimesAre(Seconds({0, 0.1, 0.133, 0.95, 0.96, 2.5})));
  EXPECT_THAT(ReadMediaFile(path, {.sample_interval = absl::Milliseconds(500)}),
              TimesAre(Seconds({0, 0.95, 2.5})));
}

INSTANTIATE_TEST_SUITE_P(
    Containers, VariableRateTest,
    testing::Values(VariableRate{"a.mp4", {"-video_track_timescale", "1000"}},
                    VariableRate{"a.mkv", {}}, VariableRate{"a.flv", {}},
                    VariableRate{"a.ts", {}},
                    VariableRate{"b.mp4", {"-bf", "2"}}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[1] = '_';
      return name;
    });

class AudioFirstTest : public testing::TestWithParam<const char*> {};

TEST_P(AudioFirstTest, TheVideoStillStartsAtZero) {
  const std::string path =
      MakeMedia(GetParam(), Tone("d=2") + Arguments{"-itsoffset", "1.3"} +
                                TestPattern("d=0.5:s=64x64:r=10") +
                                Arguments{"-map", "0:a", "-map", "1:v",
                                          "-fps_mode", "vfr", "-c:a", "aac"} +
                                kH264);
  const MediaRead read = ReadMediaFile(path);
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read, TimesAre(Even(5, 0.1)));
  EXPECT_FALSE(read.facts.truncated);
}

INSTANTIATE_TEST_SUITE_P(Containers, AudioFirstTest,
                         testing::Values("a.mp4", "a.mkv", "a.flv", "a.ts"),
                         [](const auto& info) {
                           return std::string(info.param).substr(2);
                         });

TEST(VideoReaderTest, RecordingsJoinedEndToEndGoOn) {
  const Arguments options = kH264 + Arguments{"-f", "mpegts"};
  const std::string first = ReadFileBytes(
      MakeMedia("a.ts", TestPattern("d=0.5:s=64x64:r=10") + options));
  const std::string later = ReadFileBytes(
      MakeMedia("b.ts", TestPattern("d=0.5:s=64x64:r=10") + options +
                            Arguments{"-output_ts_offset", "3600"}));
  EXPECT_THAT(ReadMediaBytes(first + first), TimesAre(Even(10, 0.1)));
  EXPECT_THAT(ReadMediaBytes(first + later), TimesAre(Even(10, 0.1)));
  EXPECT_THAT(ReadMediaBytes(later + first), TimesAre(Even(10, 0.1)));
}

TEST(VideoReaderTest, ATimestampBelowZeroIsNoError) {
  const std::string path =
      MakeMedia("a.mkv", TestPattern("d=0.5:s=64x64:r=10") + kH264 +
                             Arguments{"-output_ts_offset", "-7",
                                       "-avoid_negative_ts", "disabled"});
  EXPECT_THAT(ReadMediaFile(path), TimesAre(Even(5, 0.1)));
}

// --- Shape.

TEST(VideoReaderTest, PixelsAreSquare) {
  const auto size = [](const char* file, const char* filter,
                       const Arguments& options) {
    const MediaRead read =
        ReadMediaFile(MakeMedia(file, TestPattern("d=0.2:s=64x48:r=10") +
                                          Arguments{"-vf", filter} + options));
    EXPECT_TRUE(read.status.ok()) << read.status;
    EXPECT_EQ(read.frames[0].luma.width, read.facts.width);
    EXPECT_EQ(read.frames[0].luma.height, read.facts.height);
    return std::pair(read.facts.width, read.facts.height);
  };
  using Size = std::pair<int, int>;
  EXPECT_EQ(size("a.mp4", "setsar=2", kH264), Size(128, 48));
  EXPECT_EQ(size("a.mp4", "setsar=1/2", kH264), Size(64, 96));
  EXPECT_EQ(size("a.mkv", "setsar=4/3", kH264), Size(85, 48));
  EXPECT_EQ(size("a.ts", "setsar=3/2", kH264), Size(96, 48));
  EXPECT_EQ(size("a.ts", "setsar=16/15,fps=25", {"-c:v", "mpeg2video"}),
            Size(64, 48));  // MPEG-2 rounds it to a 4:3 picture.
  EXPECT_EQ(size("a.mp4", "setsar=100", kH264), Size(64, 48));
}

TEST(VideoReaderTest, SquaringKeepsThePicture) {
  // Left half dark, right half bright.
  const std::string path =
      MakeMedia("a.mp4", Arguments{"-f", "lavfi", "-i",
                                   "nullsrc=s=64x64:d=0.1:r=10,format=gray,"
                                   "geq=lum='if(lt(X,W/2),50,200)',setsar=2"} +
                             kH264 + Arguments{"-qp", "1"});
  const MediaRead read = ReadMediaFile(path);
  ASSERT_EQ(read.frames.size(), 1) << read.status;
  const Plane& luma = read.frames[0].luma;
  ASSERT_EQ(luma.width, 128);
  const uint8_t* const row = luma.data + 32 * luma.stride;
  EXPECT_NEAR(row[2], row[60], 2);
  EXPECT_NEAR(row[68], row[126], 2);
  EXPECT_GT(row[68], row[60] + 100);
}

TEST(VideoReaderTest, TheSizeMayChangeMidway) {
  const Arguments options = kH264 + Arguments{"-f", "mpegts"};
  const std::string small = ReadFileBytes(
      MakeMedia("a.ts", TestPattern("d=0.5:s=64x48:r=10") + options));
  const std::string large = ReadFileBytes(
      MakeMedia("b.ts", TestPattern("d=0.5:s=128x96:r=10") + options +
                            Arguments{"-output_ts_offset", "0.5"}));
  const MediaRead read = ReadMediaBytes(small + large);
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_EQ(read.frames.size(), 10);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(read.frames[i].luma.width, i < 5 ? 64 : 128) << i;
    EXPECT_EQ(read.frames[i].luma.height, i < 5 ? 48 : 96) << i;
  }
  EXPECT_THAT(read, TimesAre(Even(10, 0.1)));
  EXPECT_EQ(read.facts.width, 128);
}

TEST(VideoReaderTest, APictureOfOnePixelIsAPicture) {
  const std::string path =
      MakeMedia("a.png", {"-f", "lavfi", "-i",
                          "color=white:s=2x2:d=0.04,format=rgb24,crop=1:1",
                          "-frames:v", "1"});
  const MediaRead read = ReadMediaFile(path);
  ASSERT_TRUE(read.status.ok()) << read.status;
  ASSERT_EQ(read.frames.size(), 1);
  EXPECT_EQ(LumaBytes(read.frames[0]), "\xFF");
}

// --- Streams.

// A video and a picture of another size.
Arguments VideoAndPicture() {
  const std::string picture =
      MakeMedia("cover.png", TestPattern("s=200x200:d=0.04:r=25") +
                                 Arguments{"-frames:v", "1"});
  return TestPattern("d=0.5:s=64x48:r=10") + Arguments{"-i", picture};
}

TEST(VideoReaderTest, AnAttachedPictureIsNotTheVideo) {
  for (const char* file : {"a.mp4", "a.m4v"}) {
    for (const Arguments& order :
         {Arguments{"-map", "0", "-map", "1", "-c:v:1", "copy",
                    "-disposition:v:1", "attached_pic"},
          Arguments{"-map", "1", "-map", "0", "-c:v:0", "copy",
                    "-disposition:v:0", "attached_pic"}}) {
      const MediaRead read = ReadMediaFile(MakeMedia(
          file, VideoAndPicture() + order + Arguments{"-pix_fmt", "yuv420p"}));
      ASSERT_TRUE(read.status.ok()) << read.status;
      EXPECT_EQ(read.facts.width, 64);
      EXPECT_THAT(read, TimesAre(Even(5, 0.1)));
    }
  }
}

TEST(VideoReaderTest, AnAttachedPictureIsReadWhereThereIsNothingElse) {
  const std::string picture =
      MakeMedia("cover.jpg", TestPattern("s=200x100:d=0.04:r=25") +
                                 Arguments{"-frames:v", "1"});
  for (const Arguments& options :
       {Arguments{"a.m4a", "-map", "0", "-map", "1", "-c:v", "copy", "-c:a",
                  "aac", "-disposition:v", "attached_pic"},
        Arguments{"a.mka", "-c:a", "aac", "-attach", picture, "-metadata:s:t",
                  "mimetype=image/jpeg", "-map", "0"}}) {
    const MediaRead read = ReadMediaFile(MakeMedia(
        options[0], Tone("d=3") + Arguments{"-i", picture} +
                        Arguments(options.begin() + 1, options.end())));
    ASSERT_TRUE(read.status.ok()) << read.status;
    EXPECT_EQ(read.frames.size(), 1);
    EXPECT_EQ(read.facts.width, 200);
    EXPECT_EQ(read.facts.codec, "mjpeg");
    EXPECT_FALSE(read.facts.truncated);
  }
}

TEST(VideoReaderTest, OfSeveralVideoStreamsTheDefaultIsRead) {
  const auto width = [](const std::string& first, const std::string& second) {
    const std::string path = MakeMedia(
        "a.mkv", TestPattern("d=0.5:s=64x48:r=10") +
                     TestPattern("d=0.5:s=96x48:r=10") +
                     Arguments{"-map", "0", "-map", "1", "-disposition:v:0",
                               first, "-disposition:v:1", second} +
                     kH264);
    const MediaRead read = ReadMediaFile(path);
    EXPECT_TRUE(read.status.ok()) << read.status;
    EXPECT_THAT(read, TimesAre(Even(5, 0.1)));
    return read.facts.width;
  };
  EXPECT_EQ(width("default", "0"), 64);
  EXPECT_EQ(width("0", "default"), 96);
}

TEST(VideoReaderTest, AStreamThatCannotBeDecodedIsPassedOver) {
  const std::string path = MakeMedia(
      "a.mkv", TestPattern("d=0.5:s=64x48:r=10") +
                   TestPattern("d=0.5:s=96x48:r=10") +
                   Arguments{"-map", "0", "-map", "1", "-c:v:0", "ffv1",
                             "-c:v:1", "mpeg4", "-disposition:v:0", "default"});
  const MediaRead read = ReadMediaFile(path);
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(read.facts.codec, "mpeg4");
  EXPECT_EQ(read.facts.width, 96);
}

// --- Sources.

class PipeTest : public testing::TestWithParam<const char*> {};

TEST_P(PipeTest, IsReadAsAFileIs) {
  const std::string path = MakeMedia(
      GetParam(), TestPattern("d=1:s=320x240:r=10") + Tone("d=1") +
                      Arguments{"-c:a", "aac"} + kH264 + Arguments{"-qp", "5"});
  const std::string bytes = ReadFileBytes(path);
  ASSERT_GT(bytes.size(), 100'000);  // More than a pipe holds.
  const MediaRead file = ReadMediaFile(path);
  const MediaRead memory = ReadMediaBytes(bytes);

  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::thread writer([&] {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count =
          write(ends[1], bytes.data() + done, bytes.size() - done);
      if (count <= 0) break;
      done += count;
    }
    close(ends[1]);
  });
  const MediaRead pipe =
      ReadMedia(*OpenDescriptorSource(ends[0], bytes.size()));
  writer.join();

  ASSERT_EQ(file.frames.size(), 10) << file.status;
  for (const MediaRead* read : {&memory, &pipe}) {
    ASSERT_TRUE(read->status.ok()) << read->status;
    EXPECT_EQ(read->times(), file.times());
    for (size_t i = 0; i < file.frames.size(); ++i) {
      EXPECT_EQ(LumaBytes(read->frames[i]), LumaBytes(file.frames[i])) << i;
    }
    EXPECT_FALSE(read->facts.truncated);
    EXPECT_EQ(read->facts.bytes, bytes.size());
  }
}

// MP4 with its index at the end is the hard one.
INSTANTIATE_TEST_SUITE_P(Containers, PipeTest,
                         testing::Values("a.mp4", "a.mkv", "a.avi", "a.flv",
                                         "a.ts"),
                         [](const auto& info) {
                           return std::string(info.param).substr(2);
                         });

TEST(VideoReaderTest, FramesOutliveTheReader) {
  const std::string path =
      MakeMedia("a.mp4", TestPattern("d=1:s=64x64:r=10") + kH264);
  auto reader = VideoReader::Open(*OpenFileSource(path), EveryFrame());
  ASSERT_TRUE(reader.ok());
  std::vector<Frame> frames;
  std::vector<std::string> lumas;
  while (true) {
    auto frame = (*reader)->Next();
    ASSERT_TRUE(frame.ok());
    if (!frame->has_value()) break;
    frames.push_back(**frame);
    lumas.push_back(LumaBytes(**frame));
  }
  reader->reset();
  ASSERT_EQ(frames.size(), 10);
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(LumaBytes(frames[i]), lumas[i]) << i;
  }
}

}  // namespace
}  // namespace lenscap
