#include "index/agreement.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kReferenceStep = kSecond / 4;
constexpr int64_t kQueryStep = kSecond / 2;
constexpr int kMaxDistance = 31;

struct Video {
  Video(std::vector<Hash256> hashes_, int64_t step_)
      : hashes(std::move(hashes_)), step(step_) {
    for (size_t i = 0; i < hashes.size(); ++i) times.push_back(step * i);
  }
  Track track() const { return {hashes, times, step}; }

  std::vector<Hash256> hashes;
  std::vector<int64_t> times;
  int64_t step;
};

// The whole query on the path.
Agreement JudgeAll(const Video& query, const Video& reference,
                   const Path& path) {
  return Judge(query.track(), reference.track(),
               {path, 0, query.hashes.size() - 1}, kMaxDistance);
}

class AgreementTest : public testing::Test {
 protected:
  // A copy of the `seconds` from `start` on, at its own path.
  Video Copy(const std::vector<Hash256>& clip, int start, int seconds,
             int noise) {
    return Video(CopyOf(clip, start * 4, seconds * 2, noise, random_),
                 kQueryStep);
  }
  static Path From(int start) {
    return {.still = false, .offset = start * kSecond, .speed = 1};
  }
  Random random_{1};
};

TEST_F(AgreementTest, AnExcerptOfAMovingCameraIsTheSameFootage) {
  const auto clip = MovingHashes(400, 8, random_);
  const Video reference(clip, kReferenceStep);
  for (const int seconds : {3, 5, 20}) {
    const Agreement agreement =
        JudgeAll(Copy(clip, 40, seconds, 8), reference, From(40));
    EXPECT_TRUE(agreement.same_footage) << seconds;
    EXPECT_GT(ScoreOf(agreement), 0.5) << seconds;
  }
  EXPECT_GE(ScoreOf(JudgeAll(Copy(clip, 40, 3, 8), reference, From(40))), 0.65);
}

TEST_F(AgreementTest, AnExcerptOfAFixedCameraIsTheSameFootage) {
  for (int round = 0; round < 50; ++round) {
    const auto clip = FixedCameraHashes(400, random_);
    const Agreement agreement =
        JudgeAll(Copy(clip, 40, 5, 4), Video(clip, kReferenceStep), From(40));
    EXPECT_TRUE(agreement.same_footage) << agreement.correlation;
    EXPECT_GT(ScoreOf(agreement), 0.3);
  }
}

// Whatever path is chosen.
TEST_F(AgreementTest, AnotherTimeOfAFixedCameraIsTheSameScene) {
  for (int round = 0; round < 20; ++round) {
    const auto camera = FixedCameraHashes(800, random_);
    const Video reference({camera.begin(), camera.begin() + 400},
                          kReferenceStep);
    const Video query(CopyOf(camera, 420, 20, 4, random_), kQueryStep);
    for (int start = 0; start < 90; ++start) {
      const Agreement agreement = JudgeAll(query, reference, From(start));
      EXPECT_FALSE(agreement.same_footage)
          << start << ": " << agreement.correlation;
      EXPECT_LE(ScoreOf(agreement), 0.3);
      EXPECT_GT(ScoreOf(agreement), 0.1);
    }
  }
}

TEST_F(AgreementTest, AStillSceneCannotBeTold) {
  const Hash256 scene = CorrelatedHash(random_);
  const auto noisy = [&](int frames) {
    std::vector<Hash256> hashes;
    while (std::ssize(hashes) < frames) {
      hashes.push_back(AtDistance(scene, 3, random_));
    }
    return hashes;
  };
  EXPECT_FALSE(JudgeAll(Video(noisy(40), kQueryStep),
                        Video(noisy(80), kReferenceStep), From(0))
                   .same_footage);
  const std::vector<Hash256> frozen(80, scene);
  EXPECT_FALSE(
      JudgeAll(Video(frozen, kQueryStep), Video(frozen, kQueryStep), From(0))
          .same_footage);
}

