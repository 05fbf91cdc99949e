#include "index/align.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kReferenceStep = kSecond / 4;
constexpr int64_t kQueryStep = kSecond / 2;

// A video of hashes at regular times.
struct Video {
  Video(std::vector<Hash256> hashes_, int64_t step_, int64_t phase = 0)
      : hashes(std::move(hashes_)), step(step_) {
    for (size_t i = 0; i < hashes.size(); ++i) {
      times.push_back(phase + step * i);
    }
  }
  Track track() const { return {hashes, times, step}; }

  std::vector<Hash256> hashes;
  std::vector<int64_t> times;
  int64_t step;
};

// As a search finds them, at most `most` a frame.
std::vector<FrameHit> HitsOf(const Video& query, const Video& reference,
                             int most, bool* complete) {
  std::vector<FrameHit> hits;
  *complete = true;
  for (uint32_t q = 0; q < query.hashes.size(); ++q) {
    int count = 0;
    for (uint32_t r = 0; r < reference.hashes.size(); ++r) {
      if (HammingDistance(query.hashes[q], reference.hashes[r]) > 31) continue;
      if (++count > most) {
        *complete = false;
        break;
      }
      hits.push_back({q, r});
    }
  }
  return hits;
}

std::vector<Alignment> AlignVideos(const Video& query, const Video& reference,
                                   const AlignOptions& options = {}) {
  bool complete;
  const auto hits = HitsOf(query, reference, 32, &complete);
  return Align(query.track(), reference.track(), hits, complete, options);
}

