#ifndef LENSCAP_INDEX_CLIP_STORE_KEYS_H_
#define LENSCAP_INDEX_CLIP_STORE_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/rocksdb.h"
#include "index/clip.h"
#include "index/clip_record.h"

namespace lenscap {

// The keys of the clip store; index/FORMAT.md documents them. No id contains
// the byte 0 that ends a list's id.

inline constexpr uint64_t kClipStoreFormat = 1;
// The index in memory numbers clips with 32 bits.
inline constexpr uint64_t kMaxClipId = std::numeric_limits<uint32_t>::max();

inline constexpr char kFormatKey[] = "V";
inline constexpr char kNextClipKey[] = "N";
inline constexpr char kListPrefix[] = "L";
inline constexpr char kEntryPrefix[] = "E";
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

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_STORE_KEYS_H_
