#include "index/search_state.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace lenscap {

namespace {

// Times that say nothing new are not kept.
void Shrink(const std::vector<int64_t>& times, std::vector<int64_t>* untils) {
  if (*untils == times) untils->clear();
  untils->shrink_to_fit();
}

void AddDetail(const ClipDetail& detail, int min_quality, SearchedClip* clip) {
  clip->size = detail.size;
  clip->keypoints = detail.keypoints;
  for (const ReferenceScene& scene : detail.scenes) {
    if (scene.quality >= min_quality) clip->scenes.push_back(scene);
  }
  const size_t pictures = detail.windows.size();
  clip->windows.reserve(pictures * kWindows);
  clip->window_times.reserve(pictures);
  clip->window_untils.reserve(pictures);
  for (const WindowFrame& frame : detail.windows) {
    clip->window_times.push_back(absl::ToInt64Microseconds(frame.time));
    clip->window_untils.push_back(absl::ToInt64Microseconds(frame.until));
    for (const Pdq& window : frame.windows) {
      clip->windows.push_back(window.hash);
    }
  }
  Shrink(clip->window_times, &clip->window_untils);
  if (pictures == 0) return;
  std::vector<int> qualities(pictures);
  for (int w = 0; w < kWindows; ++w) {
    for (size_t i = 0; i < pictures; ++i) {
      qualities[i] = detail.windows[i].windows[w].quality;
    }
    const auto middle = qualities.begin() + pictures / 2;
    std::nth_element(qualities.begin(), middle, qualities.end());
    clip->window_quality[w] = *middle;
  }
}

// What is searched of a clip, and how many there are.
std::vector<IndexedFrame> FramesOf(const SearchedClip& clip) {
  std::vector<IndexedFrame> frames;
  uint32_t number = 0;
  for (const Hash256& hash : clip.hashes) {
    frames.push_back({hash, {clip.clip_id, number++}});
  }
  for (const ReferenceScene& scene : clip.scenes) {
    frames.push_back({scene.hash, {clip.clip_id, number++}});
  }
  return frames;
}

std::vector<IndexedFrame> KeypointsOf(const SearchedClip& clip) {
  std::vector<IndexedFrame> keypoints;
  uint32_t number = 0;
  for (const Keypoint& keypoint : clip.keypoints) {
    keypoints.push_back({keypoint.descriptor, {clip.clip_id, number++}});
  }
  return keypoints;
}

template <typename Of>
HammingIndex Changed(const HammingIndex& index, Of of,
                     absl::Span<const SearchedClip* const> added,
                     absl::Span<const SearchedClip* const> removed) {
  std::vector<IndexedFrame> frames;
  for (const SearchedClip* clip : added) {
    const auto more = of(*clip);
    frames.insert(frames.end(), more.begin(), more.end());
  }
  std::vector<HammingIndex::RemovedClip> clips;
  for (const SearchedClip* clip : removed) {
    const size_t count = of(*clip).size();
    if (count > 0) clips.push_back({clip->clip_id, count});
  }
  HammingIndex next = index;
  if (!frames.empty()) next = next.Added(frames);
  if (!clips.empty()) next = next.Removed(clips);
  return next;
}

}  // namespace

std::shared_ptr<const SearchedClip> MakeSearchedClip(const Clip& clip,
                                                     uint32_t clip_id,
                                                     int min_quality) {
  auto searched = std::make_shared<SearchedClip>();
  searched->clip_id = clip_id;
  searched->list_id = clip.list_id;
  searched->entry_id = clip.entry_id;
  searched->severity = clip.severity;
  searched->duration = clip.duration;
  searched->sha256 = clip.sha256;
  searched->md5 = clip.md5;
  std::vector<int64_t> all_times, all_untils;
  all_times.reserve(clip.frames.size());
  all_untils.reserve(clip.frames.size());
  for (const ReferenceFrame& frame : clip.frames) {
    all_times.push_back(absl::ToInt64Microseconds(frame.time));
    all_untils.push_back(absl::ToInt64Microseconds(frame.until));
    if (frame.quality < min_quality) continue;
    searched->hashes.push_back(frame.hash);
    searched->times.push_back(all_times.back());
    searched->untils.push_back(all_untils.back());
  }
  searched->step = TypicalStep(all_times, all_untils);
  searched->hashes.shrink_to_fit();
  searched->times.shrink_to_fit();
  Shrink(searched->times, &searched->untils);
  AddDetail(clip.detail, min_quality, searched.get());
  return searched;
}

SearchState SearchState::With(const SearchChange& change) const {
  SearchState next = *this;
  std::vector<std::pair<size_t, std::shared_ptr<const SearchedClip>>> slots;
  std::vector<const SearchedClip*> added;
  std::vector<DigestTable::Entry> digests_added;
  for (const auto& clip : change.added) {
    slots.emplace_back(clip->clip_id, clip);
    added.push_back(clip.get());
    const auto entry =
        DigestTable::EntryFor(clip->clip_id, clip->sha256, clip->md5);
    if (entry) digests_added.push_back(*entry);
  }
  next.clips = next.clips.With(std::move(slots));

  slots.clear();
  std::vector<std::shared_ptr<const SearchedClip>> kept;
  std::vector<const SearchedClip*> removed;
  std::vector<DigestTable::Entry> digests_removed;
  for (const uint32_t clip_id : change.removed) {
    const auto& clip = next.clips[clip_id];
    if (clip == nullptr) continue;
    const auto entry = DigestTable::EntryFor(clip_id, clip->sha256, clip->md5);
    if (entry) digests_removed.push_back(*entry);
    kept.push_back(clip);
    removed.push_back(clip.get());
    slots.emplace_back(clip_id, nullptr);
  }
  next.clips = next.clips.With(std::move(slots));
  next.index = Changed(index, FramesOf, added, removed);
  next.keypoints = Changed(keypoints, KeypointsOf, added, removed);
  if (!digests_added.empty() || !digests_removed.empty()) {
    next.digests = next.digests.Changed(digests_added, digests_removed);
  }
  for (const ListInfo& list : change.lists) next.lists[list.list_id] = list;
  return next;
}

}  // namespace lenscap
