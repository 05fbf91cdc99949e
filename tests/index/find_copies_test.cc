#include "index/find_copies.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/clip_set.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

using Kind = ClipMatch::Kind;
using Part = PicturePart::Kind;

class FindCopiesTest : public testing::Test {
 protected:
  FindCopiesTest()
      : hashes_(MovingHashes(80, 40, random_)),
        clip_(MakeClip("list", "clip", hashes_)) {}

  std::vector<ClipMatch> Find(const UploadFingerprint& upload) const {
    return ClipSet(clip_).Match(upload);
  }
  // 10 s of the clip, from 5 s on.
  std::vector<Hash256> Copy() { return CopyOf(hashes_, 20, 20, 8, random_); }
  UploadFingerprint Unrelated() {
    return MakeUpload(MovingHashes(20, 40, random_));
  }

  Random random_{1};
  const std::vector<Hash256> hashes_;
  Clip clip_;
};

TEST_F(FindCopiesTest, ACopyIsToldOnceHoweverItIsFound) {
  UploadFingerprint upload = MakeUpload(Copy());
  upload.parts.push_back(
      {.part = {.kind = LayoutPart::Kind::kContent, .region = {0, 0.1, 1, 0.9}},
       .frames = upload.frames});
  const auto matches = Find(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].kind, Kind::kFrames);
  EXPECT_EQ(matches[0].part.kind, Part::kWhole);
}

TEST_F(FindCopiesTest, ANegativeIsFoundAndCalledOne) {
  UploadFingerprint upload = MakeUpload(Copy());
  for (FrameFingerprint& frame : upload.frames) {
    for (Hash256& hash : frame.pdq.hashes) {
      for (uint64_t& word : hash.words) word = ~word;
    }
  }
  const auto matches = Find(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_TRUE(matches[0].negative);
  EXPECT_EQ(matches[0].reference.start, absl::Seconds(5));
}

TEST_F(FindCopiesTest, ANegativeIsFoundInALongUploadToo) {
  std::vector<Hash256> hashes = MovingHashes(400, 40, random_);
  const auto copy = Copy();
  for (size_t i = 0; i < copy.size(); ++i) {
    hashes[200 + i] = copy[i];
    for (uint64_t& word : hashes[200 + i].words) word = ~word;
  }
  const auto matches = Find(MakeUpload(hashes));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_TRUE(matches[0].negative);
  EXPECT_EQ(matches[0].query.start, absl::Seconds(100));
}

TEST_F(FindCopiesTest, ATileSaysWhichOneItIs) {
  UploadFingerprint upload = Unrelated();
  const LayoutPart tile = {.kind = LayoutPart::Kind::kTile,
                           .region = {0.5, 0.25, 0.75, 0.5},
                           .row = 1,
                           .column = 2,
                           .rows = 4,
                           .columns = 4};
  upload.parts.push_back({.part = tile, .frames = MakeUpload(Copy()).frames});
  upload.parts.push_back({.part = {.kind = LayoutPart::Kind::kTile,
                                   .region = Region(),
                                   .rows = 4,
                                   .columns = 4},
                          .frames = Unrelated().frames});
  const auto matches = Find(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].part.kind, Part::kTile);
  EXPECT_EQ(matches[0].part.row, 1);
  EXPECT_EQ(matches[0].part.column, 2);
  EXPECT_EQ(matches[0].part.columns, 4);
  EXPECT_EQ(matches[0].part.query.left, 0.5);
}

