#include "index/hamming_segment.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "index/cpu_dispatch.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr size_t kAllHits = 1'000'000;

using SegmentPtr = std::shared_ptr<const HammingSegment>;

std::vector<SpreadFrame> Frames(uint32_t clip,
                                const std::vector<Hash256>& hashes) {
  std::vector<SpreadFrame> frames;
  for (uint32_t i = 0; i < hashes.size(); ++i) {
    frames.push_back({SpreadOverSlots(hashes[i]), {clip, i}});
  }
  return frames;
}

// Of several clips: some hashes stand alone, some crowd, some are many
// frames'.
std::vector<SpreadFrame> MixedFrames(uint32_t first_clip, Random& random) {
  const Hash256 black = CorrelatedHash(random);
  const auto camera = FixedCameraHashes(3000, random);
  std::vector<SpreadFrame> frames;
  for (uint32_t clip = first_clip; clip < first_clip + 40; ++clip) {
    std::vector<Hash256> hashes;
    const int count = Below(300, random);
    for (int i = 0; i < count; ++i) {
      switch (Below(4, random)) {
        case 0:
          hashes.push_back(RandomHash(random));
          break;
        case 1:
          hashes.push_back(CorrelatedHash(random));
          break;
        case 2:
          hashes.push_back(black);
          break;
        default:
          hashes.push_back(camera[Below(camera.size(), random)]);
      }
    }
    const auto more = Frames(clip, hashes);
    frames.insert(frames.end(), more.begin(), more.end());
  }
  return frames;
}

std::vector<HammingHit> Sorted(std::vector<HammingHit> hits) {
  std::sort(hits.begin(), hits.end());
  return hits;
}

std::vector<HammingHit> Linear(const std::vector<SpreadFrame>& frames,
                               const Hash256& spread, int radius) {
  std::vector<HammingHit> hits;
  for (const SpreadFrame& frame : frames) {
    const int distance = HammingDistance(frame.spread, spread);
    if (distance <= radius) hits.push_back({frame.ref, distance});
  }
  return Sorted(std::move(hits));
}

std::vector<std::vector<HammingHit>> Search(const HammingSegment& segment,
                                            const HammingQueries& queries,
                                            size_t max_hits = kAllHits) {
  std::vector<std::vector<HammingHit>> hits(queries.spread.size());
  segment.Search(queries, max_hits, absl::MakeSpan(hits));
  for (auto& of_one : hits) of_one = Sorted(std::move(of_one));
  return hits;
}

// Near frames, and near nothing.
std::vector<Hash256> Queries(const std::vector<Hash256>& hashes, int count,
                             Random& random) {
  std::vector<Hash256> queries;
  for (int i = 0; i < count; ++i) {
    queries.push_back(AtDistance(hashes[Below(hashes.size(), random)],
                                 Below(60, random), random));
  }
  return queries;
}

void ExpectAsLinear(const HammingSegment& segment,
                    const std::vector<SpreadFrame>& frames, Random& random) {
  ASSERT_EQ(segment.frames(), frames.size());
  for (const int radius : {0, 7, 15, 30, 31, 32, 40, kMaxSearchRadius}) {
    HammingQueries queries({}, radius);
    for (int i = 0; i < 20; ++i) {
      const Hash256& near = frames[Below(frames.size(), random)].spread;
      queries.spread.push_back(AtDistance(near, Below(60, random), random));
      queries.rests.push_back(RestOf(queries.spread.back()));
    }
    const auto hits = Search(segment, queries);
    for (size_t q = 0; q < hits.size(); ++q) {
      ASSERT_EQ(hits[q], Linear(frames, queries.spread[q], radius))
          << "radius " << radius;
    }
  }
}

TEST(HammingSegmentTest, TheLevelThatIsAskedForIsTested) {
  const char* const level = std::getenv("LENSCAP_CPU_LEVEL");
  if (level == nullptr) return;
  EXPECT_LE(CpuLevel(), std::atoi(level));
}

TEST(HammingSegmentTest, EveryFrameIsFoundAsByALinearScan) {
  Random random(1);
  for (int round = 0; round < 3; ++round) {
    const auto frames = MixedFrames(1 + round, random);
    ExpectAsLinear(*HammingSegment::Of(frames), frames, random);
  }
}