TEST_F(AgreementTest, ALightThatGoesOnIsNoOtherPlace) {
  // Dark for 20 s, then lit; the query is lit at another time.
  const Hash256 dark = CorrelatedHash(random_), lit = CorrelatedHash(random_);
  std::vector<Hash256> hashes;
  for (int i = 0; i < 160; ++i) {
    hashes.push_back(AtDistance(i < 80 ? dark : lit, 3, random_));
  }
  std::vector<Hash256> later;
  for (int i = 0; i < 10; ++i) later.push_back(AtDistance(lit, 3, random_));
  EXPECT_FALSE(JudgeAll(Video(later, kQueryStep), Video(hashes, kReferenceStep),
                        From(20))
                   .same_footage);
}

TEST_F(AgreementTest, ASlowLightCorrelatesNoFootage) {
  // Both get brighter, which changes the same bits in the same order.
  const Hash256 scene = CorrelatedHash(random_);
  std::vector<Hash256> hashes = {scene};
  Random light(7);
  while (hashes.size() < 240) {
    hashes.push_back(hashes.size() % 8 == 0
                         ? AtDistance(hashes.back(), 1, light)
                         : hashes.back());
  }
  std::vector<Hash256> later;
  for (size_t i = 0; i < hashes.size(); i += 2) {
    later.push_back(AtDistance(hashes[i], 4, random_));
  }
  for (Hash256& hash : hashes) hash = AtDistance(hash, 4, random_);
  EXPECT_FALSE(
      JudgeAll(Video(later, kQueryStep), Video(hashes, kReferenceStep), From(0))
          .same_footage);
}

TEST_F(AgreementTest, WhatChangesInOneOnlyContradicts) {
  const auto moving = FixedCameraHashes(240, random_);
  std::vector<Hash256> quiet;
  for (int i = 0; i < 240; ++i) {
    quiet.push_back(AtDistance(moving[0], 2, random_));
  }
  const Path path = From(10);
  EXPECT_FALSE(
      JudgeAll(Copy(quiet, 10, 20, 2), Video(moving, kReferenceStep), path)
          .same_footage);
  EXPECT_FALSE(
      JudgeAll(Copy(moving, 10, 20, 2), Video(quiet, kReferenceStep), path)
          .same_footage);
}

TEST_F(AgreementTest, AnImageIsTheSameWhereverItIsShown) {
  const Hash256 image = CorrelatedHash(random_);
  const Video reference({image}, 0);
  const Path still = {.still = true, .offset = 0, .speed = 1};
  const Agreement agreement = JudgeAll(
      Video({AtDistance(image, 20, random_)}, kQueryStep), reference, still);
  EXPECT_TRUE(agreement.same_footage);
  EXPECT_EQ(agreement.evidence, 64);
}

TEST_F(AgreementTest, AnImageOfAFixedCameraIsItsScene) {
  const auto camera = FixedCameraHashes(400, random_);
  const auto film = MovingHashes(400, 8, random_);
  const Path still = {.still = true, .offset = 50 * kSecond, .speed = 1};
  EXPECT_FALSE(
      JudgeAll(Video({camera[200]}, 0), Video(camera, kReferenceStep), still)
          .same_footage);
  EXPECT_TRUE(
      JudgeAll(Video({film[200]}, 0), Video(film, kReferenceStep), still)
          .same_footage);
}

TEST_F(AgreementTest, AFrozenFrameIsTheSameOnlyIfItStandsOut) {
  const auto camera = FixedCameraHashes(400, random_);
  const auto film = MovingHashes(400, 16, random_);
  const Path still = {.still = true, .offset = 50 * kSecond, .speed = 1};
  for (const auto* clip : {&camera, &film}) {
    const Video frozen(std::vector<Hash256>(20, (*clip)[200]), kQueryStep);
    EXPECT_EQ(
        JudgeAll(frozen, Video(*clip, kReferenceStep), still).same_footage,
        clip == &film);
  }
}

