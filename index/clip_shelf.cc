#include "index/clip_shelf.h"

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/sealed_file.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/saved_search.pb.h"

namespace lenscap {
namespace {

constexpr FileKind kShelfFile = {"lcapclip", 1};

static_assert(std::is_trivially_copyable_v<Hash256> && sizeof(Hash256) == 32);
static_assert(std::is_trivially_copyable_v<Keypoint> && sizeof(Keypoint) == 56);

template <typename T>
absl::string_view BytesOf(absl::Span<const T> array) {
  return {reinterpret_cast<const char*>(array.data()),
          array.size() * sizeof(T)};
}

// The arrays of a clip in the order in which they are written.
std::array<absl::string_view, 7> ArraysOf(const SearchedClip& clip) {
  return {BytesOf(clip.hashes),       BytesOf(clip.times),
          BytesOf(clip.untils),       BytesOf(clip.windows),
          BytesOf(clip.window_times), BytesOf(clip.window_untils),
          BytesOf(clip.keypoints)};
}

index::ShelfRecord::Clip RecordOf(const SearchedClip& clip, uint64_t place) {
  index::ShelfRecord::Clip record;
  record.set_clip_id(clip.clip_id);
  record.set_step_micros(clip.step);
  record.set_frames(clip.hashes.size());
  record.set_frames_stay(!clip.untils.empty());
  record.set_pictures(clip.window_times.size());
  record.set_pictures_stay(!clip.window_untils.empty());
  record.set_keypoints(clip.keypoints.size());
  if (!clip.window_times.empty()) {
    for (const int quality : clip.window_quality) {
      record.add_window_quality(quality);
    }
  }
  ClipDetail detail;
  detail.size = clip.size;
  detail.scenes = clip.scenes;
  record.set_detail(EncodeDetail(detail));
  record.set_place(place);
  return record;
}

// Hands out arrays from what is left of the body.
class ArrayTaker {
 public:
  explicit ArrayTaker(absl::string_view left) : left_(left) {}

  template <typename T>
  absl::Status Take(uint64_t count, absl::Span<const T>* array) {
    if (count > left_.size() / sizeof(T)) {
      return absl::DataLossError("a clip goes beyond the end");
    }
    *array = {reinterpret_cast<const T*>(left_.data()), count};
    left_.remove_prefix(count * sizeof(T));
    return absl::OkStatus();
  }

 private:
  absl::string_view left_;
};

absl::StatusOr<SearchedClip> FromRecord(
    const index::ShelfRecord::Clip& record,
    const std::shared_ptr<const MappedBytes>& body) {
  SearchedClip clip;
  clip.clip_id = record.clip_id();
  clip.step = record.step_micros();
  ASSIGN_OR_RETURN(ClipDetail detail, DecodeDetail(record.detail()));
  clip.size = detail.size;
  clip.scenes = std::move(detail.scenes);
  if (record.window_quality_size() > kWindows ||
      record.place() > body->bytes().size() || record.place() % 8 != 0) {
    return absl::DataLossError("a clip's record is damaged");
  }
  std::copy(record.window_quality().begin(), record.window_quality().end(),
            clip.window_quality.begin());
  ArrayTaker taker(body->bytes().substr(record.place()));
  const uint64_t frames = record.frames();
  const uint64_t pictures = record.pictures();
  RETURN_IF_ERROR(taker.Take(frames, &clip.hashes));
  RETURN_IF_ERROR(taker.Take(frames, &clip.times));
  RETURN_IF_ERROR(taker.Take(record.frames_stay() ? frames : 0, &clip.untils));
  RETURN_IF_ERROR(taker.Take(pictures * kWindows, &clip.windows));
  RETURN_IF_ERROR(taker.Take(pictures, &clip.window_times));
  RETURN_IF_ERROR(
      taker.Take(record.pictures_stay() ? pictures : 0, &clip.window_untils));
  RETURN_IF_ERROR(taker.Take(record.keypoints(), &clip.keypoints));
  clip.memory = body;
  return clip;
}

}  // namespace

absl::Status WriteShelf(const std::string& path, const SearchedClips& clips) {
  index::ShelfRecord record;
  std::vector<absl::string_view> body;
  uint64_t place = 0;
  for (const auto& clip : clips) {
    *record.add_clips() = RecordOf(*clip, place);
    for (const absl::string_view array : ArraysOf(*clip)) {
      body.push_back(array);
      place += array.size();
    }
  }
  return WriteSealedFile(path, kShelfFile, record.SerializeAsString(), body);
}

absl::StatusOr<std::vector<SearchedClip>> ReadShelf(const std::string& path) {
  ASSIGN_OR_RETURN(const SealedFile file, SealedFile::Open(path, kShelfFile));
  index::ShelfRecord record;
  if (!record.ParseFromString(file.header())) {
    return absl::DataLossError(absl::StrCat(path, ": its header is no record"));
  }
  ASSIGN_OR_RETURN(MappedBytes mapped, file.MapBody());
  const auto body = std::make_shared<const MappedBytes>(std::move(mapped));
  std::vector<SearchedClip> clips;
  clips.reserve(record.clips_size());
  for (const index::ShelfRecord::Clip& clip : record.clips()) {
    auto searched = FromRecord(clip, body);
    if (!searched.ok()) {
      return absl::DataLossError(
          absl::StrCat(path, ": ", searched.status().message()));
    }
    clips.push_back(*std::move(searched));
  }
  return clips;
}

void CopyEntry(const SearchedClip& from, SearchedClip* to) {
  to->list_id = from.list_id;
  to->entry_id = from.entry_id;
  to->severity = from.severity;
  to->duration = from.duration;
  to->sha256 = from.sha256;
  to->sha1 = from.sha1;
  to->md5 = from.md5;
  to->category = from.category;
  to->advice = from.advice;
  to->max_distance = from.max_distance;
  to->held = from.held;
  to->never_match = from.never_match;
}

size_t ShelfBytes(const SearchedClip& clip) {
  size_t bytes = 0;
  for (const absl::string_view array : ArraysOf(clip)) bytes += array.size();
  return bytes;
}

}  // namespace lenscap
