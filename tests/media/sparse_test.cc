// Sparse sampling decodes little, leaves no gap in which something could hide,
// and reads again what it is asked for as a full decode has it.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

using Arguments = std::vector<std::string>;

constexpr absl::Duration kFrame = absl::Milliseconds(40);
const absl::Duration kEnd = absl::Seconds(1000);

ReaderOptions Sparse() { return {.sampling = Sampling::kSparse}; }

std::string MakeVideo(const std::string& name, const std::string& picture,
                      const Arguments& encode) {
  Arguments arguments = {"-f", "lavfi", "-i", picture, "-pix_fmt", "yuv420p"};
  arguments.insert(arguments.end(), encode.begin(), encode.end());
  return MakeMedia(name, arguments);
}

std::string Moving(int seconds) {
  return absl::StrCat("testsrc2=s=160x96:r=25:d=", seconds,
                      ",noise=alls=8:allf=t");
}

// A picture that stands still, as of a camera in an empty room; from `start` to
// `end`, in seconds, something else.
std::string StillBut(int start, int end) {
  return absl::StrCat(
      "testsrc2=s=160x96:r=25:d=20,loop=loop=-1:size=1,trim=duration=20[a];"
      "mandelbrot=s=160x96:r=25[b];[a][b]overlay=shortest=1:enable='between(t,",
      start, ",", end, ")'");
}

Arguments H264(const std::string& parameters) {
  return {"-c:v", "libx264", "-preset", "veryfast", "-x264-params", parameters};
}

absl::Duration LongestGap(const MediaRead& read) {
  absl::Duration gap, last;
  for (const Frame& frame : read.frames) {
    gap = std::max(gap, frame.time - last);
    last = frame.time;
  }
  return std::max(gap, read.facts.decoded_duration - last);
}

// A reader of a file, and the frames that it gave.
struct Reading {
  std::unique_ptr<VideoReader> reader;
  std::vector<Frame> frames;

  explicit Reading(const std::string& path)
      : reader(*VideoReader::Open(*OpenFileSource(path), Sparse())) {}

  bool Next() {
    auto frame = *reader->Next();
    if (frame) frames.push_back(*std::move(frame));
    return frame.has_value();
  }
  std::vector<Frame> Again(absl::Duration start, absl::Duration end,
                           std::vector<TimeSpan>* spans = nullptr) {
    std::vector<Frame> again;
    const TimeSpan span = {start, end};
    auto read = reader->ReadAgain(
        {&span, 1}, [&](const Frame& frame) { again.push_back(frame); });
    EXPECT_TRUE(read.ok()) << read.status();
    if (spans != nullptr) *spans = *read;
    return again;
  }
};

void ExpectSame(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].time, b[i].time);
    EXPECT_TRUE(LumaBytes(a[i]) == LumaBytes(b[i])) << a[i].time;
  }
}

TEST(SparseTest, WhereKeyframesAreCloseNothingElseIsDecoded) {
  const std::string path =
      MakeVideo("close.mp4", Moving(12), H264("keyint=50:scenecut=0"));
  const MediaRead read = ReadMediaFile(path, Sparse());
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read.times(), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_EQ(read.facts.frames_decoded, 6);
  EXPECT_EQ(read.facts.decoded_duration, absl::Seconds(12));
}

TEST(SparseTest, OfManyKeyframesNoMoreThanTheGapNeedsAreDecoded) {
  const std::string path =
      MakeVideo("photos.avi", Moving(5), {"-c:v", "mjpeg"});
  const MediaRead read = ReadMediaFile(path, Sparse());
  EXPECT_THAT(read.times(), ElementsAre(0, 2, 4));
  EXPECT_EQ(read.facts.frames_decoded, 3);
}

TEST(SparseTest, BetweenDistantKeyframesGapsAreBounded) {
  const std::string path = MakeVideo("distant.mp4", Moving(30),
                                     H264("keyint=250:scenecut=0:bframes=3"));
  const MediaRead read = ReadMediaFile(path, Sparse());
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_LE(LongestGap(read), absl::Seconds(2) + 4 * kFrame);
  EXPECT_LT(read.facts.frames_decoded, 30 * 25 / 2);
}

TEST(SparseTest, WithoutASecondKeyframeTheEndIsNear) {
  const std::string path =
      MakeVideo("one.mp4", Moving(15), H264("keyint=infinite:scenecut=0"));
  const MediaRead read = ReadMediaFile(path, Sparse());
  EXPECT_LE(LongestGap(read), absl::Seconds(2) + 4 * kFrame);
}

TEST(SparseTest, AStillSceneIsItsKeyframes) {
  const std::string path = MakeVideo("still.mp4", StillBut(90, 91),
                                     H264("keyint=100:scenecut=0:bframes=0"));
  const MediaRead read = ReadMediaFile(path, Sparse());
  ASSERT_TRUE(read.status.ok()) << read.status;
  // The last group has no keyframe behind it that would prove anything.
  EXPECT_THAT(read.times(), IsSupersetOf({0.0, 4.0, 8.0, 12.0, 16.0}));
  EXPECT_LT(read.facts.frames_decoded, 5 + 4 + 2 * 25 + 5);
}

