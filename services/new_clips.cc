#include "services/new_clips.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr int kPage = 1000;
constexpr size_t kMaxClips = 200'000;
constexpr int64_t kMaxFrames = 1'000'000;

// What is wanted, by clip id: how many frames it has, and which list it is in.
struct Wanted {
  int64_t frames = 0;
  std::string list_id;
};
using WantedClips = std::map<uint64_t, Wanted>;

absl::Status AddEntries(const KnownClips& known, const std::string& list_id,
                        uint64_t first, uint64_t end, WantedClips* wanted) {
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<EntryInfo> entries,
                     known.Entries(list_id, after, kPage));
    for (const EntryInfo& entry : entries) {
      if (entry.clip_id < first || entry.clip_id >= end ||
          entry.hold != Hold::kNone) {
        continue;
      }
      (*wanted)[entry.clip_id] = {entry.frames, list_id};
    }
    if (entries.size() < kPage) return absl::OkStatus();
    after = entries.back().entry_id;
  }
}

// Where to stop, so that what is before fits into memory.
uint64_t EndOf(const WantedClips& wanted, uint64_t end) {
  size_t clips = 0;
  int64_t frames = 0;
  for (const auto& [clip_id, clip] : wanted) {
    frames += clip.frames;
    if (++clips > 1 && (clips > kMaxClips || frames > kMaxFrames)) {
      return clip_id;
    }
  }
  return end;
}

}  // namespace

ReadNewClips NewClipsOf(const KnownClips* known) {
  return [known](uint64_t first, uint64_t end) -> absl::StatusOr<NewClips> {
    WantedClips wanted;
    for (const ListInfo& list : known->Lists()) {
      if (list.terms.purpose != ListPurpose::kKnownClips ||
          list.mode != ListMode::kActive) {
        continue;
      }
      RETURN_IF_ERROR(AddEntries(*known, list.list_id, first, end, &wanted));
    }
    NewClips read;
    read.end = EndOf(wanted, end);
    wanted.erase(wanted.lower_bound(read.end), wanted.end());
    std::set<std::string> lists;
    for (const auto& [clip_id, clip] : wanted) lists.insert(clip.list_id);
    for (const std::string& list_id : lists) {
      RETURN_IF_ERROR(known->ForEachClip(
          list_id, [&](const EntryInfo& entry, const Clip& clip) {
            if (wanted.contains(entry.clip_id)) {
              read.clips.push_back(clip);
              read.clips.back().detail = {};
            }
            return absl::OkStatus();
          }));
    }
    return read;
  };
}

}  // namespace lenscap
