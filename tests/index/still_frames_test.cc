#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/frame_runs.h"
#include "index/matcher.h"
#include "index/path_finder.h"
#include "index/path_fit.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr double kStep = 0.25;  // Seconds.

Clip Collapsed(Clip clip) {
  FrameRuns<ReferenceFrame> runs;
  for (const ReferenceFrame& frame : clip.frames) runs.Add(frame);
  clip.frames = runs.Finish();
  return clip;
}

std::vector<ClipMatch> Find(const Clip& clip, const UploadFingerprint& upload) {
  const SearchState state = SearchState().With(
      {.added = {MakeSearchedClip(clip, 1, 50)}, .removed = {}, .lists = {}});
  return FindMatches(state, upload, {});
}

// One picture for `seconds`, but for a bit now and then.
std::vector<Hash256> Still(const Hash256& picture, int seconds,
                           Random& random) {
  std::vector<Hash256> hashes;
  for (int i = 0; i < 4 * seconds; ++i) {
    hashes.push_back(AtDistance(picture, Below(8, random) == 0, random));
  }
  return hashes;
}

// Somebody walks through it.
std::vector<Hash256> Walk(const Hash256& picture, int seconds, Random& random) {
  std::vector<Hash256> hashes;
  std::vector<int> changed;
  for (int i = 0; i < 4 * seconds; ++i) {
    for (int bits = 0; bits < 4; ++bits) changed.push_back(Below(256, random));
    if (changed.size() > 48)
      changed.erase(changed.begin(), changed.begin() + 4);
    Hash256 hash = picture;
    for (const int bit : changed) {
      hash.words[bit / 64] ^= uint64_t{1} << (bit % 64);
    }
    hashes.push_back(hash);
  }
  return hashes;
}

std::vector<Hash256> Joined(const std::vector<std::vector<Hash256>>& parts) {
  std::vector<Hash256> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<ClipMatch> OfKind(ClipMatch::Kind kind,
                              std::vector<ClipMatch> matches) {
  std::erase_if(matches,
                [&](const ClipMatch& match) { return match.kind != kind; });
  return matches;
}

// Both find the same footage in the same places, and the scene or not. Where
// the scene alone is the same, one place is as good as another.
void ExpectSame(const Clip& clip, const UploadFingerprint& upload,
                const std::string& what) {
  SCOPED_TRACE(what);
  const auto all = Find(clip, upload);
  const auto all_collapsed = Find(Collapsed(clip), upload);
  EXPECT_EQ(OfKind(ClipMatch::Kind::kSameScene, all).empty(),
            OfKind(ClipMatch::Kind::kSameScene, all_collapsed).empty());
  const auto whole = OfKind(ClipMatch::Kind::kFrames, all);
  const auto collapsed = OfKind(ClipMatch::Kind::kFrames, all_collapsed);
  ASSERT_EQ(collapsed.size(), whole.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    const auto expect_near = [](const TimeSpan& a, const TimeSpan& b) {
      EXPECT_NEAR(absl::ToDoubleSeconds(a.start),
                  absl::ToDoubleSeconds(b.start), kStep);
      EXPECT_NEAR(absl::ToDoubleSeconds(a.end), absl::ToDoubleSeconds(b.end),
                  kStep);
    };
    expect_near(collapsed[i].query, whole[i].query);
    expect_near(collapsed[i].reference, whole[i].reference);
    EXPECT_NEAR(collapsed[i].score, whole[i].score, 0.05);
    EXPECT_NEAR(collapsed[i].speed, whole[i].speed, 0.03);
  }
}

class StillFramesTest : public testing::TestWithParam<int> {
 protected:
  Random random_{static_cast<uint64_t>(GetParam())};
  const Hash256 room_ = CorrelatedHash(random_);
  // Two minutes, in which somebody walks by three times.
  const std::vector<Hash256> hashes_ =
      Joined({Still(room_, 30, random_), Walk(room_, 12, random_),
              Still(room_, 25, random_), Walk(room_, 10, random_),
              Still(room_, 30, random_), Walk(room_, 8, random_),
              Still(room_, 5, random_)});
  const Clip clip_ = MakeClip("list", "entry", hashes_);
};

TEST_P(StillFramesTest, AnExcerptIsFoundWhereItIs) {
  EXPECT_LT(Collapsed(clip_).frames.size(), clip_.frames.size() / 2);
  // From just before somebody comes, in the middle, and until they are gone.
  for (const int second : {26, 33, 38, 64, 70, 102, 104}) {
    const auto upload = MakeUpload(CopyOf(hashes_, 4 * second, 20, 4, random_));
    ExpectSame(clip_, upload, std::to_string(second));
    const auto matches = Find(Collapsed(clip_), upload);
    ASSERT_THAT(matches, Not(IsEmpty())) << second;
    EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames) << second;
    EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].reference.start), second, 1);
    EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].reference.end), second + 10,
                1);
  }
}