std::vector<Hash256> Concatenated(
    std::initializer_list<std::vector<Hash256>> parts) {
  std::vector<Hash256> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The first and last frame of the query, and the offset within `tolerance`.
void ExpectPlace(const Alignment& alignment, size_t first, size_t last,
                 double offset_seconds, double tolerance = 0.26) {
  EXPECT_FALSE(alignment.path.still);
  EXPECT_EQ(alignment.first, first);
  EXPECT_EQ(alignment.last, last);
  EXPECT_NEAR(alignment.path.offset * 1e-6, offset_seconds, tolerance);
}

class AlignTest : public testing::Test {
 protected:
  std::vector<Hash256> Unrelated(int count) {
    return MovingHashes(count, 20, random_);
  }
  Random random_{1};
};

TEST_F(AlignTest, NothingAgreesWithNothing) {
  EXPECT_TRUE(Align(Track(), Track(), {}, true, AlignOptions()).empty());
  const Video a(Unrelated(50), kQueryStep), b(Unrelated(80), kReferenceStep);
  EXPECT_TRUE(AlignVideos(a, b).empty());
}

TEST_F(AlignTest, AnExcerptOfMovingContentIsFoundAndLocated) {
  // Five minutes; five seconds of it, from 123 s on, stand at 60 s.
  const auto clip = MovingHashes(1200, 6, random_);
  const Video reference(clip, kReferenceStep);
  const Video query(
      Concatenated(
          {Unrelated(120), CopyOf(clip, 492, 10, 8, random_), Unrelated(100)}),
      kQueryStep);
  const auto found = AlignVideos(query, reference);
  ASSERT_EQ(found.size(), 1);
  ExpectPlace(found[0], 120, 129, 123 - 60);
  EXPECT_EQ(found[0].distances.size(), 10);
}

TEST_F(AlignTest, AnExcerptOfAFixedCameraIsFoundAndLocated) {
  for (int round = 0; round < 20; ++round) {
    const auto clip = FixedCameraHashes(1200, random_);
    const Video reference(clip, kReferenceStep);
    const int start = Below(1200 - 40, random_);
    const Video query(
        Concatenated({Unrelated(40), CopyOf(clip, start, 20, 6, random_),
                      Unrelated(40)}),
        kQueryStep);
    const auto found = AlignVideos(query, reference);
    ASSERT_EQ(found.size(), 1);
    ExpectPlace(found[0], 40, 59, start * 0.25 - 20);
  }
}

TEST_F(AlignTest, TheReferenceMayBeAnExcerptOfTheQuery) {
  const auto clip = MovingHashes(400, 6, random_);
  const Video reference({clip.begin() + 200, clip.begin() + 240},
                        kReferenceStep);
  const Video query(CopyOf(clip, 0, 200, 6, random_), kQueryStep);
  const auto found = AlignVideos(query, reference);
  ASSERT_EQ(found.size(), 1);
  // Frames just outside are still close to the nearest one.
  EXPECT_NEAR(found[0].first, 100, 1);
  EXPECT_NEAR(found[0].last, 119, 1);
  EXPECT_NEAR(found[0].path.offset * 1e-6, -50, 0.26);
}

TEST_F(AlignTest, PhasesOfSamplingMayDiffer) {
  for (const int64_t phase : {1, 70'000, 124'000, 180'000, 249'000}) {
    const auto clip = MovingHashes(240, 6, random_);
    const Video reference(clip, kReferenceStep);
    const Video query(CopyOf(clip, 80, 20, 4, random_), kQueryStep, phase);
    const auto found = AlignVideos(query, reference);
    ASSERT_EQ(found.size(), 1) << phase;
    ExpectPlace(found[0], 0, 19, 20 - phase * 1e-6);
  }
}

TEST_F(AlignTest, TimesMayBeIrregular) {
  const auto clip = MovingHashes(400, 4, random_);
  Video reference(clip, kReferenceStep);
  Video query(CopyOf(clip, 100, 40, 4, random_), kQueryStep);
  for (int64_t& time : reference.times) time += Below(60'000, random_);
  for (int64_t& time : query.times) time += Below(100'000, random_);
  const auto found = AlignVideos(query, reference);
  ASSERT_EQ(found.size(), 1);
  ExpectPlace(found[0], 0, 39, 25);
}

TEST_F(AlignTest, SeveralPlacesOfOneReferenceAreToldApart) {
  for (const bool fixed : {false, true}) {
    const auto clip =
        fixed ? FixedCameraHashes(800, random_) : MovingHashes(800, 8, random_);
    const Video reference(clip, kReferenceStep);
    // The second half first, then something else, then the beginning.
    const Video query(
        Concatenated({CopyOf(clip, 600, 24, 4, random_), Unrelated(30),
                      CopyOf(clip, 40, 30, 4, random_)}),
        kQueryStep);
    const auto found = AlignVideos(query, reference);
    ASSERT_EQ(found.size(), 2) << fixed;
    ExpectPlace(found[0], 0, 23, 150);
    ExpectPlace(found[1], 54, 83, 10 - 27);
  }
}

TEST_F(AlignTest, ACutWithinAFixedCameraIsSeen) {
  const auto clip = FixedCameraHashes(800, random_);
  const Video reference(clip, kReferenceStep);
  const Video query(Concatenated({CopyOf(clip, 600, 40, 2, random_),
                                  CopyOf(clip, 100, 40, 2, random_)}),
                    kQueryStep);
  const auto found = AlignVideos(query, reference);
  ASSERT_EQ(found.size(), 2);
  EXPECT_NEAR(found[0].path.offset * 1e-6, 150, 0.26);
  EXPECT_NEAR(found[1].path.offset * 1e-6, 25 - 20, 0.26);
  EXPECT_NEAR(found[0].last, 39, 2);
  EXPECT_EQ(found[1].first, found[0].last + 1);
}

TEST_F(AlignTest, AFewDisagreeingFramesAreBridged) {
  const auto clip = MovingHashes(400, 6, random_);
  const Video reference(clip, kReferenceStep);
  auto copy = CopyOf(clip, 100, 40, 4, random_);
  for (const int i : {7, 8, 20, 21, 22, 30}) copy[i] = RandomHash(random_);
  const auto found = AlignVideos(Video(copy, kQueryStep), reference);
  ASSERT_EQ(found.size(), 1);
  ExpectPlace(found[0], 0, 39, 25);
  EXPECT_EQ(found[0].distances.size(), 34);
}

TEST_F(AlignTest, ALongInterruptionMakesTwoPlaces) {
  const auto clip = MovingHashes(400, 6, random_);
  const Video reference(clip, kReferenceStep);
  auto copy = CopyOf(clip, 100, 60, 4, random_);
  for (int i = 20; i < 40; ++i) copy[i] = RandomHash(random_);
  const auto found = AlignVideos(Video(copy, kQueryStep), reference);
  ASSERT_EQ(found.size(), 2);
  ExpectPlace(found[0], 0, 19, 25);
  ExpectPlace(found[1], 40, 59, 25);
}

TEST_F(AlignTest, ThreeFramesInOrderAgreeTwoDoNot) {
  const auto clip = MovingHashes(400, 12, random_);
  const Video reference(clip, kReferenceStep);
  for (const int frames : {2, 3}) {
    for (const int noise : {0, 31}) {
      const Video query(Concatenated({Unrelated(10),
                                      CopyOf(clip, 100, frames, noise, random_),
                                      Unrelated(10)}),
                        kQueryStep);
      EXPECT_EQ(AlignVideos(query, reference).size(), frames == 3)
          << frames << " frames at " << noise;
    }
  }
}

TEST_F(AlignTest, ThreeFramesOutOfOrderDoNotAgree) {
  const auto clip = MovingHashes(400, 20, random_);
  auto shuffled = CopyOf(clip, 100, 3, 4, random_);
  std::rotate(shuffled.begin(), shuffled.begin() + 2, shuffled.end());
  const Video query(Concatenated({Unrelated(10), shuffled, Unrelated(10)}),
                    kQueryStep);
  EXPECT_TRUE(AlignVideos(query, Video(clip, kReferenceStep)).empty());
}

TEST_F(AlignTest, WhatHasFewerFramesNeedsFewer) {
  const auto clip = MovingHashes(400, 20, random_);
  const Video reference(clip, kReferenceStep);
  const Video two(CopyOf(clip, 100, 2, 10, random_), kQueryStep);
  EXPECT_EQ(AlignVideos(two, reference).size(), 1);
  const Video one({AtDistance(clip[77], 31, random_)}, 0);
  const auto found = AlignVideos(one, reference);
  ASSERT_EQ(found.size(), 1);
  EXPECT_TRUE(found[0].path.still);
  EXPECT_NEAR(found[0].path.offset, 77 * kReferenceStep, kReferenceStep);
  const Video short_reference({clip.begin(), clip.begin() + 2}, kQueryStep);
  const Video query(
      Concatenated({Unrelated(10), CopyOf(clip, 0, 2, 4, random_)}),
      kReferenceStep);
  EXPECT_GE(AlignVideos(query, short_reference).size(), 1);
}

TEST_F(AlignTest, AnImageIsFoundInOneFrame) {
  const Hash256 image = CorrelatedHash(random_);
  auto frames = Unrelated(60);
  frames[17] = AtDistance(image, 20, random_);
  const auto found = AlignVideos(Video(frames, kQueryStep), Video({image}, 0));
  ASSERT_EQ(found.size(), 1);
  EXPECT_TRUE(found[0].path.still);
  EXPECT_EQ(found[0].first, 17);
  EXPECT_EQ(found[0].last, 17);
  EXPECT_EQ(found[0].distances, std::vector<int>{20});
}

TEST_F(AlignTest, AnImageThatStandsStillIsOnePlace) {
  const Hash256 image = CorrelatedHash(random_);
  auto frames = Unrelated(60);
  for (int i = 20; i < 40; ++i) frames[i] = AtDistance(image, 6, random_);
  frames[30] = RandomHash(random_);
  const auto found = AlignVideos(Video(frames, kQueryStep), Video({image}, 0));
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].first, 20);
  EXPECT_EQ(found[0].last, 39);
}

TEST_F(AlignTest, AFrozenFrameOfAMovingClipIsAStill) {
  const auto clip = MovingHashes(400, 16, random_);
  auto frames = Unrelated(60);
  for (int i = 20; i < 40; ++i) frames[i] = AtDistance(clip[200], 4, random_);
  const auto found =
      AlignVideos(Video(frames, kQueryStep), Video(clip, kReferenceStep));
  ASSERT_EQ(found.size(), 1);
  EXPECT_TRUE(found[0].path.still);
  EXPECT_EQ(found[0].first, 20);
  EXPECT_EQ(found[0].last, 39);
  EXPECT_EQ(found[0].path.offset, 200 * kReferenceStep);
}

TEST_F(AlignTest, ASparseReferenceIsFollowed) {
  // One frame a second, as lists of hashes have it.
  const auto clip = MovingHashes(240, 2, random_);
  std::vector<Hash256> sparse;
  for (size_t i = 0; i < clip.size(); i += 4) sparse.push_back(clip[i]);
  const Video query(
      Concatenated({Unrelated(20), CopyOf(clip, 80, 40, 4, random_)}),
      kQueryStep);
  const auto found = AlignVideos(query, Video(sparse, kSecond));
  ASSERT_EQ(found.size(), 1);
  EXPECT_NEAR(found[0].first, 20, 1);
  EXPECT_NEAR(found[0].last, 59, 1);
  EXPECT_NEAR(found[0].path.offset * 1e-6, 20 - 10, 0.51);
}

TEST_F(AlignTest, PlacesAreNeverTwiceAtOneTime) {
  for (int round = 0; round < 20; ++round) {
    const auto clip = FixedCameraHashes(60, random_);
    const Video reference(clip, kReferenceStep);
    std::vector<Hash256> frames;
    while (frames.size() < 200) {
      const auto part =
          Below(2, random_) == 0
              ? Unrelated(1 + Below(9, random_))
              : CopyOf(clip, Below(20, random_), 1 + Below(20, random_),
                       Below(24, random_), random_);
      frames.insert(frames.end(), part.begin(), part.end());
    }
    const auto found = AlignVideos(Video(frames, kQueryStep), reference);
    ASSERT_FALSE(found.empty());
    EXPECT_LE(found.size(), 32);
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_GE(found[i].distances.size(), 3);
      EXPECT_LE(*std::max_element(found[i].distances.begin(),
                                  found[i].distances.end()),
                31);
      EXPECT_LE(found[i].first, found[i].last);
      if (i > 0) {
        EXPECT_GT(found[i].first, found[i - 1].last);
      }
    }
  }
}

