#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/clip_record.h"
#include "index/clip_set.h"
#include "media/byte_source.h"
#include "services/fingerprint_video.h"
#include "tests/fingerprint/scenes.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

// A fixed camera, 2 pictures a second for an hour. Two people walk through its
// room for 20 s every 20 minutes.
constexpr int kLength = 3600;
constexpr int kEvery = 1200;
constexpr int kFirstVisit = 500;
constexpr int kVisit = 20;

std::string RoomPgm() {
  const Picture room = DrawScene(5, 240, 180);
  return absl::StrCat("P5 240 180 255\n",
                      std::string(room.samples.begin(), room.samples.end()));
}

// Where one of them is `t` seconds after midnight: each visit is another one.
std::string Walker(int number) {
  const std::string since =
      absl::StrCat("mod(t-", kFirstVisit, "\\,", kEvery, ")");
  const std::string visit =
      absl::StrCat("floor((t-", kFirstVisit, ")/", kEvery, ")");
  return absl::StrCat("overlay=x='80+", 90 - 30 * number, "*sin(", since,
                      "*(0.31+0.13*", visit, ")+", 2 * number,
                      ")':y='30+25*sin(0.47*", since, "+", visit, "+", number,
                      ")':enable='between(", since, "\\,0\\,", kVisit,
                      ")*gte(t\\,", kFirstVisit, ")':shortest=1");
}

const std::string& Recording() {
  static const std::string path = MakeMedia(
      "recording.mp4",
      {"-loop",
       "1",
       "-framerate",
       "2",
       "-t",
       absl::StrCat(kLength),
       "-i",
       WriteTempFile("room.pgm", RoomPgm()),
       "-filter_complex",
       absl::StrCat("color=white:s=50x110:r=2[a];color=gray:s=40x90:r=2[b];",
                    "[0][a]", Walker(0), "[c];[c][b]", Walker(1),
                    ",format=yuv420p[out]"),
       "-map",
       "[out]",
       "-t",
       absl::StrCat(kLength),
       "-c:v",
       "libx264",
       "-preset",
       "ultrafast",
       "-g",
       "120"});
  return path;
}

std::string Excerpt(int start, const std::string& filter) {
  return MakeMedia("excerpt.mp4",
                   {"-ss", absl::StrCat(start), "-i", Recording(), "-t", "5",
                    "-vf", filter, "-c:v", "libx264", "-crf", "28"});
}

class LongRecordingTest : public testing::Test {
 protected:
  static const VideoFingerprint& Reference() {
    static const auto* const video = [] {
      auto read = FingerprintReference(
          *OpenFileSource(Recording()), {},
          {.reader = {.sample_interval = kReferenceInterval}});
      EXPECT_TRUE(read.ok()) << read.status();
      return new VideoFingerprint(*std::move(read));
    }();
    return *video;
  }

  static std::vector<ClipMatch> Find(const std::string& path) {
    static const ClipSet clip(
        ClipFromVideo(Reference(), "list", "entry", Severity::kConfirmed));
    FileDigests digests;  // Not those of the recording.
    digests.sha256.fill(1);
    const auto upload = FingerprintUpload(
        *OpenFileSource(path), digests,
        {.reader = {.sample_interval = kUploadInterval}}, clip);
    EXPECT_TRUE(upload.ok()) << upload.status();
    return clip.Match(upload->upload);
  }
};

TEST_F(LongRecordingTest, WhatStaysTheSameIsStoredOnce) {
  const VideoFingerprint& video = Reference();
  EXPECT_EQ(video.facts.frames_sampled, 2 * kLength);
  EXPECT_THAT(video.upload.frames, IsEmpty());
  // Two a second while somebody is there, and what is between.
  const size_t moving = 2 * kVisit * 3;
  EXPECT_GE(video.frames.size(), moving / 2);
  EXPECT_LE(video.frames.size(), moving + 20);
  EXPECT_LE(video.detail.windows.size(), moving + 20);
  EXPECT_LE(video.detail.keypoints.size(), 10'000);
  EXPECT_LE(EncodeFrames(video.frames).size(), 10'000);
  EXPECT_LE(EncodeDetail(video.detail).size(), 500'000);
  EXPECT_EQ(video.frames.back().until, absl::Seconds(kLength - 0.5));
}

TEST_F(LongRecordingTest, FiveSecondsOfEachVisitAreLocated) {
  for (int visit = 0; visit < 3; ++visit) {
    const int start = kFirstVisit + kEvery * visit + 7;
    const auto matches = Find(Excerpt(start, "scale=160:120"));
    ASSERT_THAT(matches, Not(IsEmpty())) << visit;
    EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames) << visit;
    const TimeSpan& span = matches[0].reference;
    EXPECT_NEAR(absl::ToDoubleSeconds(span.start), start, 1);
    EXPECT_NEAR(absl::ToDoubleSeconds(span.end), start + 5, 1);
  }
}

TEST_F(LongRecordingTest, ACroppedExcerptIsLocated) {
  const int start = kFirstVisit + kEvery + 9;
  const auto matches = Find(Excerpt(start, "crop=216:162:12:6"));
  ASSERT_THAT(matches, Not(IsEmpty()));
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].reference.start), start, 1);
}

TEST_F(LongRecordingTest, TheEmptyRoomIsTheSameScene) {
  const auto matches = Find(Excerpt(100, "scale=160:120"));
  ASSERT_THAT(matches, Not(IsEmpty()));
  EXPECT_THAT(matches,
              Each(Field(&ClipMatch::kind, ClipMatch::Kind::kSameScene)));
}

}  // namespace
}  // namespace lenscap
