#include "index/search_state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {

namespace {

// One of the two indexes of a state: what it has of a clip.
struct Kind {
  std::vector<IndexedFrame> (*of)(const SearchedClip& clip);
  size_t (*count)(const SearchedClip& clip);
};
constexpr Kind kFrames = {
    FramesOf, [](const SearchedClip& clip) { return clip.frames(); }};
constexpr Kind kKeypoints = {KeypointsOf, [](const SearchedClip& clip) {
                               return clip.keypoints.size();
                             }};

constexpr Kind kNever = {
    [](const SearchedClip& clip) {
      return clip.never_match ? FramesOf(clip) : std::vector<IndexedFrame>();
    },
    [](const SearchedClip& clip) {
      return clip.never_match ? clip.frames() : 0;
    }};

using Clips = std::vector<std::shared_ptr<const SearchedClip>>;

HammingIndex Changed(const HammingIndex& index, const Kind& kind,
                     const Clips& added, const Clips& removed) {
  std::vector<IndexedFrame> frames;
  size_t count = 0;
  for (const auto& clip : added) count += kind.count(*clip);
  frames.reserve(count);
  for (const auto& clip : added) {
    const auto more = kind.of(*clip);
    frames.insert(frames.end(), more.begin(), more.end());
  }
  std::vector<HammingIndex::RemovedClip> clips;
  for (const auto& clip : removed) {
    const size_t gone = kind.count(*clip);
    if (gone > 0) clips.push_back({clip->clip_id, gone});
  }
  HammingIndex next = index;
  if (!frames.empty()) next = next.Added(frames);
  if (!clips.empty()) next = next.Removed(clips);
  return next;
}

// The index of `all`, of whose clips up to the last one that the segments know
// the frames are in the segments.
absl::StatusOr<HammingIndex> Restored(const HammingIndex::Segments& segments,
                                      const Kind& kind,
                                      const SearchState& state,
                                      const Clips& all) {
  size_t known = 0;  // Of the clips that are there.
  uint32_t last = 0;
  absl::Status status;
  for (const auto& segment : segments) {
    segment->ForEachClip([&](uint32_t clip_id, size_t frames) {
      const auto& clip = state.clips[clip_id];
      if (clip_id <= last) {
        status.Update(absl::DataLossError("segments overlap"));
      } else if (clip != nullptr && kind.count(*clip) != frames) {
        status.Update(absl::DataLossError(
            absl::StrCat("a segment has ", frames, " frames of clip ", clip_id,
                         ", which has ", kind.count(*clip))));
      }
      known += clip != nullptr;
      last = clip_id;
    });
  }
  RETURN_IF_ERROR(status);
  Clips later;
  for (const auto& clip : all) {
    if (clip->clip_id > last) {
      later.push_back(clip);
    } else if (kind.count(*clip) > 0) {
      --known;
    }
  }
  if (known != 0) return absl::DataLossError("segments lack a clip");
  const HammingIndex index = HammingIndex::Of(segments, [&](uint32_t clip_id) {
    return state.clips[clip_id] != nullptr;
  });
  return Changed(index, kind, later, {});
}

std::shared_ptr<const SearchedClip> WithHeld(const SearchedClip& clip,
                                             bool held) {
  auto changed = std::make_shared<SearchedClip>(clip);
  changed->held = held;
  return changed;
}

}  // namespace

SearchState SearchState::With(const SearchChange& change) const {
  SearchState next = *this;
  const Clips removed = next.ChangeClips(change);
  next.index = Changed(index, kFrames, change.added, removed);
  next.keypoints = Changed(keypoints, kKeypoints, change.added, removed);
  next.never = Changed(never, kNever, change.added, removed);
  return next;
}

absl::StatusOr<SearchState> SearchState::Of(
    const SearchChange& all, const HammingIndex::Segments& frames,
    const HammingIndex::Segments& keypoints) {
  SearchState state;
  state.ChangeClips(all);
  ASSIGN_OR_RETURN(state.index, Restored(frames, kFrames, state, all.added));
  ASSIGN_OR_RETURN(state.keypoints,
                   Restored(keypoints, kKeypoints, state, all.added));
  state.never = Changed(HammingIndex(), kNever, all.added, {});
  return state;
}

SearchState SearchState::WithSame(const Clips& same) const {
  SearchState next = *this;
  std::vector<std::pair<size_t, std::shared_ptr<const SearchedClip>>> slots;
  for (const auto& clip : same) {
    const auto& current = clips[clip->clip_id];
    if (current == nullptr) continue;
    slots.emplace_back(clip->clip_id, current->held == clip->held
                                          ? clip
                                          : WithHeld(*clip, current->held));
  }
  next.clips = next.clips.With(std::move(slots));
  return next;
}

Clips SearchState::ChangeClips(const SearchChange& change) {
  std::vector<std::pair<size_t, std::shared_ptr<const SearchedClip>>> slots;
  std::vector<DigestTable::Entry> digests_added;
  for (const auto& clip : change.added) {
    slots.emplace_back(clip->clip_id, clip);
    const auto entry = DigestTable::EntryFor(clip->clip_id, clip->sha256,
                                             clip->sha1, clip->md5);
    if (entry) digests_added.push_back(*entry);
  }
  clips = clips.With(std::move(slots));

  slots.clear();
  Clips removed;
  std::vector<DigestTable::Entry> digests_removed;
  for (const uint32_t clip_id : change.removed) {
    const auto& clip = clips[clip_id];
    if (clip == nullptr) continue;
    const auto entry =
        DigestTable::EntryFor(clip_id, clip->sha256, clip->sha1, clip->md5);
    if (entry) digests_removed.push_back(*entry);
    removed.push_back(clip);
    slots.emplace_back(clip_id, nullptr);
  }
  clips = clips.With(std::move(slots));
  if (!digests_added.empty() || !digests_removed.empty()) {
    digests = digests.Changed(digests_added, digests_removed);
  }
  ChangeHolds(change);
  for (const ListInfo& list : change.lists) lists[list.list_id] = list;
  return removed;
}

void SearchState::ChangeHolds(const SearchChange& change) {
  std::vector<std::pair<size_t, std::shared_ptr<const SearchedClip>>> slots;
  for (const auto& [clip_id, held] : change.holds) {
    const auto& clip = clips[clip_id];
    if (clip != nullptr) slots.emplace_back(clip_id, WithHeld(*clip, held));
  }
  if (!slots.empty()) clips = clips.With(std::move(slots));
}

}  // namespace lenscap
