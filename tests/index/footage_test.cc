// Real video, made by ffmpeg, decoded and fingerprinted as the services do it:
// an excerpt of a known clip, in another codec and at half the size, stands in
// the middle of an unrelated video and must be found and located.

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "fingerprint/fingerprint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/clip_set.h"
#include "media/video_reader.h"
#include "tests/index/read_video.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kUploadInterval = absl::Milliseconds(500);
constexpr absl::Duration kReferenceInterval = absl::Milliseconds(250);
// How far off a place in time may be.
constexpr double kSecondsOff = 1;

std::vector<ClipMatch> Find(const UploadFingerprint& upload, const Clip& clip) {
  return ClipSet(clip).Match(upload);
}

Clip ClipOf(const std::string& path) {
  const UploadFingerprint video = ReadVideo(path, kReferenceInterval);
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = "entry";
  clip.duration = video.duration;
  for (const FrameFingerprint& frame : video.frames) {
    clip.frames.push_back({frame.hash(), frame.quality(), frame.time});
  }
  return clip;
}

const std::vector<std::string> kH264 = {"-c:v",      "libx264", "-preset",
                                        "ultrafast", "-g",      "50"};

std::string Encode(const std::string& name, std::vector<std::string> arguments,
                   const std::vector<std::string>& codec) {
  arguments.insert(arguments.end(), codec.begin(), codec.end());
  return MakeMedia(name, arguments);
}

// A wide landscape that is nowhere alike; `seed` makes another one.
std::string MakeLandscape(int seed) {
  return MakeMedia(
      "landscape.png",
      {"-f", "lavfi", "-i",
       absl::StrCat("nullsrc=s=512x288,geq=lum='255*mod(abs(sin((X+",
                    seed * 1000,
                    ")*12.9898+Y*78.233)*43758.5453),1)':cb=128:cr=128,"
                    "gblur=sigma=4,normalize,scale=1920:1080"),
       "-frames:v", "1"});
}

// A camera that pans over a landscape for so many seconds.
std::string MakePan(int seed, int seconds) {
  return Encode("pan.mp4",
                {"-i", MakeLandscape(seed), "-t", absl::StrCat(seconds), "-vf",
                 "format=yuv420p,loop=-1:1,fps=15,setpts=N/15/TB,"
                 "crop=480:270:x='720+700*sin(t/9)':y='400+390*sin(t/7+1)'"},
                kH264);
}

// A fixed camera: a scene with noise, through which three people walk at their
// own pace.
std::string MakeFixedCamera(int seed, int seconds) {
  return Encode(
      "camera.mp4",
      {"-i", MakeLandscape(seed), "-t", absl::StrCat(seconds), "-vf",
       "format=yuv420p,loop=-1:1,fps=10,setpts=N/10/TB,crop=480:270:300:200,"
       "noise=alls=10:allf=t,"
       "split=2[bg][src];"
       "[src]crop=40:110:10:20,split=3[a][b][c];"
       "[bg][a]overlay=x='mod(t*31,560)-60':y=120[1];"
       "[1][b]overlay=x='540-mod(t*23,600)':y='100+20*sin(t)'[2];"
       "[2][c]overlay=x='mod(t*17+200,560)-60':y=90,format=yuv420p"},
      kH264);
}

// `length` seconds of `known` from `start` on, at half its `width` and
// `height`, stand in `other` at `at`.
struct Disguise {
  std::string known;
  int width, height;
  double start, length;
  std::string other;
  double at;
};

std::string MakeDisguised(const Disguise& disguise) {
  const auto& [known, width, height, start, length, other, at] = disguise;
  const std::string size = absl::StrCat("scale=", width / 2, ":", height / 2,
                                        ",setsar=1,fps=12,format=yuv420p");
  return Encode(
      "disguised.mkv",
      {"-i", other, "-i", known, "-filter_complex",
       absl::StrCat("[0:v]", size, ",split=2[o1][o2];",  //
                    "[o1]trim=0:", at, ",setpts=PTS-STARTPTS[before];", "[1:v]",
                    size, ",trim=", start, ":", start + length,
                    ",setpts=PTS-STARTPTS[excerpt];",  //
                    "[o2]trim=start=", at, ",setpts=PTS-STARTPTS[after];",
                    "[before][excerpt][after]concat=n=3[v]"),
       "-map", "[v]"},
      {"-c:v", "mpeg4", "-q:v", "8"});
}

