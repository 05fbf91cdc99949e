#include "services/picture_search.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/clip_set.h"
#include "tests/fingerprint/pictures.h"
#include "tests/services/camera.h"

namespace lenscap {
namespace {

using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr absl::Duration kClip = absl::Milliseconds(250);
constexpr absl::Duration kUpload = absl::Milliseconds(500);

class PictureSearchTest : public testing::Test {
 protected:
  PictureSearchTest()
      : clip_(ClipOf(
            Film({1, 1}, absl::ZeroDuration(), absl::Seconds(20), kClip))),
        known_(clip_) {}

  UploadFingerprint Upload(const std::vector<Frame>& frames) const {
    return UploadOf(frames, known_);
  }

  // The best match of what the camera sees in `region` from `start` for 8 s.
  std::vector<ClipMatch> Find(const Camera& camera, absl::Duration start,
                              const Region& region) const {
    return known_.Match(
        Upload(Film(camera, start, start + absl::Seconds(8), kUpload, region)));
  }

  const Clip clip_;
  const ClipSet known_;
};

TEST_F(PictureSearchTest, ACroppedCopyIsFoundAndLocated) {
  for (const Region& region :
       {Region{0.05, 0.05, 0.95, 0.95}, Region{0.2, 0, 1, 0.8},
        Region{0, 0.3, 0.7, 1}}) {
    const auto matches = Find({1, 1}, absl::Seconds(6), region);
    ASSERT_THAT(matches, Not(IsEmpty())) << region.left;
    const ClipMatch& match = matches[0];
    EXPECT_EQ(match.kind, ClipMatch::Kind::kFrames) << region.left;
    EXPECT_EQ(match.part.kind, PicturePart::Kind::kLocated);
    EXPECT_NEAR(match.part.reference.left, region.left, 0.02);
    EXPECT_NEAR(match.part.reference.bottom, region.bottom, 0.02);
    EXPECT_NEAR(absl::ToDoubleSeconds(match.reference.start), 6, 0.6);
    EXPECT_NEAR(absl::ToDoubleSeconds(match.reference.end), 14, 0.6);
  }
}

TEST_F(PictureSearchTest, ACroppedViewOfOtherPeopleInTheRoomIsTheSameScene) {
  const auto matches = Find({1, 9}, absl::Seconds(40), {0.1, 0.1, 0.9, 0.9});
  ASSERT_THAT(matches, Not(IsEmpty()));
  EXPECT_THAT(matches,
              Each(Field(&ClipMatch::kind, ClipMatch::Kind::kSameScene)));
}

TEST_F(PictureSearchTest, AnotherRoomIsNothing) {
  for (uint32_t scene = 2; scene < 6; ++scene) {
    EXPECT_THAT(Find({scene, 1}, absl::Seconds(6), {0.1, 0.1, 0.9, 0.9}),
                IsEmpty())
        << scene;
  }
}

TEST_F(PictureSearchTest, TheRoomWithoutMovementIsItsScene) {
  // Uploads of an empty room: the background of the clip.
  const auto frames =
      Film({1, 1}, absl::Seconds(5), absl::Seconds(5.1), kUpload);
  std::vector<Frame> still;
  for (int i = 0; i < 20; ++i) {
    still.push_back(frames[0]);
    still.back().time = kUpload * i;
  }
  const UploadFingerprint upload = Upload(still);
  ASSERT_THAT(upload.scenes, SizeIs(1));
  EXPECT_EQ(upload.scenes[0].start, absl::ZeroDuration());
  EXPECT_EQ(upload.scenes[0].end, kUpload * 19);
}

TEST_F(PictureSearchTest, AnUnalteredCopyHasNoParts) {
  const UploadFingerprint upload =
      Upload(Film({1, 1}, absl::Seconds(2), absl::Seconds(12), kUpload));
  EXPECT_THAT(upload.parts, SizeIs(testing::Le(2)));
  EXPECT_THAT(upload.sightings, SizeIs(testing::Ge(1)));
  EXPECT_EQ(upload.sightings[0].visible, kAllWindows);
  EXPECT_THAT(upload.sightings[0].windows, SizeIs(20));
}

TEST_F(PictureSearchTest, ALongUploadIsSearchedMinuteByMinute) {
  // The clip is in it from 1:40 on, cropped; another room before.
  std::vector<Frame> frames =
      Film({3, 3}, absl::ZeroDuration(), absl::Seconds(100), kUpload);
  for (Frame& frame : Film({1, 1}, absl::Seconds(4), absl::Seconds(14), kUpload,
                           {0, 0, 0.85, 0.85})) {
    frame.time += absl::Seconds(100);
    frames.push_back(frame);
  }
  const auto matches = known_.Match(Upload(frames));
  ASSERT_THAT(matches, Not(IsEmpty()));
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].query.start), 100, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].reference.start), 4, 1);
}

