#include "index/live_search.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "gtest/gtest.h"
#include "index/matcher.h"
#include "index/saved_search.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

std::shared_ptr<const SearchedClip> Searched(
    uint32_t clip_id, const std::vector<Hash256>& hashes) {
  return MakeSearchedClip(MakeClip("list", "entry", hashes), clip_id, 50);
}

ListInfo ListAt(int64_t version) {
  return {.list_id = "list",
          .issuer = "issuer",
          .version = version,
          .entries = 0,
          .frames = 0,
          .changed = {}};
}

TEST(SearchStateTest, FramesOfLowQualityAreNotSearched) {
  Random random(1);
  Clip clip = MakeClip("list", "entry", MovingHashes(6, 30, random));
  clip.frames[0].quality = 49;
  clip.frames[2].quality = 0;
  clip.frames[3].quality = 50;
  const auto searched = MakeSearchedClip(clip, 7, 50);
  EXPECT_EQ(searched->hashes.size(), 4);
  EXPECT_EQ(searched->times,
            (std::vector<int64_t>{250'000, 750'000, 1'000'000, 1'250'000}));
  EXPECT_EQ(searched->step, 250'000);
}

TEST(SearchStateTest, AChangeMakesTheNextStateAndLeavesTheLast) {
  Random random(2);
  const auto hashes = MovingHashes(10, 40, random);
  const SearchState empty;
  const SearchState one = empty.With(
      {.added = {Searched(1, hashes)}, .removed = {}, .lists = {ListAt(1)}});
  const SearchState none =
      one.With({.added = {}, .removed = {1}, .lists = {ListAt(2)}});
  // Both at once; of two states of a list the last one counts.
  const SearchState both = empty.With({.added = {Searched(1, hashes)},
                                       .removed = {1, 99},
                                       .lists = {ListAt(1), ListAt(2)}});
  std::vector<HammingHit> hits;
  const auto count = [&](const SearchState& state) {
    state.index.Search(hashes[3], 0, 10, &hits);
    return hits.size();
  };
  EXPECT_EQ(count(empty), 0);
  EXPECT_EQ(count(one), 1);
  EXPECT_EQ(count(none), 0);
  EXPECT_EQ(count(both), 0);
  EXPECT_EQ(one.clips[1]->entry_id, "entry");
  EXPECT_EQ(none.clips[1], nullptr);
  EXPECT_EQ(one.lists.at("list").version, 1);
  EXPECT_EQ(both.lists.at("list").version, 2);
}

TEST(LiveSearchTest, SegmentsAreMergedInTheBackground) {
  Random random(3);
  LiveSearch search;
  std::vector<Hash256> hashes(17'000);
  for (uint32_t clip = 1; clip <= 26; ++clip) {
    for (Hash256& hash : hashes) hash = RandomHash(random);
    search.Apply(
        {.added = {Searched(clip, hashes)}, .removed = {}, .lists = {}});
    EXPECT_LE(search.Get()->index.segments().size(),
              4 * HammingIndex::kMaxSegments + 1);
  }
  search.WaitForMerges();
  EXPECT_LE(search.Get()->index.segments().size(), HammingIndex::kMaxSegments);
}

// Clips of one list come and go while readers match. Each match must be as of
// one moment: the version of the list says which clips are in it.
TEST(LiveSearchTest, AMatchSeesOneMoment) {
  Random random(4);
  const auto hashes = MovingHashes(1500, 30, random);
  const UploadFingerprint upload =
      MakeUpload(CopyOf(hashes, 100, 20, 4, random));
  LiveSearch search;
  std::atomic<bool> stop = false;
  std::atomic<int64_t> applied = 0;
  const auto read = [&] {
    int64_t newest = 0;
    while (!stop) {
      const int64_t at_least = applied;
      const auto state = search.Get();
      const auto list = state->lists.find("list");
      const int64_t version =
          list == state->lists.end() ? 0 : list->second.version;
      ASSERT_GE(version, at_least);
      ASSERT_GE(version, newest);
      newest = version;
      const auto matches = FindMatches(*state, upload, {});
      // Version 2n has no clip, 2n + 1 has clip n.
      ASSERT_EQ(matches.size(), version % 2);
      if (matches.empty()) continue;
      ASSERT_EQ(matches[0].clip_id, version / 2 + 1);
      ASSERT_EQ(matches[0].list_version, version);
      ASSERT_EQ(matches[0].issuer, "issuer");
      ASSERT_EQ(matches[0].frames_matched, 20);
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(read);
  for (int64_t version = 1; version <= 100; ++version) {
    const uint32_t clip = (version + 1) / 2;
    SearchChange change{.added = {}, .removed = {}, .lists = {ListAt(version)}};
    if (version % 2 == 1) {
      change.added.push_back(Searched(clip, hashes));
    } else {
      change.removed.push_back(clip);
    }
    search.Apply(change);
    applied = version;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

// Saves to a directory, as a store's saver does.
class DirectorySaver final : public StateSaver {
 public:
  explicit DirectorySaver(const std::string& directory) : saved_(directory) {}

  bool IsDue(const SearchState& state) override { return saved_.IsDue(state); }
  SearchedClips Save(const SearchState& state) override {
    auto shelved = saved_.Save(state, {.store_id = "id"});
    EXPECT_TRUE(shelved.ok()) << shelved.status();
    ++saves_;
    return shelved.ok() ? *std::move(shelved) : SearchedClips();
  }
  int saves() const { return saves_; }

 private:
  SavedSearch saved_;
  std::atomic<int> saves_ = 0;
};

// Clips are published, withdrawn, merged and saved at once; readers find those
// that are there, and none that is gone.
TEST(LiveSearchTest, ReadersFindWhatIsThereWhileAllIsMergedAndSaved) {
  constexpr uint32_t kClips = 60;
  constexpr uint32_t kStays = 5;  // A clip is withdrawn after so many more.
  Random random(5);
  std::vector<std::vector<Hash256>> content(kClips + 1);
  for (auto& hashes : content) hashes = MovingHashes(5000, 40, random);
  DirectorySaver saver(MakeTempDirectory() + "/search");
  std::atomic<uint32_t> newest = 0;  // Is in what readers get.
  std::atomic<uint32_t> gone = 0;    // Is not any more.
  std::atomic<bool> stop = false;
  {
    LiveSearch search(&saver);
    const auto read = [&](int seed) {
      Random mine(seed);
      std::vector<HammingHit> hits;
      while (!stop) {
        const uint32_t last_gone = gone;
        const uint32_t last = newest;
        const auto state = search.Get();
        if (last == 0) continue;
        const uint32_t clip = 1 + Below(last, mine);
        const uint32_t frame = Below(5000, mine);
        state->index.Search(AtDistance(content[clip][frame], 10, mine), 31,
                            100'000, &hits);
        const bool found =
            std::any_of(hits.begin(), hits.end(), [&](const HammingHit& hit) {
              return hit.ref == FrameRef{clip, frame};
            });
        if (found) {
          ASSERT_GT(clip, last_gone);
          ASSERT_EQ(state->clips[clip]->hashes[frame], content[clip][frame]);
        } else {
          ASSERT_LE(clip, gone + 1);
        }
      }
    };
    std::vector<std::thread> readers;
    for (int seed = 0; seed < 2; ++seed) readers.emplace_back(read, seed);
    for (uint32_t clip = 1; clip <= kClips; ++clip) {
      SearchChange change;
      change.added.push_back(Searched(clip, content[clip]));
      search.Apply(change);
      newest = clip;
      if (clip <= kStays) continue;
      SearchChange withdrawal;
      withdrawal.removed.push_back(clip - kStays);
      search.Apply(withdrawal);
      gone = clip - kStays;
    }
    search.WaitForMerges();
    stop = true;
    for (std::thread& reader : readers) reader.join();
    for (uint32_t clip = 1; clip <= kClips; ++clip) {
      std::vector<HammingHit> hits;
      search.Get()->index.Search(content[clip][7], 0, 10, &hits);
      EXPECT_EQ(hits.size(), clip > kClips - kStays) << clip;
    }
  }
  EXPECT_GT(saver.saves(), 0);
}

// What a large merge would take minutes for must not wait for it.
TEST(HammingIndexMergeTest, WhatComesAfterARunningMergeIsMergedMeanwhile) {
  Random random(6);
  std::vector<Hash256> hashes(17'000);
  HammingIndex index;
  uint32_t clip = 0;
  const auto add = [&](int segments) {
    for (int i = 0; i < segments; ++i) {
      for (Hash256& hash : hashes) hash = RandomHash(random);
      std::vector<IndexedFrame> frames;
      ++clip;
      for (uint32_t f = 0; f < hashes.size(); ++f) {
        frames.push_back({hashes[f], {clip, f}});
      }
      index = index.Added(frames);
    }
  };
  add(HammingIndex::kMaxSegments + 1);
  auto large = index.PlanMerge();
  ASSERT_TRUE(large.has_value());
  add(2);
  EXPECT_FALSE(index.PlanMerge(&*large).has_value());
  add(1);
  auto small = index.PlanMerge(&*large);
  ASSERT_TRUE(small.has_value());
  small->Run();
  index = index.Merged(*small);
  EXPECT_EQ(index.segments().size(), HammingIndex::kMaxSegments + 2);
  large->Run();
  index = index.Merged(*large);
  EXPECT_EQ(index.segments().size(), 2);
  std::vector<HammingHit> hits;
  index.Search(hashes[5], 0, 10, &hits);
  ASSERT_EQ(hits.size(), 1);
  EXPECT_EQ(hits[0].ref, (FrameRef{clip, 5}));
}

}  // namespace
}  // namespace lenscap