TEST_F(FindCopiesTest, TwoStretchesOfAnUploadAreToldBoth) {
  std::vector<Hash256> hashes = Copy();
  const auto other = MovingHashes(40, 40, random_);
  hashes.insert(hashes.end(), other.begin(), other.end());
  UploadFingerprint upload = MakeUpload(hashes);
  PartFingerprint part;
  part.part.kind = LayoutPart::Kind::kInner;
  part.frames = MakeUpload(MovingHashes(40, 40, random_)).frames;
  for (FrameFingerprint frame : MakeUpload(Copy()).frames) {
    frame.time += absl::Seconds(20);
    part.frames.push_back(frame);
  }
  upload.parts.push_back(part);
  EXPECT_THAT(
      Find(upload),
      testing::UnorderedElementsAre(
          Field(&ClipMatch::part, Field(&PicturePart::kind, Part::kWhole)),
          Field(&ClipMatch::part, Field(&PicturePart::kind, Part::kInner))));
}

TEST_F(FindCopiesTest, ASceneIsFoundByItsOwnHash) {
  const Hash256 background = RandomHash(random_);
  clip_.detail.scenes.push_back(
      {.hash = background,
       .quality = 100,
       .span = {absl::Seconds(2), absl::Seconds(12)}});
  UploadFingerprint upload = Unrelated();
  SceneKey& scene = upload.scenes.emplace_back();
  scene.pdq =
      FingerprintOf(AtDistance(background, 20, random_), absl::ZeroDuration())
          .pdq;
  scene.start = absl::Seconds(1);
  scene.end = absl::Seconds(9);
  const auto matches = Find(upload);
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].kind, Kind::kSameScene);
  EXPECT_EQ(matches[0].query.start, absl::Seconds(1));
  EXPECT_EQ(matches[0].reference.end, absl::Seconds(12));
  EXPECT_EQ(matches[0].median_distance, 20);
  EXPECT_LE(matches[0].score, 0.3);

  upload.scenes[0].pdq =
      FingerprintOf(AtDistance(background, 40, random_), absl::ZeroDuration())
          .pdq;
  EXPECT_THAT(Find(upload), IsEmpty());
}

TEST_F(FindCopiesTest, FootageComesBeforeItsScene) {
  clip_.detail.scenes.push_back(
      {.hash = hashes_[0],
       .quality = 100,
       .span = {absl::ZeroDuration(), absl::Seconds(20)}});
  UploadFingerprint upload = MakeUpload(Copy());
  SceneKey& scene = upload.scenes.emplace_back();
  scene.pdq = FingerprintOf(hashes_[0], absl::ZeroDuration()).pdq;
  scene.end = absl::Seconds(10);
  EXPECT_THAT(Find(upload),
              ElementsAre(Field(&ClipMatch::kind, Kind::kFrames)));
}

TEST_F(FindCopiesTest, SceneAndFrameNumbersDoNotMix) {
  // Hits on scenes are numbered after the frames: a clip with one frame.
  Clip clip = MakeClip("list", "one", {RandomHash(random_)});
  const Hash256 background = RandomHash(random_);
  clip.detail.scenes.push_back(
      {.hash = background, .quality = 100, .span = {}});
  const UploadFingerprint upload =
      MakeUpload(std::vector<Hash256>(10, background));
  EXPECT_THAT(ClipSet(clip).Match(upload), IsEmpty());
}

TEST_F(FindCopiesTest, ASightingOfAClipThatIsGoneIsNothing) {
  UploadFingerprint upload = Unrelated();
  for (const uint64_t clip_id : {0u, 1u, 2u, 1000000u}) {
    SightingFingerprint& sighting = upload.sightings.emplace_back();
    sighting.sighting.clip_id = clip_id;
    sighting.visible = kAllWindows;
    sighting.windows.resize(5);
  }
  EXPECT_THAT(Find(upload), IsEmpty());
}

TEST_F(FindCopiesTest, NothingIsFoundInNothing) {
  EXPECT_THAT(Find(UploadFingerprint()), IsEmpty());
  UploadFingerprint upload;
  upload.parts.resize(3);
  upload.sightings.resize(3);
  upload.scenes.resize(3);
  EXPECT_THAT(Find(upload), IsEmpty());
}

}  // namespace
}  // namespace lenscap