TEST_F(PictureSearchTest, AClipWithoutDetailIsNotSighted) {
  Clip bare = clip_;
  bare.detail = ClipDetail();
  const ClipSet known(bare);
  const UploadFingerprint upload = UploadOf(
      Film({1, 1}, absl::ZeroDuration(), absl::Seconds(5), kUpload), known);
  EXPECT_THAT(upload.sightings, IsEmpty());
  EXPECT_THAT(known.Match(upload), Not(IsEmpty()));
}

TEST_F(PictureSearchTest, NothingIsFoundInNothing) {
  PictureSearch nothing(known_, {});
  UploadFingerprint upload;
  nothing.Finish(&upload);
  EXPECT_THAT(upload.parts, IsEmpty());
  EXPECT_THAT(upload.sightings, IsEmpty());
  EXPECT_THAT(upload.scenes, IsEmpty());
}

// With black above and below.
std::vector<Frame> Letterboxed(std::vector<Frame> frames) {
  for (Frame& frame : frames) {
    const Plane inner = frame.luma;
    const int bar = inner.height / 6;
    auto picture =
        std::make_shared<Picture>(inner.width, inner.height + 2 * bar);
    for (int y = 0; y < inner.height; ++y) {
      std::copy_n(inner.data + size_t{1} * y * inner.stride, inner.width,
                  &picture->at(0, y + bar));
    }
    frame.luma = picture->plane();
    frame.pixels = picture;
  }
  return frames;
}

template <typename Found, typename Pictures>
size_t CountPictures(const std::vector<Found>& all, Pictures Found::*pictures) {
  size_t sum = 0;
  for (const Found& one : all) sum += (one.*pictures).size();
  return sum;
}

TEST_F(PictureSearchTest, WhatIsKeptOfALongUploadIsBounded) {
  const auto frames = Letterboxed(
      Film({1, 1}, absl::ZeroDuration(), absl::Seconds(70), kUpload));
  ASSERT_THAT(frames, SizeIs(140));
  for (const size_t most : {1000, 100, 0}) {
    PictureSearch::Options options;
    options.keypoints = false;
    options.max_part_pictures = options.max_sighted_pictures = most;
    PictureSearch pictures(known_, options);
    for (const Frame& frame : frames) pictures.Add(frame, Fingerprint(frame));
    UploadFingerprint upload;
    pictures.Finish(&upload);
    const size_t parts = CountPictures(upload.parts, &PartFingerprint::frames);
    const size_t sighted =
        CountPictures(upload.sightings, &SightingFingerprint::windows);
    EXPECT_LE(parts, most);
    EXPECT_LE(sighted, most);
    if (most < 1000) continue;
    EXPECT_GE(parts, 140);
    EXPECT_GE(sighted, 128);
  }
}

TEST(ClipDetailTest, AStillRoomIsOnePicture) {
  const auto empty = Film({1, 1}, absl::Seconds(5), absl::Seconds(5.1), kClip);
  std::vector<Frame> still;
  for (int i = 0; i < 80; ++i) {
    still.push_back(empty[0]);
    still.back().time = kClip * i;
  }
  const Clip clip = ClipOf(still);
  ASSERT_THAT(clip.frames, SizeIs(2));
  EXPECT_EQ(clip.frames[0].until, kClip * 78);
  EXPECT_EQ(clip.frames[1].time, kClip * 79);
  ASSERT_THAT(clip.detail.windows, SizeIs(2));
  EXPECT_EQ(clip.detail.windows[0].until, kClip * 78);
}

TEST(ClipDetailTest, WhatStaysIsKeptOnce) {
  const Clip brief =
      ClipOf(Film({1, 1}, absl::ZeroDuration(), absl::Seconds(5), kClip));
  const Clip longer =
      ClipOf(Film({1, 1}, absl::ZeroDuration(), absl::Seconds(40), kClip));
  EXPECT_GE(brief.detail.keypoints.size(), 100);
  // The people are new each time, the room is not.
  EXPECT_LT(longer.detail.keypoints.size(), 8 * brief.detail.keypoints.size());
  EXPECT_EQ(brief.detail.windows.size(), 20);
  EXPECT_EQ(longer.detail.windows.size(), 160);
  EXPECT_EQ(longer.detail.size.width, 1);
  EXPECT_EQ(longer.detail.size.height, 0.75);
}

}  // namespace
}  // namespace lenscap