TEST_F(AlignTest, AStricterDistanceIsKept) {
  const auto clip = MovingHashes(100, 6, random_);
  const Video reference(clip, kReferenceStep);
  const Video query(CopyOf(clip, 20, 20, 12, random_), kQueryStep);
  EXPECT_EQ(AlignVideos(query, reference, {.max_distance = 12}).size(), 1);
  EXPECT_EQ(AlignVideos(query, reference, {.max_distance = 11}).size(), 0);
}

// Eight hours of a fixed camera against eight others: every frame fits
// everywhere. What is compared is bounded, and the true place still wins.
TEST_F(AlignTest, HoursOfAFixedCameraAreBounded) {
  const int frames = 8 * 3600 * 4;
  const auto clip = FixedCameraHashes(frames, random_);
  const Video reference(clip, kReferenceStep);
  const int start = frames / 4;
  const Video query(CopyOf(clip, start, frames / 4, 4, random_), kQueryStep);
  // As a search that gave up early: the first frames are all it found.
  std::vector<FrameHit> hits;
  for (uint32_t q = 0; q < query.hashes.size(); ++q) {
    for (uint32_t r = 0; r < 32; ++r) hits.push_back({q, r});
  }
  const auto found = Align(query.track(), reference.track(), hits, false,
                           {.max_comparisons = 40'000'000});
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].first, 0);
  EXPECT_EQ(found[0].last, query.hashes.size() - 1);
  EXPECT_NEAR(found[0].path.offset * 1e-6, start * 0.25, 0.26);
}

