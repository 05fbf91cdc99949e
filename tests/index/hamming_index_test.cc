#include "index/hamming_index.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "base/snapshot.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr size_t kAllHits = 1'000'000;

std::vector<HammingHit> Sorted(std::vector<HammingHit> hits) {
  std::sort(hits.begin(), hits.end());
  return hits;
}

std::vector<HammingHit> Search(const HammingIndex& index, const Hash256& hash,
                               int radius) {
  // What was in it before does not matter.
  std::vector<HammingHit> hits(3);
  EXPECT_TRUE(index.Search(hash, radius, kAllHits, &hits));
  return Sorted(std::move(hits));
}

// The index as it should be: everything, compared one by one.
class LinearIndex {
 public:
  void Add(const std::vector<IndexedFrame>& frames) {
    for (const IndexedFrame& frame : frames) {
      frames_[frame.ref.clip].push_back(frame);
    }
  }
  void Remove(uint32_t clip) { frames_.erase(clip); }

  std::vector<HammingHit> Search(const Hash256& hash, int radius) const {
    std::vector<HammingHit> hits;
    for (const auto& [clip, frames] : frames_) {
      for (const IndexedFrame& frame : frames) {
        const int distance = HammingDistance(hash, frame.hash);
        if (distance <= radius) hits.push_back({frame.ref, distance});
      }
    }
    return Sorted(std::move(hits));
  }

  const std::map<uint32_t, std::vector<IndexedFrame>>& frames() const {
    return frames_;
  }
  Hash256 AnyHash(Random& random) const {
    auto clip = frames_.begin();
    std::advance(clip, Below(frames_.size(), random));
    return clip->second[Below(clip->second.size(), random)].hash;
  }

 private:
  std::map<uint32_t, std::vector<IndexedFrame>> frames_;
};

std::vector<IndexedFrame> Frames(uint32_t clip,
                                 const std::vector<Hash256>& hashes) {
  std::vector<IndexedFrame> frames;
  for (uint32_t i = 0; i < hashes.size(); ++i) {
    frames.push_back({hashes[i], {clip, i}});
  }
  return frames;
}

// Random content, moving pictures, and fixed cameras.
std::vector<Hash256> AnyHashes(int count, Random& random) {
  switch (Below(4, random)) {
    case 0: {
      std::vector<Hash256> hashes(count);
      for (Hash256& hash : hashes) hash = RandomHash(random);
      return hashes;
    }
    case 1: {
      std::vector<Hash256> hashes(count);
      for (Hash256& hash : hashes) hash = CorrelatedHash(random);
      return hashes;
    }
    case 2:
      return MovingHashes(count, 8, random);
    default:
      return FixedCameraHashes(count, random);
  }
}

void ExpectSameHits(const HammingIndex& index, const LinearIndex& linear,
                    int queries, Random& random) {
  for (int i = 0; i < queries; ++i) {
    const Hash256 query =
        linear.frames().empty()
            ? RandomHash(random)
            : AtDistance(linear.AnyHash(random), Below(41, random), random);
    const int radius =
        i % 2 == 0 ? kMaxSearchRadius : Below(kMaxSearchRadius + 1, random);
    ASSERT_EQ(Search(index, query, radius), linear.Search(query, radius))
        << "radius " << radius;
  }
}

HammingIndex FullyMerged(HammingIndex index) {
  while (auto merge = index.PlanMerge()) {
    merge->Run();
    index = index.Merged(*merge);
  }
  return index;
}

TEST(HammingIndexTest, AnEmptyIndexFindsNothing) {
  EXPECT_TRUE(Search(HammingIndex(), Hash256{}, kMaxSearchRadius).empty());
  EXPECT_FALSE(HammingIndex().PlanMerge().has_value());
}

TEST(HammingIndexTest, AThousandClipsAreSearchedAsByALinearScan) {
  Random random(1);
  HammingIndex index;
  LinearIndex linear;
  for (uint32_t clip = 1; clip <= 1000; ++clip) {
    const auto frames = Frames(clip, AnyHashes(1 + Below(80, random), random));
    index = index.Added(frames);
    linear.Add(frames);
  }
  EXPECT_GE(index.segments().size(), 1);
  ExpectSameHits(index, linear, 300, random);
}

