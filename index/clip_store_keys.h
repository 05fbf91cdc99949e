#ifndef LENSCAP_INDEX_CLIP_STORE_KEYS_H_
#define LENSCAP_INDEX_CLIP_STORE_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip.h"
#include "index/clip_record.h"

namespace lenscap {

// The keys of the clip store; index/FORMAT.md documents them. No id contains
// the byte 0 that ends a list's id.

inline constexpr uint64_t kClipStoreFormat = 2;
// The index in memory numbers clips with 32 bits.
inline constexpr uint64_t kMaxClipId = std::numeric_limits<uint32_t>::max();

inline constexpr char kFormatKey[] = "V";
inline constexpr char kNextClipKey[] = "N";
inline constexpr char kListPrefix[] = "L";
inline constexpr char kEntryPrefix[] = "E";
inline constexpr char kExpiredPrefix[] = "X";
inline constexpr char kFramesPrefix[] = "F";
inline constexpr char kDetailPrefix[] = "D";
inline constexpr char kChangePrefix[] = "H";
inline constexpr char kTombstonePrefix[] = "T";

inline std::string ListKey(absl::string_view list_id) {
  return absl::StrCat(kListPrefix, list_id);
}
inline std::string EntriesOf(absl::string_view list_id) {
  return absl::StrCat(kEntryPrefix, list_id, absl::string_view("\0", 1));
}
inline std::string EntryKey(absl::string_view list_id,
                            absl::string_view entry_id) {
  return absl::StrCat(EntriesOf(list_id), entry_id);
}
inline std::string ExpiredOf(absl::string_view list_id) {
  return absl::StrCat(kExpiredPrefix, list_id, absl::string_view("\0", 1));
}
inline std::string ExpiredKey(absl::string_view list_id,
                              absl::string_view entry_id) {
  return absl::StrCat(ExpiredOf(list_id), entry_id);
}
inline std::string FramesKey(uint64_t clip_id, uint64_t block) {
  return absl::StrCat(kFramesPrefix, EncodeUint64(clip_id),
                      EncodeUint64(block));
}
inline std::string DetailKey(uint64_t clip_id) {
  return absl::StrCat(kDetailPrefix, EncodeUint64(clip_id));
}
inline std::string ChangeKey(absl::string_view list_id, int64_t version) {
  return absl::StrCat(kChangePrefix, list_id, absl::string_view("\0", 1),
                      EncodeUint64(version));
}
inline std::string TombstoneKey(uint64_t clip_id) {
  return absl::StrCat(kTombstonePrefix, EncodeUint64(clip_id));
}

// How many blocks so many frames fill.
inline size_t FrameBlocks(int64_t frames) {
  return (frames + kFramesPerBlock - 1) / kFramesPerBlock;
}
inline std::string EncodeFrameBlock(const Clip& clip, size_t block) {
  return EncodeFrames(absl::MakeSpan(clip.frames)
                          .subspan(block * kFramesPerBlock, kFramesPerBlock));
}

// The entry of a clip, apart from what the store itself gives it.
inline StoredEntry EntryOf(const Clip& clip) {
  StoredEntry entry;
  entry.info.entry_id = clip.entry_id;
  entry.info.severity = clip.severity;
  entry.info.duration = clip.duration;
  entry.info.frames = clip.frames.size();
  entry.info.terms = clip.terms;
  entry.sha256 = clip.sha256;
  entry.md5 = clip.md5;
  entry.sha1 = clip.sha1;
  entry.detailed = !clip.detail.empty();
  return entry;
}

// Calls `put` with key and value of each record that a clip has. `entry` is
// complete.
template <typename Put>
absl::Status ForEachRecordOf(const StoredEntry& entry, const Clip& clip,
                             const Put& put) {
  const uint64_t clip_id = entry.info.clip_id;
  RETURN_IF_ERROR(
      put(EntryKey(clip.list_id, clip.entry_id), EncodeEntry(entry)));
  for (size_t b = 0; b < FrameBlocks(entry.info.frames); ++b) {
    RETURN_IF_ERROR(put(FramesKey(clip_id, b), EncodeFrameBlock(clip, b)));
  }
  if (!entry.detailed) return absl::OkStatus();
  return put(DetailKey(clip_id), EncodeDetail(clip.detail));
}

// The keys of all of them but the entry's own.
inline std::vector<std::string> ClipKeys(const StoredEntry& entry) {
  std::vector<std::string> keys;
  for (size_t b = 0; b < FrameBlocks(entry.info.frames); ++b) {
    keys.push_back(FramesKey(entry.info.clip_id, b));
  }
  if (entry.detailed) keys.push_back(DetailKey(entry.info.clip_id));
  return keys;
}

// Of an entry that the list's version, as it is now, is without.
inline Tombstone TombstoneOf(const ListInfo& list, const EntryInfo& entry,
                             absl::string_view reason, absl::Time time) {
  return {.list_id = list.list_id,
          .entry_id = entry.entry_id,
          .added_in_version = entry.added_in_version,
          .withdrawn_in_version = list.version,
          .withdrawn = time,
          .reason = std::string(reason)};
}

// How many entries a change names.
inline constexpr size_t kMaxNamedEntries = 100;

// Dates as they are read back.
inline absl::Time ToMicros(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_STORE_KEYS_H_
