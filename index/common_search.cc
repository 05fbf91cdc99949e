#include "index/common_search.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "index/common_stretch.h"

namespace lenscap {
namespace {

// Of a stretch that clips may share, so many frames are searched, for so many
// other clips.
constexpr int64_t kMaxSharedFrames = 16;
constexpr size_t kMaxShared = 64;
constexpr size_t kMaxHitsPerFrame = 4096;

// Other clips that have most frames of this stretch, at one
// offset, as stretches of this clip; each but roughly.
std::vector<Stretch> SharedWith(const SearchState& state,
                                const SearchedClip& clip, int64_t start,
                                int64_t end_time, int max_distance) {
  const auto begin =
      std::lower_bound(clip.times.begin(), clip.times.end(), start);
  const auto end = std::lower_bound(begin, clip.times.end(), end_time);
  const int64_t frames = end - begin;
  const int64_t every = frames / kMaxSharedFrames + 1;
  absl::flat_hash_map<uint32_t, std::vector<int64_t>> offsets;
  std::vector<HammingHit> hits;
  for (auto time = begin; time < end; time += std::min(every, end - time)) {
    state.index.Search(clip.hashes[time - clip.times.begin()], max_distance,
                       kMaxHitsPerFrame, &hits);
    for (const HammingHit& hit : hits) {
      const auto& other = state.clips[hit.ref.clip];
      if (other == nullptr || other.get() == &clip ||
          hit.ref.frame >= other->times.size()) {
        continue;
      }
      offsets[hit.ref.clip].push_back(other->times[hit.ref.frame] - *time);
    }
  }
  std::vector<Stretch> shared;
  for (auto& [clip_id, found] : offsets) {
    if (2 * every * std::ssize(found) < frames) continue;
    const auto middle = found.begin() + found.size() / 2;
    std::nth_element(found.begin(), middle, found.end());
    shared.push_back({.clip = state.clips[clip_id]->track(),
                      .clip_id = clip_id,
                      .path = {.still = false, .offset = *middle, .speed = 1},
                      .start = start,
                      .end = end_time});
    if (shared.size() == kMaxShared) break;
  }
  return shared;
}

}  // namespace

bool IsCommonStretch(const SearchState& state, const SearchedClip& clip,
                     int64_t start, int64_t end, int max_distance) {
  const Stretch own = {.clip = clip.track(),
                       .clip_id = clip.clip_id,
                       .path = {},
                       .start = start,
                       .end = end};
  if (clip.times.empty() || !MayBeCommon(own)) return false;
  const std::vector<Stretch> shared =
      SharedWith(state, clip, start, end, max_distance);
  return std::any_of(shared.begin(), shared.end(), [&](const Stretch& other) {
    return ShowCommon(own, other);
  });
}

}  // namespace lenscap