TEST(SparseTest, WhatIsHiddenBetweenTwoLikeKeyframesIsSeen) {
  const std::string path = MakeVideo("hidden.mp4", StillBut(11, 14),
                                     H264("keyint=100:scenecut=0:bframes=0"));
  const MediaRead read = ReadMediaFile(path, Sparse());
  EXPECT_GE(absl::c_count_if(read.frames,
                             [](const Frame& frame) {
                               return absl::Seconds(11) <= frame.time &&
                                      frame.time <= absl::Seconds(14);
                             }),
            2);
}

TEST(SparseTest, KeyframesAloneAreTriage) {
  const std::string path = MakeVideo("distant.mp4", Moving(30),
                                     H264("keyint=250:scenecut=0:bframes=3"));
  const MediaRead read =
      ReadMediaFile(path, {.sampling = Sampling::kKeyframes});
  EXPECT_THAT(read.times(), ElementsAre(0, 10, 20));
  EXPECT_EQ(read.facts.frames_decoded, 3);
}

TEST(SparseTest, ADamagedStreamIsDecodedWhole) {
  const std::string path =
      MakeVideo("damaged.ts", Moving(12), H264("keyint=50:scenecut=0"));
  std::string bytes = ReadFileBytes(path);
  for (size_t i = bytes.size() / 4; i < bytes.size() / 2; i += 997) {
    bytes[i] ^= 0x55;
  }
  const MediaRead sparse = ReadMediaBytes(bytes, Sparse());
  EXPECT_GE(sparse.frames.size(), 12u) << sparse.status;
}

TEST(SparseTest, FromTheNextGroupOnItIsDenseIfAsked) {
  const std::string path =
      MakeVideo("close.mp4", Moving(12), H264("keyint=50:scenecut=0"));
  Reading reading(path);
  ASSERT_TRUE(reading.Next());
  reading.reader->SetDense(true);
  ASSERT_TRUE(reading.Next());
  EXPECT_EQ(reading.frames.back().time, absl::Seconds(2));
  ASSERT_TRUE(reading.Next());
  EXPECT_EQ(reading.frames.back().time, absl::Milliseconds(2520));
  reading.reader->SetDense(false);
  while (reading.Next()) {
  }
  EXPECT_EQ(reading.frames.back().time, absl::Seconds(10));
  EXPECT_THAT(reading.Again(absl::Seconds(2), absl::Seconds(4)), IsEmpty());
}

TEST(SparseTest, OnlyTheGroupsThatAreAskedForAreReadAgain) {
  const std::string path =
      MakeVideo("close.mp4", Moving(12), H264("keyint=50:scenecut=0"));
  Reading reading(path);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(reading.Next());
  std::vector<TimeSpan> spans;
  const std::vector<Frame> again =
      reading.Again(absl::Milliseconds(2100), absl::Milliseconds(4100), &spans);
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].start, absl::Seconds(2));
  EXPECT_EQ(spans[1].end, absl::Seconds(6));
  std::vector<Frame> dense = ReadMediaFile(path, {}).frames;
  std::erase_if(dense, [](const Frame& frame) {
    return frame.time < absl::Seconds(2) || frame.time >= absl::Seconds(6);
  });
  ExpectSame(again, dense);
  EXPECT_THAT(reading.Again(absl::Seconds(2), absl::Seconds(5)), IsEmpty());
  ASSERT_TRUE(reading.Next());
  EXPECT_EQ(reading.frames.back().time, absl::Seconds(8));
}

TEST(SparseTest, WhatIsForgottenIsNotReadAgain) {
  const std::string path =
      MakeVideo("close.mp4", Moving(12), H264("keyint=50:scenecut=0"));
  Reading reading(path);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(reading.Next());
  EXPECT_GT(reading.reader->facts().kept_bytes, 0);
  reading.reader->Forget();
  EXPECT_EQ(reading.reader->facts().kept_bytes, 0);
  EXPECT_THAT(reading.Again(absl::ZeroDuration(), kEnd), IsEmpty());
  ASSERT_TRUE(reading.Next());
  EXPECT_THAT(reading.Again(absl::ZeroDuration(), kEnd), SizeIs(4));
}

TEST(SparseTest, OfAGroupThatGoesOnNothingIsForgotten) {
  const std::string path = MakeVideo("distant.mp4", Moving(30),
                                     H264("keyint=250:scenecut=0:bframes=3"));
  Reading reading(path);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reading.Next());
  reading.reader->Forget();
  while (reading.Next()) {
  }
  EXPECT_THAT(reading.Again(absl::ZeroDuration(), absl::Seconds(10)),
              SizeIs(20));
}