// More than 65,536 hashes: numbers have high bits.
TEST(HammingSegmentTest, HashesBeyondSixteenBitsOfNumberAreFound) {
  Random random(2);
  std::vector<Hash256> hashes(150'000);
  for (Hash256& hash : hashes) hash = RandomHash(random);
  const auto frames = Frames(3, hashes);
  ExpectAsLinear(*HammingSegment::Of(frames), frames, random);
}

// One value of a slot has most postings, its neighbours none.
TEST(HammingSegmentTest, ASlotThatIsFilledUnevenlyIsSearchedExactly) {
  Random random(3);
  std::vector<SpreadFrame> frames;
  for (uint32_t i = 0; i < 80'000; ++i) {
    Hash256 spread = RandomHash(random);
    if (i % 10 != 0) spread.words[2] = 0x00ff'1234'0000'ffff;
    frames.push_back({spread, {1 + i / 1000, i % 1000}});
  }
  ExpectAsLinear(*HammingSegment::Of(frames), frames, random);
}

TEST(HammingSegmentTest, MergedSegmentsAreTheSegmentOfAllTheirFrames) {
  Random random(4);
  std::vector<SegmentPtr> segments;
  std::vector<SpreadFrame> all, kept;
  std::vector<uint32_t> left_out;
  for (uint32_t part = 0; part < 4; ++part) {
    const auto frames = MixedFrames(1 + 100 * part, random);
    segments.push_back(HammingSegment::Of(frames));
    all.insert(all.end(), frames.begin(), frames.end());
  }
  for (uint32_t clip = 1; clip < 400; ++clip) {
    if (Below(3, random) == 0) left_out.push_back(clip);
  }
  for (const SpreadFrame& frame : all) {
    if (!std::binary_search(left_out.begin(), left_out.end(), frame.ref.clip)) {
      kept.push_back(frame);
    }
  }
  ExpectAsLinear(*HammingSegment::Merged(segments, {}), all, random);
  const SegmentPtr merged = HammingSegment::Merged(segments, left_out);
  ExpectAsLinear(*merged, kept, random);
  const SegmentPtr anew = HammingSegment::Of(kept);
  EXPECT_EQ(merged->hashes(), anew->hashes());
  EXPECT_EQ(merged->bytes(), anew->bytes());

  for (uint32_t clip = 1; clip < 400; ++clip) left_out.push_back(clip);
  std::sort(left_out.begin(), left_out.end());
  EXPECT_EQ(HammingSegment::Merged(segments, left_out)->frames(), 0);
}

TEST(HammingSegmentTest, ASavedSegmentFindsTheSame) {
  Random random(5);
  const auto frames = MixedFrames(9, random);
  const SegmentPtr segment = HammingSegment::Of(frames);
  const std::string path = MakeTempDirectory() + "/segment";
  ASSERT_TRUE(segment->Save(path).ok());
  const auto loaded = HammingSegment::Load(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->bytes(), segment->bytes());
  EXPECT_EQ((*loaded)->last_clip(), segment->last_clip());
  ExpectAsLinear(**loaded, frames, random);
}

TEST(HammingSegmentTest, TheFramesOfEachClipAreCounted) {
  std::vector<SpreadFrame> frames;
  for (const auto& [clip, frame] :
       {std::pair(3, 0), {3, 1}, {3, 5}, {3, 6}, {8, 2}, {9, 0}, {9, 2}}) {
    frames.push_back(
        {{},
         FrameRef{static_cast<uint32_t>(clip), static_cast<uint32_t>(frame)}});
  }
  std::vector<std::pair<uint32_t, size_t>> clips;
  HammingSegment::Of(frames)->ForEachClip(
      [&](uint32_t clip, size_t count) { clips.emplace_back(clip, count); });
  EXPECT_EQ(clips,
            (std::vector<std::pair<uint32_t, size_t>>{{3, 4}, {8, 1}, {9, 2}}));
}

TEST(HammingSegmentTest, SeveralQueriesAreAnsweredAsOneByOne) {
  Random random(6);
  const auto camera = FixedCameraHashes(20'000, random);
  const SegmentPtr segment = HammingSegment::Of(Frames(1, camera));
  const std::vector<Hash256> queries = Queries(camera, 50, random);
  for (const size_t max_hits : {size_t{1}, size_t{100}, kAllHits}) {
    const auto together =
        Search(*segment, HammingQueries(queries, 31), max_hits);
    for (size_t q = 0; q < queries.size(); ++q) {
      const auto alone =
          Search(*segment, HammingQueries({&queries[q], 1}, 31), max_hits)[0];
      // Which of too many are left out may differ.
      EXPECT_EQ(together[q].size(), alone.size());
      if (alone.size() < max_hits) {
        EXPECT_EQ(together[q], alone);
      }
    }
  }
}

TEST(HammingSegmentTest, AHashTakesLessThanAHundredBytes) {
  Random random(7);
  std::vector<Hash256> hashes(500'000);
  for (Hash256& hash : hashes) hash = RandomHash(random);
  const SegmentPtr segment = HammingSegment::Of(Frames(1, hashes));
  // 4.2 MB are there whatever the number of hashes, and a hundredth of the 10
  // million of a large index.
  EXPECT_LT(segment->bytes() - 4'200'000, 98.5 * hashes.size());
}

}  // namespace
}  // namespace lenscap