// What a copy at `speed` from `start` seconds on sees: the nearest frames.
std::vector<Hash256> CopyAtSpeed(const Video& video, double speed, double start,
                                 int count, int noise, Random& random) {
  std::vector<Hash256> copy;
  const Path path =
      Path::Through(speed, 0, static_cast<int64_t>(start * kSecond));
  for (int i = 0; i < count; ++i) {
    const size_t frame = NearestFrame(video.track(), path.At(i * kQueryStep));
    copy.push_back(AtDistance(video.hashes[frame], noise, random));
  }
  return copy;
}

// How far, in seconds of the reference, the path is from the true one where
// the place begins and ends.
double SecondsOff(const Alignment& found, const Video& query,
                  const Path& truth) {
  double off = 0;
  for (const size_t frame : {found.first, found.last}) {
    const int64_t time = query.times[frame];
    off = std::max(off, std::abs(found.path.At(time) - truth.At(time)) * 1e-6);
  }
  return off;
}

TEST_F(AlignTest, ACopyAtAnySpeedIsOnePlace) {
  for (const bool fixed : {false, true}) {
    for (const double speed :
         {0.42, 0.5, 0.63, 0.8, 0.93, 1.04, 1.25, 1.5, 2.0, 2.4, -1.0}) {
      const auto clip = fixed ? FixedCameraHashes(800, random_)
                              : MovingHashes(800, 4, random_);
      const Video reference(clip, kReferenceStep);
      const int frames = std::min(80.0, 300 / std::abs(speed));
      const Video query(
          Concatenated({Unrelated(30),
                        CopyAtSpeed(reference, speed, speed < 0 ? 180 : 20,
                                    frames, 4, random_),
                        Unrelated(30)}),
          kQueryStep);
      const Path truth = Path::Through(speed, 30 * kQueryStep,
                                       (speed < 0 ? 180 : 20) * kSecond);
      const auto found = AlignVideos(query, reference);
      ASSERT_EQ(found.size(), 1) << speed << " " << fixed;
      EXPECT_NEAR(found[0].path.speed, speed, 0.02) << fixed;
      EXPECT_NEAR(found[0].first, 30, 1) << speed << " " << fixed;
      EXPECT_NEAR(found[0].last, 29 + frames, 1) << speed << " " << fixed;
      EXPECT_LE(SecondsOff(found[0], query, truth), 0.5)
          << speed << " " << fixed;
    }
  }
}

