#ifndef LENSCAP_INDEX_CLIP_RECORD_H_
#define LENSCAP_INDEX_CLIP_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/digest.h"
#include "index/clip.h"

namespace lenscap {

// The values that the clip store keeps, as bytes and back; index/FORMAT.md
// documents them. Decoding checks everything; DATA_LOSS says what is wrong.
// Times are kept to the nanosecond, dates to the microsecond.

// An entry without its frames. `entry_id` is in the key, not in the value.
struct StoredEntry {
  EntryInfo info;
  std::optional<Sha256> sha256;
  std::optional<Md5> md5;
  std::optional<Sha1> sha1 = {};
  bool detailed = false;
  // Of an entry of a signed list (index/list_update.h); zero otherwise.
  Sha256 digest = {};
};

// An entry that its signed list still has, and that has expired.
struct ExpiredEntry {
  uint64_t clip_id = 0;  // 0 if it was never stored.
  Sha256 digest = {};
};

// What is left of a withdrawn clip.
struct Tombstone {
  std::string list_id;
  std::string entry_id;
  int64_t added_in_version = 0;
  int64_t withdrawn_in_version = 0;
  absl::Time withdrawn = absl::UnixEpoch();
  std::string reason = {};
};

std::string EncodeList(const ListInfo& list);
absl::StatusOr<ListInfo> DecodeList(absl::string_view list_id,
                                    absl::string_view bytes);

std::string EncodeEntry(const StoredEntry& entry);
absl::StatusOr<StoredEntry> DecodeEntry(absl::string_view entry_id,
                                        absl::string_view bytes);

std::string EncodeExpired(const ExpiredEntry& entry);
absl::StatusOr<ExpiredEntry> DecodeExpired(absl::string_view bytes);

std::string EncodeChange(const ListChange& change);
absl::StatusOr<ListChange> DecodeChange(int64_t version,
                                        absl::string_view bytes);

std::string EncodeTombstone(const Tombstone& tombstone);
absl::StatusOr<Tombstone> DecodeTombstone(absl::string_view bytes);

// A clip's frames go into blocks of this many, the last one shorter.
inline constexpr size_t kFramesPerBlock = 65'536;
std::string EncodeFrames(absl::Span<const ReferenceFrame> frames);
// Appends to `frames`.
absl::Status DecodeFrames(absl::string_view bytes,
                          std::vector<ReferenceFrame>* frames);

std::string EncodeDetail(const ClipDetail& detail);
absl::StatusOr<ClipDetail> DecodeDetail(absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_RECORD_H_
