#include "index/live_search.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "gtest/gtest.h"
#include "index/matcher.h"
#include "tests/index/hashes.h"

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

}  // namespace
}  // namespace lenscap
