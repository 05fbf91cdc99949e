// The clips that act, as a matcher of their own.

#include <algorithm>
#include <utility>

#include "index/clip_set.h"
#include "index/known_clips_impl.h"

namespace lenscap {
namespace {

bool Acts(const SearchState& state, uint32_t clip_id) {
  const SearchedClip* clip = state.Findable(clip_id);
  if (clip == nullptr) return false;
  const auto list = state.lists.find(clip->list_id);
  return list != state.lists.end() && list->second.mode == ListMode::kActive;
}

// Shares everything else with `clip`.
std::shared_ptr<const SearchedClip> WithoutKeypoints(
    const std::shared_ptr<const SearchedClip>& clip) {
  if (clip->keypoints.empty()) return clip;
  auto bare = std::make_shared<SearchedClip>(*clip);
  bare->keypoints = {};
  return bare;
}

}  // namespace

KnownClips::ClipRange KnownClipsImpl::ActiveClips(uint64_t first, uint64_t end,
                                                  int64_t most_frames) const {
  // Asked before the state is: that has all clips below.
  const uint64_t given = std::min(end, NextClipId());
  const auto state = search_.Get();
  ClipRange range = {.clips = nullptr, .end = end};
  SearchChange active;
  int64_t frames = 0;
  for (uint64_t clip_id = first; clip_id < given; ++clip_id) {
    if (!Acts(*state, clip_id)) continue;
    const auto& clip = state->clips[clip_id];
    frames += clip->frames() + 1;
    if (frames > most_frames && !active.added.empty()) {
      range.end = clip_id;
      break;
    }
    active.added.push_back(WithoutKeypoints(clip));
  }
  if (active.added.empty()) return range;
  for (const auto& [list_id, list] : state->lists) active.lists.push_back(list);
  range.clips = std::make_shared<const ClipSet>(
      std::make_shared<const SearchState>(SearchState().With(active)),
      match_options());
  return range;
}

}  // namespace lenscap
