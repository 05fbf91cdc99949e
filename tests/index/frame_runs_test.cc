#include "index/frame_runs.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr absl::Duration kStep = absl::Milliseconds(250);

std::vector<ReferenceFrame> RunsOf(const std::vector<ReferenceFrame>& frames) {
  FrameRuns<ReferenceFrame> runs;
  for (const ReferenceFrame& frame : frames) runs.Add(frame);
  return runs.Finish();
}

// A frame every kStep.
std::vector<ReferenceFrame> FramesOf(const std::vector<Hash256>& hashes) {
  std::vector<ReferenceFrame> frames;
  for (const Hash256& hash : hashes) {
    frames.push_back({hash, 100, kStep * std::ssize(frames)});
  }
  return frames;
}

TEST(FrameRunsTest, NothingIsNothing) { EXPECT_THAT(RunsOf({}), SizeIs(0)); }

TEST(FrameRunsTest, AStillPictureIsItsFirstFrameAndTheLastOfAll) {
  Random random(1);
  const Hash256 hash = RandomHash(random);
  const auto frames = FramesOf(std::vector<Hash256>(100, hash));
  EXPECT_THAT(
      RunsOf(frames),
      ElementsAre(ReferenceFrame{hash, 100, absl::ZeroDuration(), kStep * 98},
                  ReferenceFrame{hash, 100, kStep * 99, kStep * 99}));
  EXPECT_EQ(RunsOf({frames[0]}), std::vector{frames[0]});
  EXPECT_EQ(RunsOf({frames[0], frames[1]}), (std::vector{frames[0], frames[1]}))
      << "how far apart frames are sampled stays known";
}

TEST(FrameRunsTest, WhatChangesIsKeptFrameByFrame) {
  Random random(2);
  const auto frames = FramesOf(MovingHashes(50, 3, random));
  EXPECT_EQ(RunsOf(frames), frames);
}

TEST(FrameRunsTest, ARunLastsUntilItsLastFrame) {
  Random random(3);
  const Hash256 a = RandomHash(random), b = RandomHash(random);
  EXPECT_THAT(
      RunsOf(FramesOf({a, a, a, b, b, a})),
      ElementsAre(ReferenceFrame{a, 100, absl::ZeroDuration(), kStep * 2},
                  ReferenceFrame{b, 100, kStep * 3, kStep * 4},
                  ReferenceFrame{a, 100, kStep * 5, kStep * 5}));
}

TEST(FrameRunsTest, FramesAreComparedWithTheFirstOfTheirRun) {
  Random random(4);
  // One bit after the other: two are near the first, the third is not.
  std::vector<Hash256> hashes = {RandomHash(random)};
  for (int i = 0; i < 8; ++i) {
    Hash256 next = hashes.back();
    next.words[0] ^= uint64_t{1} << i;
    hashes.push_back(next);
  }
  const auto runs = RunsOf(FramesOf(hashes));
  EXPECT_THAT(
      runs, ElementsAre(ReferenceFrame{hashes[0], 100, kStep * 0, kStep * 2},
                        ReferenceFrame{hashes[3], 100, kStep * 3, kStep * 5},
                        ReferenceFrame{hashes[6], 100, kStep * 6, kStep * 7},
                        ReferenceFrame{hashes[8], 100, kStep * 8, kStep * 8}));
}

TEST(FrameRunsTest, QualityMakesADifference) {
  Random random(5);
  const Hash256 hash = RandomHash(random);
  std::vector<ReferenceFrame> frames = FramesOf({hash, hash, hash, hash, hash});
  frames[1].quality = 98;
  frames[3].quality = 97;
  EXPECT_THAT(RunsOf(frames),
              ElementsAre(ReferenceFrame{hash, 100, kStep * 0, kStep * 2},
                          ReferenceFrame{hash, 97, kStep * 3, kStep * 3},
                          ReferenceFrame{hash, 100, kStep * 4, kStep * 4}));
}

TEST(FrameRunsTest, NothingIsKnownOfAPause) {
  Random random(6);
  const Hash256 hash = RandomHash(random);
  const absl::Duration after = absl::Seconds(4) + absl::Nanoseconds(1);
  EXPECT_THAT(
      RunsOf({{hash, 90, absl::Seconds(1)},
              {hash, 90, absl::Seconds(5)},
              {hash, 90, absl::Seconds(5) + after},
              {hash, 90, absl::Seconds(6) + after}}),
      ElementsAre(ReferenceFrame{hash, 90, absl::Seconds(1), absl::Seconds(5)},
                  ReferenceFrame{hash, 90, absl::Seconds(5) + after},
                  ReferenceFrame{hash, 90, absl::Seconds(6) + after}));
}

TEST(FrameRunsTest, WindowsMustAllStay) {
  Random random(7);
  WindowFrame frame;
  for (Pdq& window : frame.windows) window = {RandomHash(random), 50};
  FrameRuns<WindowFrame> runs;
  EXPECT_TRUE(runs.empty());
  for (int i = 0; i < 12; ++i) {
    frame.time = kStep * i;
    if (i == 4) frame.windows[8].hash.words[1] ^= 7;  // Three bits.
    if (i == 8) frame.windows[0].quality += 3;
    runs.Add(frame);
    EXPECT_FALSE(runs.empty());
    EXPECT_EQ(runs.LastTime(), kStep * i);
  }
  const std::vector<WindowFrame> kept = runs.Finish();
  ASSERT_THAT(kept, SizeIs(4));
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(kept[run].time, kStep * 4 * run);
    EXPECT_EQ(kept[run].until, kStep * (4 * run + (run == 2 ? 2 : 3)));
  }
  EXPECT_EQ(kept[3].time, kStep * 11);
  EXPECT_EQ(kept[3].until, kStep * 11);
}

// Whatever comes in: each frame is within 2 bits of the one that stands for its
// time, and nothing is out of order.
TEST(FrameRunsTest, EveryFrameIsShownByTheOneThatStandsForIt) {
  Random random(8);
  for (int round = 0; round < 200; ++round) {
    std::vector<ReferenceFrame> frames;
    Hash256 hash = RandomHash(random);
    absl::Duration time;
    for (int i = Below(60, random); i >= 0; --i) {
      if (Below(3, random) == 0) {
        hash = AtDistance(hash, Below(5, random), random);
      }
      frames.push_back({hash, 50 + Below(3, random), time});
      time += absl::Milliseconds(Below(Below(2, random) * 4500 + 500, random));
    }
    const std::vector<ReferenceFrame> runs = RunsOf(frames);
    ASSERT_FALSE(runs.empty());
    for (size_t r = 0; r < runs.size(); ++r) {
      ASSERT_LE(runs[r].time, runs[r].until);
      if (r > 0) {
        ASSERT_LE(runs[r - 1].until, runs[r].time);
      }
    }
    EXPECT_EQ(runs.back().until, frames.back().time);
    for (const ReferenceFrame& frame : frames) {
      EXPECT_TRUE(
          std::any_of(runs.begin(), runs.end(), [&](const ReferenceFrame& run) {
            return run.time <= frame.time && frame.time <= run.until &&
                   HammingDistance(run.hash, frame.hash) <= 2;
          }));
    }
  }
}

}  // namespace
}  // namespace lenscap