TEST_P(StillFramesTest, TheWholeIsFoundOverItsWholeLength) {
  const auto upload = MakeUpload(CopyOf(hashes_, 0, 240, 4, random_));
  ExpectSame(clip_, upload, "whole");
  const auto matches = Find(Collapsed(clip_), upload);
  ASSERT_THAT(matches, Not(IsEmpty()));
  EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kFrames);
  EXPECT_GE(matches[0].reference_coverage, 0.98);
  EXPECT_GE(matches[0].query_coverage, 0.98);
}

TEST_P(StillFramesTest, TheEmptyRoomAndOthersInItAreTheSameScene) {
  for (const auto& hashes :
       {Still(room_, 20, random_), Walk(room_, 20, random_),
        Joined({Still(room_, 10, random_), Walk(room_, 10, random_),
                Still(room_, 10, random_)})}) {
    const int count = hashes.size() / 2;
    const auto upload = MakeUpload(CopyOf(hashes, 0, count, 3, random_));
    ExpectSame(clip_, upload, std::to_string(count));
    for (const ClipMatch& match : Find(Collapsed(clip_), upload)) {
      EXPECT_EQ(match.kind, ClipMatch::Kind::kSameScene);
    }
  }
}

TEST_P(StillFramesTest, OnePictureOfItIsItsScene) {
  // Stored, most of its frames are those of the walk.
  const Clip clip =
      MakeClip("list", "entry",
               Joined({Still(room_, 100, random_), Walk(room_, 12, random_)}));
  const Clip collapsed = Collapsed(clip);
  EXPECT_LT(collapsed.frames.size(), 60);
  const auto upload = MakeUpload({AtDistance(room_, 3, random_)});
  for (const auto& matches : {Find(clip, upload), Find(collapsed, upload)}) {
    ASSERT_THAT(matches, SizeIs(1));
    EXPECT_EQ(matches[0].kind, ClipMatch::Kind::kSameScene);
  }
}

TEST_P(StillFramesTest, AStillClipIsNoPicture) {
  const Clip still = MakeClip("list", "entry", Still(room_, 60, random_));
  EXPECT_LE(Collapsed(still).frames.size(), 3);
  for (const int frames : {1, 2, 10, 40}) {
    ExpectSame(
        still,
        MakeUpload(CopyOf(Still(room_, 60, random_), 0, frames, 3, random_)),
        std::to_string(frames));
  }
  // One within which nothing differs.
  for (const int frames : {2, 3, 8}) {
    const Clip brief =
        MakeClip("list", "entry", std::vector<Hash256>(frames, room_));
    ExpectSame(
        brief,
        MakeUpload(std::vector<Hash256>(4, AtDistance(room_, 4, random_))),
        std::to_string(frames));
  }
}

TEST_P(StillFramesTest, SlidesAreFoundOneByOne) {
  std::vector<std::vector<Hash256>> slides;
  for (int i = 0; i < 8; ++i) {
    slides.push_back(Still(RandomHash(random_), 10, random_));
  }
  const Clip clip = MakeClip("list", "entry", Joined(slides));
  const auto upload =
      MakeUpload(CopyOf(Joined({slides[5], slides[2]}), 0, 40, 4, random_));
  ExpectSame(clip, upload, "slides");
  EXPECT_THAT(Find(Collapsed(clip), upload), Not(IsEmpty()));
}

TEST_P(StillFramesTest, FixedCamerasAreAsTheyWere) {
  const auto hashes = FixedCameraHashes(400, random_);
  const Clip clip = MakeClip("list", "entry", hashes);
  for (const int first : {0, 100, 300}) {
    ExpectSame(clip, MakeUpload(CopyOf(hashes, first, 40, 3, random_)),
               std::to_string(first));
  }
  ExpectSame(
      clip,
      MakeUpload(CopyOf(FixedCameraHashes(100, random_), 0, 40, 3, random_)),
      "another camera");
}

INSTANTIATE_TEST_SUITE_P(Seeds, StillFramesTest, testing::Values(1, 2, 3));

// Three frames: at 0, from 1 s to 61 s, at 62 s.
struct StayingTrack {
  std::vector<Hash256> hashes;
  std::vector<int64_t> times = {0, 1'000'000, 62'000'000};
  std::vector<int64_t> untils = {0, 61'000'000, 62'000'000};