// How far the ends of two spans are from where they should be.
double SecondsOff(const TimeSpan& span, double start, double length) {
  return std::max(std::abs(absl::ToDoubleSeconds(span.start) - start),
                  std::abs(absl::ToDoubleSeconds(span.end) - start - length));
}

// Makes the disguised video, and expects one match, in place.
void ExpectLocated(const Disguise& disguise) {
  const auto& [known, width, height, start, length, other, at] = disguise;
  const auto matches =
      Find(ReadVideo(MakeDisguised(disguise), kUploadInterval), ClipOf(known));
  ASSERT_THAT(matches, SizeIs(1));
  const ClipMatch& match = matches[0];
  const double query_off = SecondsOff(match.query, at, length);
  const double reference_off = SecondsOff(match.reference, start, length);
  EXPECT_LE(query_off, kSecondsOff);
  EXPECT_LE(reference_off, kSecondsOff);
  EXPECT_EQ(match.orientation, Orientation::kUpright);
  std::printf(
      "%4.1f s from %5.2f s at %5.2f s: off by %.2f s in the upload, %.2f s in "
      "the reference; %d of %d frames, median distance %d\n",
      length, start, at, query_off, reference_off, match.frames_matched,
      match.frames_sampled, match.median_distance);
}

TEST(FootageTest, AnExcerptOfAMovingCameraIsLocated) {
  const std::string known = MakePan(1, 60), other = MakePan(2, 20);
  EXPECT_THAT(Find(ReadVideo(other, kUploadInterval), ClipOf(known)),
              IsEmpty());
  ExpectLocated({known, 480, 270, 33.3, 5, other, 11.12});
}

TEST(FootageTest, AnExcerptOfAFixedCameraIsLocated) {
  const std::string known = MakeFixedCamera(3, 40), other = MakePan(4, 20);
  EXPECT_THAT(Find(ReadVideo(other, kUploadInterval), ClipOf(known)),
              IsEmpty());
  ExpectLocated({known, 480, 270, 11.48, 10, other, 10.4});
  ExpectLocated({known, 480, 270, 30.12, 5, other, 3.7});
}

TEST(FootageTest, TurnedFootageIsNamedAsItWasTurned) {
  const std::string known = MakePan(5, 12);
  const Clip clip = ClipOf(known);
  const std::vector<std::pair<std::string, Orientation>> table = {
      {"null", Orientation::kUpright},
      {"transpose=cclock", Orientation::kRotated90},
      {"transpose=clock,transpose=clock", Orientation::kRotated180},
      {"transpose=clock", Orientation::kRotated270},
      {"vflip", Orientation::kFlipped},
      {"hflip", Orientation::kMirrored},
      {"transpose=cclock_flip", Orientation::kTransposed},
      {"transpose=clock_flip", Orientation::kTransversed},
  };
  for (const auto& [filter, orientation] : table) {
    const std::string turned =
        Encode("turned.mp4", {"-i", known, "-vf", filter}, kH264);
    const auto matches = Find(ReadVideo(turned, kUploadInterval), clip);
    ASSERT_THAT(matches, SizeIs(1)) << filter;
    EXPECT_EQ(matches[0].orientation, orientation) << filter;
    EXPECT_GE(matches[0].query_coverage, 0.95) << filter;
  }
}

TEST(FootageTest, AStreetCamerasExcerptIsLocated) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const std::string known =
      data + "/footage/cctv_plain/debian_opencv_doc_vtest_1f3f39.mp4";
  if (!std::filesystem::exists(known)) {
    GTEST_SKIP() << "SKIPPED: there is no " << known;
  }
  const std::string other = MakePan(6, 20);
  ExpectLocated({known, 768, 576, 4.2, 10, other, 12.04});
  ExpectLocated({known, 768, 576, 12.7, 5, other, 3.6});
}

}  // namespace
}  // namespace lenscap