TEST(HammingIndexTest, EveryDistanceUpToTheRadiusIsFoundAndNoneBeyond) {
  Random random(2);
  std::vector<Hash256> hashes(20'000);
  for (Hash256& hash : hashes) hash = RandomHash(random);
  const HammingIndex index = HammingIndex().Added(Frames(1, hashes));
  for (int radius = 0; radius <= kMaxSearchRadius; ++radius) {
    for (int distance = 0; distance <= 40; ++distance) {
      const uint32_t frame = Below(hashes.size(), random);
      const auto hits =
          Search(index, AtDistance(hashes[frame], distance, random), radius);
      const HammingHit planted{{1, frame}, distance};
      EXPECT_EQ(std::count(hits.begin(), hits.end(), planted),
                distance <= radius)
          << distance << " at radius " << radius;
    }
  }
}

TEST(HammingIndexTest, ItStaysExactWhileClipsComeAndGoAndSegmentsAreMerged) {
  Random random(3);
  HammingIndex index;
  LinearIndex linear;
  std::optional<HammingIndex::Merge> merge;
  uint32_t next_clip = 1;
  size_t most_segments = 0;
  int merges = 0;
  for (int step = 0; step < 300; ++step) {
    if (Below(3, random) > 0 || linear.frames().empty()) {
      const int count = Below(20, random) == 0 ? 9000 : 1 + Below(900, random);
      const auto frames = Frames(next_clip++, AnyHashes(count, random));
      index = index.Added(frames);
      linear.Add(frames);
    } else {
      auto clip = linear.frames().begin();
      std::advance(clip, Below(linear.frames().size(), random));
      index = index.Removed({{clip->first, clip->second.size()}});
      linear.Remove(clip->first);
    }
    most_segments = std::max(most_segments, index.segments().size());
    // A merge is planned now and done some changes later.
    if (!merge) {
      merge = index.PlanMerge();
    } else if (Below(3, random) == 0) {
      merge->Run();
      index = index.Merged(*merge);
      merge.reset();
      ++merges;
    }
    ExpectSameHits(index, linear, 2, random);
  }
  EXPECT_GT(merges, 3);
  EXPECT_LE(most_segments, HammingIndex::kMaxSegments + 3);
  ExpectSameHits(FullyMerged(index), linear, 50, random);
}

TEST(HammingIndexTest, HashesThatAreSearchedTogetherHaveTheHitsOfEach) {
  Random random(10);
  HammingIndex index;
  std::vector<Hash256> queries;
  for (uint32_t clip = 1; clip <= 6; ++clip) {
    // Two segments and some recent frames.
    const auto hashes = MovingHashes(7000, 30, random);
    index = index.Added(Frames(clip, hashes));
    for (int i = 0; i < 5; ++i) {
      queries.push_back(AtDistance(hashes[Below(7000, random)], 9, random));
    }
  }
  index = index.Removed({{2, 7000}, {6, 7000}});
  for (const size_t max_hits : {size_t{1}, kAllHits}) {
    std::vector<std::vector<HammingHit>> together(1);
    const auto complete = index.SearchAll(queries, 31, max_hits, &together);
    ASSERT_EQ(together.size(), queries.size());
    for (size_t q = 0; q < queries.size(); ++q) {
      std::vector<HammingHit> alone;
      EXPECT_EQ(complete[q], index.Search(queries[q], 31, max_hits, &alone));
      if (complete[q]) {
        EXPECT_EQ(Sorted(together[q]), Sorted(alone));
      }
    }
  }
  std::vector<std::vector<HammingHit>> none(3);
  EXPECT_TRUE(index.SearchAll({}, 31, 10, &none).empty());
  EXPECT_TRUE(none.empty());
}

TEST(HammingIndexTest, FramesWithOneHashAreAllFound) {
  Random random(4);
  const Hash256 black = CorrelatedHash(random);
  const Hash256 query = AtDistance(black, 31, random);
  for (const int count : {100, 20'000}) {
    const HammingIndex index =
        HammingIndex().Added(Frames(7, std::vector<Hash256>(count, black)));
    const auto hits = Search(index, query, 31);
    ASSERT_EQ(hits.size(), count);
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(hits[i], (HammingHit{{7, static_cast<uint32_t>(i)}, 31}));
    }
  }
}

TEST(HammingIndexTest, ASearchStopsAtTheMostHitsAndSaysSo) {
  Random random(5);
  const auto camera = FixedCameraHashes(20'000, random);
  const auto recent = FixedCameraHashes(500, random);
  const HammingIndex index =
      HammingIndex().Added(Frames(1, camera)).Added(Frames(2, recent));
  std::vector<HammingHit> hits;
  for (const size_t most : {1, 50, 5000}) {
    EXPECT_FALSE(index.Search(camera[3], 31, most, &hits));
    EXPECT_EQ(hits.size(), most);
  }
  EXPECT_FALSE(index.Search(recent[3], 31, 100, &hits));
  EXPECT_EQ(hits.size(), 100);
  EXPECT_TRUE(index.Search(camera[3], 0, 1000, &hits));
}

TEST(HammingIndexTest, RemovedFramesDoNotTakeThePlaceOfOthers) {
  Random random(7);
  const Hash256 hash = RandomHash(random);
  // The oldest are met first.
  HammingIndex index;
  std::vector<HammingIndex::RemovedClip> removed;
  for (uint32_t clip = 1; clip <= 40; ++clip) {
    index = index.Added(std::vector<IndexedFrame>{{hash, {clip, 0}}});
    if (clip < 39) removed.push_back({clip, 1});
  }
  index = index.Removed(removed);
  for (const HammingIndex& made : {index, FullyMerged(index)}) {
    std::vector<HammingHit> hits;
    EXPECT_FALSE(made.Search(hash, 31, 1, &hits)) << "there is one more";
    EXPECT_EQ(hits.size(), 1u);
    EXPECT_TRUE(made.Search(hash, 31, 3, &hits));
    EXPECT_EQ(hits.size(), 2u);
    std::vector<std::vector<HammingHit>> all;
    EXPECT_EQ(made.SearchAll({hash, hash}, 31, 1, &all),
              std::vector<bool>({false, false}));
    EXPECT_EQ(all[1].size(), 1u);
  }
}

TEST(HammingIndexTest, AnIndexMadeFromAnotherLeavesItAsItWas) {
  Random random(6);
  const auto hashes = MovingHashes(100, 40, random);
  const HammingIndex one = HammingIndex().Added(Frames(1, hashes));
  const HammingIndex two = one.Added(Frames(2, hashes));
  const HammingIndex none = two.Removed({{1, 100}, {2, 100}});
  EXPECT_EQ(Search(one, hashes[9], 10).size(), 1);
  EXPECT_EQ(Search(two, hashes[9], 10).size(), 2);
  EXPECT_EQ(Search(none, hashes[9], 10).size(), 0);
}

TEST(HammingIndexTest, MergesFreeWhatRemovedClipsTook) {
  Random random(7);
  HammingIndex index;
  std::vector<HammingIndex::RemovedClip> clips;
  for (uint32_t clip = 1; clip <= 5; ++clip) {
    std::vector<Hash256> hashes(20'000);
    for (Hash256& hash : hashes) hash = RandomHash(random);
    index = index.Added(Frames(clip, hashes));
    clips.push_back({clip, hashes.size()});
  }
  const size_t before = index.bytes();
  index = FullyMerged(index.Removed(absl::MakeSpan(clips).subspan(0, 4)));
  EXPECT_LT(index.bytes(), before / 3);
  index = FullyMerged(index.Removed(absl::MakeSpan(clips).subspan(4)));
  EXPECT_EQ(index.segments().size(), 0);
  EXPECT_LT(index.bytes(), 1000);
}

TEST(HammingIndexTest, TooManySegmentsAreMergedTheLargestLast) {
  Random random(8);
  HammingIndex index;
  const auto add = [&](uint32_t clip, int frames) {
    std::vector<Hash256> hashes(frames);
    for (Hash256& hash : hashes) hash = RandomHash(random);
    index = index.Added(Frames(clip, hashes));
  };
  add(1, 250'000);
  for (uint32_t clip = 2; clip <= HammingIndex::kMaxSegments; ++clip) {
    add(clip, 17'000);
    EXPECT_FALSE(index.PlanMerge().has_value());
  }
  add(HammingIndex::kMaxSegments + 1, 17'000);
  auto merge = index.PlanMerge();
  ASSERT_TRUE(merge.has_value());
  merge->Run();
  index = index.Merged(*merge);
  EXPECT_EQ(index.segments().size(), 2);  // The large one was left alone.
}

// Readers search while a writer publishes, withdraws and merges. What stays is
// always found; what came and went is found only while it is there.
TEST(HammingIndexTest, ReadersAreNeverDisturbed) {
  Random random(9);
  const auto kept = MovingHashes(500, 40, random);
  const auto passing = MovingHashes(3000, 40, random);
  Snapshot<HammingIndex> snapshot(
      std::make_shared<HammingIndex>(HammingIndex().Added(Frames(1, kept))));
  std::atomic<bool> stop = false;
  std::atomic<uint32_t> newest = 1;     // Is in what readers get.
  std::atomic<uint32_t> withdrawn = 1;  // Is not any more.
  const auto read = [&](int seed) {
    Random mine(seed);
    std::vector<HammingHit> hits;
    while (!stop) {
      const uint32_t gone = withdrawn;
      const uint32_t there = newest;
      const auto index = snapshot.Get();
      const uint32_t k = Below(kept.size(), mine);
      index->Search(AtDistance(kept[k], Below(32, mine), mine), 31, kAllHits,
                    &hits);
      ASSERT_TRUE(std::any_of(hits.begin(), hits.end(), [&](const auto& hit) {
        return hit.ref == FrameRef{1, k};
      }));
      const uint32_t p = Below(passing.size(), mine);
      index->Search(passing[p], 0, kAllHits, &hits);
      bool found = there == 1;
      for (const HammingHit& hit : hits) {
        ASSERT_GT(hit.ref.clip, gone);
        ASSERT_EQ(hit.ref.frame, p);
        found |= hit.ref.clip == there;
      }
      ASSERT_TRUE(found || withdrawn >= there) << there;
    }
  };
  std::vector<std::thread> readers;
  for (int seed = 0; seed < 3; ++seed) readers.emplace_back(read, seed);
  int merges = 0;
  for (uint32_t clip = 2; clip < 30; ++clip) {
    const auto set = [&](HammingIndex index) {
      snapshot.Set(std::make_shared<HammingIndex>(std::move(index)));
    };
    set(snapshot.Get()->Added(Frames(clip, passing)));
    newest = clip;
    if (auto merge = snapshot.Get()->PlanMerge()) {
      merge->Run();
      set(snapshot.Get()->Merged(*merge));
      ++merges;
    }
    if (clip > 4) {
      set(snapshot.Get()->Removed({{clip - 3, passing.size()}}));
      withdrawn = clip - 3;
    }
  }
  EXPECT_GT(merges, 0);
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace lenscap