  Track track() const {
    return {.hashes = hashes,
            .times = times,
            .step = TypicalStep(times, untils),
            .untils = untils};
  }
};

TEST(TrackTest, AFrameStandsForTheMomentsForWhichItStays) {
  Random random(9);
  const StayingTrack staying = {.hashes = MovingHashes(3, 20, random)};
  const Track track = staying.track();
  EXPECT_EQ(track.step, 1'000'000) << "not the minute that one stays";
  EXPECT_EQ(track.MomentsOf(0), 1);
  EXPECT_EQ(track.MomentsOf(1), 61);
  EXPECT_EQ(track.moments(), 63);
  EXPECT_EQ(track.MomentTime(1, 0), 1'000'000);
  EXPECT_EQ(track.MomentTime(1, 60), 61'000'000);
  EXPECT_EQ(track.MomentTime(1, 1000), 61'000'000);
  EXPECT_EQ(track.end_time(), 62'000'000);
  EXPECT_EQ(track.AwayFrom(1, 30'000'000), 0);
  EXPECT_EQ(track.AwayFrom(1, 61'250'000), 250'000);
  EXPECT_EQ(track.AwayFrom(1, 0), 1'000'000);
  EXPECT_EQ(track.TimeNear(1, 30'000'000), 30'000'000);
  EXPECT_EQ(NearestFrame(track, 30'000'000), 1);
  EXPECT_EQ(NearestFrame(track, 61'400'000), 1);
  EXPECT_EQ(NearestFrame(track, 61'600'000), 2);
  EXPECT_EQ(NearestMoment(track, 30'200'000), 30'000'000);
  EXPECT_EQ(NearestMoment(track, 61'400'000), 61'000'000);
  EXPECT_EQ(NearestMoment(track, 99'000'000), 62'000'000);
  EXPECT_EQ(NearestMoment(track, -5), 0);
}

TEST(TrackTest, AFrameIsComparedWithWhatStaysAtItsTime) {
  Random random(10);
  const StayingTrack staying = {.hashes = MovingHashes(3, 20, random)};
  const std::vector<Hash256> query(5, staying.hashes[1]);
  const std::vector<int64_t> times = {400'000, 1'000'000, 30'000'000,
                                      61'400'000, 63'000'000};
  const Track track = {.hashes = query, .times = times, .step = 500'000};
  Fit fits[5];
  FillFits(track, staying.track(), Path(), 0, 5, fits);
  EXPECT_EQ(fits[0].distance, 20) << "the first frame is nearer than a step";
  EXPECT_EQ(fits[1].distance, 0);
  EXPECT_EQ(fits[2].distance, 0);
  EXPECT_EQ(fits[2].between, 0);
  EXPECT_EQ(fits[3].distance, 0);
  EXPECT_EQ(fits[4].distance, -1);
}

TEST(TrackTest, HitsAreOfAllMomentsOrSpreadOverThem) {
  Random random(11);
  const StayingTrack staying = {.hashes = MovingHashes(3, 20, random)};
  std::vector<FrameHit> hits;
  EXPECT_TRUE(AddHits(7, 1, staying.track(), 61, &hits));
  EXPECT_THAT(hits, SizeIs(61));
  EXPECT_EQ(hits[60].query, 7);
  EXPECT_EQ(hits[60].ReferenceTime(staying.track()), 61'000'000);
  hits.clear();
  EXPECT_FALSE(AddHits(7, 1, staying.track(), 3, &hits));
  std::vector<int64_t> times;
  for (const FrameHit& hit : hits) {
    times.push_back(hit.ReferenceTime(staying.track()));
  }
  EXPECT_THAT(times, ElementsAre(1'000'000, 21'000'000, 41'000'000));
  hits.clear();
  EXPECT_FALSE(AddHits(7, 0, staying.track(), 0, &hits));
  EXPECT_FALSE(AddHits(7, 0, staying.track(), -3, &hits));
  EXPECT_THAT(hits, IsEmpty());
}

// One frame that stays for ever, times that are all equal.
TEST(TrackTest, StrangeTimesAreMomentsToo) {
  const std::vector<int64_t> times = {5}, untils = {1'000'000'000'000};
  const std::vector<Hash256> hashes(1);
  const Track one = {.hashes = hashes, .times = times, .untils = untils};
  EXPECT_EQ(TypicalStep(times, untils), 0);
  EXPECT_GT(one.moments(), 1);
  std::vector<FrameHit> hits;
  EXPECT_FALSE(AddHits(0, 0, one, 32, &hits));
  EXPECT_THAT(hits, SizeIs(32));
  EXPECT_EQ(NearestMoment(one, 77), 77);
}

}  // namespace
}  // namespace lenscap