TEST_F(AlignTest, SpeedOneIsKeptWhereItFits) {
  for (const bool fixed : {false, true}) {
    for (int round = 0; round < 20; ++round) {
      const auto clip = fixed ? FixedCameraHashes(400, random_)
                              : MovingHashes(400, 4, random_);
      const Video reference(clip, kReferenceStep);
      const int count = 6 + Below(60, random_);
      const int start = Below(400 - 2 * count, random_);
      const Video query(CopyOf(clip, start, count, 8, random_), kQueryStep);
      const auto found = AlignVideos(query, reference);
      ASSERT_EQ(found.size(), 1) << fixed;
      EXPECT_EQ(found[0].path.speed, 1) << fixed;
    }
  }
}

TEST_F(AlignTest, PiecesOfDifferentSpeedAreToldApart) {
  for (const bool fixed : {false, true}) {
    const auto clip =
        fixed ? FixedCameraHashes(800, random_) : MovingHashes(800, 6, random_);
    const Video reference(clip, kReferenceStep);
    const Video query(
        Concatenated({CopyAtSpeed(reference, 2, 100, 40, 2, random_),
                      CopyAtSpeed(reference, 1, 20, 40, 2, random_),
                      CopyAtSpeed(reference, 0.5, 60, 40, 2, random_)}),
        kQueryStep);
    const auto found = AlignVideos(query, reference);
    ASSERT_EQ(found.size(), 3) << fixed;
    EXPECT_NEAR(found[0].path.speed, 2, 0.03);
    EXPECT_EQ(found[1].path.speed, 1);
    EXPECT_NEAR(found[2].path.speed, 0.5, 0.03);
    EXPECT_NEAR(found[1].first, 40, 2);
    EXPECT_NEAR(found[1].last, 79, 2);
  }
}

TEST_F(AlignTest, ALoopedPieceIsFoundEachTime) {
  const auto clip = MovingHashes(400, 8, random_);
  const Video reference(clip, kReferenceStep);
  std::vector<Hash256> frames;
  for (int loop = 0; loop < 5; ++loop) {
    const auto piece = CopyOf(clip, 100, 12, 4, random_);
    frames.insert(frames.end(), piece.begin(), piece.end());
  }
  const auto found = AlignVideos(Video(frames, kQueryStep), reference);
  ASSERT_EQ(found.size(), 5);
  for (int loop = 0; loop < 5; ++loop) {
    EXPECT_NEAR(found[loop].first, 12 * loop, 1);
    EXPECT_NEAR(found[loop].path.offset * 1e-6, 25 - 6 * loop, 0.26);
  }
}

// A trivially right search: every speed and offset, each by itself, and the
// stretch that earns most on it.
struct BestPlace {
  int64_t gain = 0;
  Path path;
};
BestPlace TryEverything(const Video& query, const Video& reference) {
  BestPlace best;
  for (const double speed : {0.5, 0.625, 0.8, 1.0, 1.25, 1.6, 2.0, -1.0}) {
    for (int64_t at = -20 * kSecond; at <= reference.times.back();
         at += kSecond / 8) {
      const Path path = Path::Through(speed, 0, at);
      int64_t sum = 0;
      for (size_t i = 0; i < query.hashes.size(); ++i) {
        const int64_t time = path.At(query.times[i]);
        int distance = -1;
        for (size_t r = 0; r < reference.hashes.size(); ++r) {
          if (std::abs(reference.times[r] - time) >= kReferenceStep) continue;
          const int d = HammingDistance(query.hashes[i], reference.hashes[r]);
          if (distance < 0 || d < distance) distance = d;
        }
        sum = std::max<int64_t>(0, sum + GainOf(distance, 31));
        if (sum > best.gain) best = {sum, path};
      }
    }
  }
  return best;
}