struct Case {
  std::string file;
  Arguments encode;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file; }

class SparseStreamTest : public testing::TestWithParam<Case> {};

TEST_P(SparseStreamTest, LeavesNoGapAndReadsAllAgainAsAFullDecodeHasIt) {
  const std::string path =
      MakeVideo(GetParam().file, Moving(9), GetParam().encode);
  const MediaRead dense = ReadMediaFile(path, {});
  const MediaRead sparse = ReadMediaFile(path, Sparse());
  ASSERT_TRUE(sparse.status.ok()) << sparse.status;
  EXPECT_LE(LongestGap(sparse), absl::Seconds(2) + 6 * kFrame);
  EXPECT_EQ(sparse.facts.decoded_duration, dense.facts.decoded_duration);
  EXPECT_FALSE(sparse.facts.truncated);
  const MediaRead all = ReadMediaFile(path);
  EXPECT_THAT(all.times(), IsSupersetOf(sparse.times()));

  Reading reading(path);
  while (reading.Next()) {
  }
  std::vector<TimeSpan> spans;
  std::vector<Frame> merged = reading.Again(absl::ZeroDuration(), kEnd, &spans);
  for (const Frame& frame : reading.frames) {
    if (absl::c_none_of(spans, [&](const TimeSpan& span) {
          return span.start <= frame.time && frame.time < span.end;
        })) {
      merged.push_back(frame);
    }
  }
  absl::c_sort(merged,
               [](const Frame& a, const Frame& b) { return a.time < b.time; });
  ExpectSame(merged, dense.frames);
}

Arguments Hevc(const std::string& parameters) {
  return {"-c:v",
          "libx265",
          "-preset",
          "ultrafast",
          "-x265-params",
          "log-level=none:pools=none:frame-threads=1:" + parameters};
}

INSTANTIATE_TEST_SUITE_P(
    Streams, SparseStreamTest,
    testing::Values(
        Case{"pyramid.mp4", H264("bframes=5:b-pyramid=normal:keyint=40")},
        Case{"long.mp4", H264("bframes=3:keyint=250:scenecut=0")},
        Case{"plain_b.mkv", H264("bframes=3:b-pyramid=none:keyint=100")},
        Case{"plain_b.flv", H264("bframes=2:b-pyramid=none:keyint=100")},
        Case{"no_b.ts", H264("bframes=0:keyint=75")},
        Case{"hevc.mp4", Hevc("bframes=4:keyint=60:open-gop=0")},
        Case{"hevc.ts", Hevc("bframes=3:keyint=100:open-gop=0")},
        Case{"mpeg4.mp4", {"-c:v", "mpeg4", "-bf", "2", "-g", "60"}},
        Case{"mpeg4.avi", {"-c:v", "mpeg4", "-bf", "2", "-g", "60"}},
        Case{"photos.avi", {"-c:v", "mjpeg"}},
        Case{"animation.gif", {"-vf", "fps=10"}},
        Case{"vp8.webm", {"-c:v", "libvpx", "-cpu-used", "8", "-g", "70"}},
        Case{"vp9.webm", {"-c:v", "libvpx-vp9", "-cpu-used", "8", "-g", "70"}}),
    [](const auto& info) {
      std::string name = info.param.file;
      name[name.find('.')] = '_';
      return name;
    });

// What is shown before a keyframe of an open group needs the group before, so
// up to a few frames at the seams are not had again.
TEST(SparseTest, OpenGroupsLeaveNoGapEither) {
  for (const auto& [file, encode] : std::vector<Case>{
           {"open.ts", H264("bframes=3:open-gop=1:keyint=60")},
           {"open_hevc.mp4", Hevc("bframes=4:keyint=60:open-gop=1")},
           {"mpeg2.ts", {"-c:v", "mpeg2video", "-bf", "2", "-g", "60"}}}) {
    const std::string path = MakeVideo(file, Moving(9), encode);
    const MediaRead read = ReadMediaFile(path, Sparse());
    ASSERT_TRUE(read.status.ok()) << read.status;
    EXPECT_LE(LongestGap(read), absl::Seconds(2) + 6 * kFrame) << file;
    EXPECT_LT(read.facts.frames_decoded, 9 * 25 / 2) << file;
  }
}

// Its keyframes are none: each picture has a fresh column.
TEST(SparseTest, AStreamThatIsOnlyEverRefreshedLeavesNoGapEither) {
  for (const char* file : {"refresh.mp4", "refresh.ts"}) {
    const std::string path =
        MakeVideo(file, Moving(9), H264("intra-refresh=1:keyint=50:bframes=0"));
    const MediaRead read = ReadMediaFile(path, Sparse());
    ASSERT_TRUE(read.status.ok()) << read.status;
    EXPECT_LE(LongestGap(read), absl::Seconds(2) + kFrame) << file;
  }
}

}  // namespace
}  // namespace lenscap
