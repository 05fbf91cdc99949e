#include "index/searched_clip.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "index/says_nothing.h"

namespace lenscap {
namespace {

// What the spans of a clip point into, before it is packed.
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

template <typename T>
size_t BytesOf(const std::vector<T>& array) {
  static_assert(alignof(T) <= alignof(uint64_t));
  static_assert(sizeof(T) % sizeof(uint64_t) == 0);
  static_assert(std::is_trivially_copyable_v<T>);
  return array.size() * sizeof(T);
}

// Puts everything into one piece: of a million clips of one hash each, the
// arrays' own overhead would be most.
void Pack(const ClipMemory& from, SearchedClip* clip) {
  const size_t bytes = BytesOf(from.hashes) + BytesOf(from.times) +
                       BytesOf(from.untils) + BytesOf(from.windows) +
                       BytesOf(from.window_times) +
                       BytesOf(from.window_untils) + BytesOf(from.keypoints);
  auto memory = std::make_shared<uint64_t[]>(bytes / sizeof(uint64_t));
  uint64_t* end = memory.get();
  const auto put = [&]<typename T>(const std::vector<T>& array,
                                   absl::Span<const T>* span) {
    if (!array.empty()) std::memcpy(end, array.data(), BytesOf(array));
    *span = {reinterpret_cast<const T*>(end), array.size()};
    end += BytesOf(array) / sizeof(uint64_t);
  };
  put(from.hashes, &clip->hashes);
  put(from.times, &clip->times);
  put(from.untils, &clip->untils);
  put(from.windows, &clip->windows);
  put(from.window_times, &clip->window_times);
  put(from.window_untils, &clip->window_untils);
  put(from.keypoints, &clip->keypoints);
  clip->memory = std::move(memory);
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
  if (!SaySomething(sha256, sha1, md5)) return;
  clip->sha256 = sha256;
  clip->sha1 = sha1;
  clip->md5 = md5;
}

std::shared_ptr<SearchedClip> MakeSearchedClip(const Clip& clip,
                                               uint32_t clip_id,
                                               int min_quality,
                                               ClipStanding standing) {
  auto searched = std::make_shared<SearchedClip>();
  ClipMemory memory;
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
    memory.hashes.push_back(frame.hash);
    memory.times.push_back(all_times.back());
    memory.untils.push_back(all_untils.back());
  }
  searched->step = TypicalStep(all_times, all_untils);
  Shrink(memory.times, &memory.untils);
  AddDetail(clip.detail, min_quality, searched.get(), &memory);

  Pack(memory, searched.get());
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