TEST_F(AlignTest, FindsWhatTryingEverythingFinds) {
  constexpr double kSpeeds[] = {0.5, 0.625, 0.8, 1, 1.25, 1.6, 2, -1};
  for (int round = 0; round < 48; ++round) {
    const auto clip = round % 2 == 0 ? FixedCameraHashes(160, random_)
                                     : MovingHashes(160, 4, random_);
    const Video reference(clip, kReferenceStep);
    const double speed = kSpeeds[round / 2 % 8];
    const Video query(
        Concatenated({Unrelated(Below(8, random_)),
                      CopyAtSpeed(reference, speed, speed < 0 ? 30 : 8, 20,
                                  Below(8, random_), random_),
                      Unrelated(Below(8, random_))}),
        kQueryStep);
    const BestPlace best = TryEverything(query, reference);
    const auto found = AlignVideos(query, reference);
    ASSERT_FALSE(found.empty()) << speed;
    const auto longest = *std::max_element(
        found.begin(), found.end(),
        [](const auto& a, const auto& b) { return a.score < b.score; });
    // Nearly as good, or better, and in the same place.
    EXPECT_GE(longest.score, best.gain * 0.95)
        << speed << " in round " << round;
    EXPECT_LE(SecondsOff(longest, query, best.path), 0.75)
        << speed << " in round " << round;
  }
}

TEST_F(AlignTest, SeveralHashesAFrameAreComparedByTheirMean) {
  const auto clip = MovingHashes(400, 6, random_);
  const auto copy = CopyOf(clip, 100, 30, 8, random_);
  // The second hash of each frame differs by 9 bits more.
  const auto twice = [&](const std::vector<Hash256>& hashes, int more) {
    std::vector<Hash256> all;
    for (const Hash256& hash : hashes) {
      all.push_back(hash);
      all.push_back(AtDistance(hash, more, random_));
    }
    return all;
  };
  const Video reference(clip, kReferenceStep), query(copy, kQueryStep);
  const auto reference_hashes = twice(clip, 0), query_hashes = twice(copy, 9);
  const Track reference2{reference_hashes, reference.times, kReferenceStep, 2};
  const Track query2{query_hashes, query.times, kQueryStep, 2};
  for (size_t i = 0; i < 30; ++i) {
    const size_t r = 100 + 2 * i;
    const int sum =
        HammingDistance(query_hashes[2 * i], reference_hashes[2 * r]) +
        HammingDistance(query_hashes[2 * i + 1], reference_hashes[2 * r + 1]);
    EXPECT_EQ(FrameDistance(query2, i, reference2, r), (sum + 1) / 2);
  }
  bool complete;
  const auto hits = HitsOf(query, reference, 32, &complete);
  const auto found = Align(query2, reference2, hits, complete, {});
  ASSERT_EQ(found.size(), 1);
  ExpectPlace(found[0], 0, 29, 25);
}

TEST_F(AlignTest, HostileTimesAndMillionsOfHitsAreBounded) {
  const auto clip = FixedCameraHashes(2000, random_);
  for (const int kind : {0, 1, 2}) {
    Video reference(clip, kReferenceStep);
    Video query(CopyOf(clip, 0, 1000, 4, random_), kQueryStep);
    if (kind == 1) std::fill(query.times.begin(), query.times.end(), kSecond);
    if (kind == 2) {
      std::fill(query.times.begin(), query.times.end(), 0);
      std::fill(reference.times.begin(), reference.times.end(), 0);
    }
    std::vector<FrameHit> hits;
    for (uint32_t q = 0; q < 1000; ++q) {
      for (uint32_t r = 0; r < 2000; ++r) hits.push_back({q, r});
    }
    for (const bool complete : {false, true}) {
      const auto found = Align(query.track(), reference.track(), hits, complete,
                               {.max_comparisons = 4'000'000});
      EXPECT_LE(found.size(), 32);
    }
  }
}

TEST_F(AlignTest, TimesThatAreOutOfAllBoundsDoNoHarm) {
  const auto clip = FixedCameraHashes(40, random_);
  Video reference(clip, kReferenceStep);
  reference.times.back() = 1'000'000 * kSecond;
  Video query(CopyOf(clip, 0, 20, 4, random_), kQueryStep);
  query.times.back() = 10'000'000 * kSecond;
  EXPECT_FALSE(AlignVideos(query, reference).empty());
}

TEST(TypicalStepTest, IsTheMedian) {
  EXPECT_EQ(TypicalStep({}), 0);
  EXPECT_EQ(TypicalStep({5}), 0);
  EXPECT_EQ(TypicalStep({5, 8}), 3);
  EXPECT_EQ(TypicalStep({0, 10, 20, 30, 1000}), 10);
}

}  // namespace
}  // namespace lenscap