TEST_F(AgreementTest, AShortReferenceIsComparedWithTheRestOfTheQuery) {
  const auto film = MovingHashes(400, 16, random_);
  const auto camera = FixedCameraHashes(400, random_);
  for (const auto* clip : {&camera, &film}) {
    const Video reference({clip->begin() + 200, clip->begin() + 205},
                          kReferenceStep);
    const Video query(CopyOf(*clip, 0, 200, 4, random_), kQueryStep);
    const Path path{.still = false, .offset = -50 * kSecond, .speed = 1};
    const Agreement agreement =
        Judge(query.track(), reference.track(), {path, 100, 102}, kMaxDistance);
    EXPECT_EQ(agreement.same_footage, clip == &film);
  }
}

TEST_F(AgreementTest, FasterSlowerAndBackwardsAreTheSameFootage) {
  const auto clip = FixedCameraHashes(480, random_);
  const Video reference(clip, kReferenceStep);
  for (const double speed : {0.5, 2.0, -1.0}) {
    const Path path = Path::Through(speed, 0, 60 * kSecond);
    std::vector<Hash256> frames;
    for (int i = 0; i < 40; ++i) {
      frames.push_back(AtDistance(
          clip[NearestFrame(reference.track(), path.At(i * kQueryStep))], 3,
          random_));
    }
    EXPECT_TRUE(
        JudgeAll(Video(frames, kQueryStep), reference, path).same_footage)
        << speed;
  }
}

TEST_F(AgreementTest, MoreIsNeededWhereThereIsMoreToChooseFrom) {
  const Video minute(std::vector<Hash256>(61), kSecond);
  const Video hours(std::vector<Hash256>(8 * 3600), kSecond);
  const Path even, faster = {.still = false, .offset = 0, .speed = 2},
                   backwards = {.still = false, .offset = 0, .speed = -1};
  const double least = CorrelationNeeded(minute.track(), even);
  EXPECT_GT(CorrelationNeeded(hours.track(), even), least + 0.1);
  EXPECT_GT(CorrelationNeeded(minute.track(), faster), least);
  EXPECT_GT(CorrelationNeeded(minute.track(), backwards),
            CorrelationNeeded(minute.track(), faster));
  EXPECT_LT(CorrelationNeeded(hours.track(), backwards), 0.9);
}

TEST_F(AgreementTest, SeveralHashesAFrameAreJudgedAsOne) {
  const auto clip = FixedCameraHashes(200, random_);
  const auto copy = CopyOf(clip, 80, 20, 4, random_);
  const auto twice = [](const std::vector<Hash256>& hashes) {
    std::vector<Hash256> all;
    for (const Hash256& hash : hashes) all.insert(all.end(), 2, hash);
    return all;
  };
  const Video one(clip, kReferenceStep), query(copy, kQueryStep);
  const auto clip_twice = twice(clip), copy_twice = twice(copy);
  const Track reference2{clip_twice, one.times, kReferenceStep, 2};
  const Track query2{copy_twice, query.times, kQueryStep, 2};
  const Place place{From(20), 0, 19};
  const Agreement a = Judge(query.track(), one.track(), place, kMaxDistance);
  const Agreement b = Judge(query2, reference2, place, kMaxDistance);
  EXPECT_EQ(a.correlation, b.correlation);
  EXPECT_EQ(a.evidence, b.evidence);
}

TEST_F(AgreementTest, TimesThatAreAllTheSameDoNoHarm) {
  const auto clip = FixedCameraHashes(100, random_);
  Video query(clip, kQueryStep), reference(clip, kReferenceStep);
  std::fill(query.times.begin(), query.times.end(), 0);
  EXPECT_FALSE(JudgeAll(query, reference, From(0)).same_footage);
  std::fill(reference.times.begin(), reference.times.end(), 0);
  JudgeAll(query, reference, From(0));
  // Nowhere near the reference.
  const Agreement none = JudgeAll(query, reference, From(1000));
  EXPECT_FALSE(none.same_footage);
  EXPECT_EQ(none.evidence, 0);
  EXPECT_EQ(ScoreOf(none), 0);
}

}  // namespace
}  // namespace lenscap
