#include "index/searched_clip.h"

#include <algorithm>
#include <utility>

#include "index/says_nothing.h"

namespace lenscap {
namespace {

// What the spans of a clip point into.
struct ClipMemory {
  std::vector<Hash256> hashes;
  std::vector<int64_t> times, untils;
  std::vector<Hash256> windows;
  std::vector<int64_t> window_times, window_untils;
  std::vector<Keypoint> keypoints;
};

// Times that say nothing new are not kept.
void Shrink(const std::vector<int64_t>& times, std::vector<int64_t>* untils) {
  if (*untils == times) untils->clear();
  untils->shrink_to_fit();
}

void AddDetail(const ClipDetail& detail, int min_quality, SearchedClip* clip,
               ClipMemory* memory) {
  clip->size = detail.size;
  memory->keypoints = detail.keypoints;
  for (const ReferenceScene& scene : detail.scenes) {
    if (scene.quality >= min_quality && !SaysNothing(scene.hash)) {
      clip->scenes.push_back(scene);
    }
  }
  const size_t pictures = detail.windows.size();
  memory->windows.reserve(pictures * kWindows);
  memory->window_times.reserve(pictures);
  memory->window_untils.reserve(pictures);
  for (const WindowFrame& frame : detail.windows) {
    memory->window_times.push_back(absl::ToInt64Microseconds(frame.time));
    memory->window_untils.push_back(absl::ToInt64Microseconds(frame.until));
    for (const Pdq& window : frame.windows) {
      memory->windows.push_back(window.hash);
    }
  }
  Shrink(memory->window_times, &memory->window_untils);
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

}  // namespace

bool SearchedClip::IsFile(const FileDigests& digests) const {
  if (sha256) return *sha256 == digests.sha256;
  if (sha1) return *sha1 == digests.sha1;
  return md5 && *md5 == digests.md5;
}

void SetDigests(const std::optional<Sha256>& sha256,
                const std::optional<Sha1>& sha1, const std::optional<Md5>& md5,
                SearchedClip* clip) {
  if (sha256 && !SaysNothing(*sha256)) clip->sha256 = sha256;
  if (sha1 && !SaysNothing(*sha1)) clip->sha1 = sha1;
  if (md5 && !SaysNothing(*md5)) clip->md5 = md5;
}

std::shared_ptr<SearchedClip> MakeSearchedClip(const Clip& clip,
                                               uint32_t clip_id,
                                               int min_quality,
                                               ClipStanding standing) {
  auto searched = std::make_shared<SearchedClip>();
  auto memory = std::make_shared<ClipMemory>();
  searched->clip_id = clip_id;
  searched->list_id = clip.list_id;
  searched->entry_id = clip.entry_id;
  searched->severity = clip.severity;
  searched->duration = clip.duration;
  SetDigests(clip.sha256, clip.sha1, clip.md5, searched.get());
  searched->category = clip.terms.category;
  searched->advice = clip.terms.advice;
  searched->max_distance = clip.terms.max_distance;
  searched->held = standing.held;
  searched->never_match = standing.never_match;
  std::vector<int64_t> all_times, all_untils;
  all_times.reserve(clip.frames.size());
  all_untils.reserve(clip.frames.size());
  for (const ReferenceFrame& frame : clip.frames) {
    all_times.push_back(absl::ToInt64Microseconds(frame.time));
    all_untils.push_back(absl::ToInt64Microseconds(frame.until));
    if (!SaysSomething(frame, min_quality)) continue;
    memory->hashes.push_back(frame.hash);
    memory->times.push_back(all_times.back());
    memory->untils.push_back(all_untils.back());
  }
  searched->step = TypicalStep(all_times, all_untils);
  memory->hashes.shrink_to_fit();
  memory->times.shrink_to_fit();
  Shrink(memory->times, &memory->untils);
  AddDetail(clip.detail, min_quality, searched.get(), memory.get());

  searched->hashes = memory->hashes;
  searched->times = memory->times;
  searched->untils = memory->untils;
  searched->windows = memory->windows;
  searched->window_times = memory->window_times;
  searched->window_untils = memory->window_untils;
  searched->keypoints = memory->keypoints;
  searched->memory = std::move(memory);
  return searched;
}

std::vector<IndexedFrame> FramesOf(const SearchedClip& clip) {
  std::vector<IndexedFrame> frames;
  frames.reserve(clip.frames());
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
  keypoints.reserve(clip.keypoints.size());
  uint32_t number = 0;
  for (const Keypoint& keypoint : clip.keypoints) {
    keypoints.push_back({keypoint.descriptor, {clip.clip_id, number++}});
  }
  return keypoints;
}

}  // namespace lenscap
