#include "index/clip_record.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_record.pb.h"

namespace lenscap {
namespace {

// One set of numbers in memory, in the API and on disk.
static_assert(static_cast<int>(Severity::kSuspected) == v1::SEVERITY_SUSPECTED);
static_assert(static_cast<int>(Severity::kConfirmed) == v1::SEVERITY_CONFIRMED);
static_assert(static_cast<int>(Severity::kCritical) == v1::SEVERITY_CRITICAL);
static_assert(static_cast<int>(ListChange::Kind::kPublished) ==
              index::ChangeRecord::PUBLISHED);
static_assert(static_cast<int>(ListChange::Kind::kWithdrawn) ==
              index::ChangeRecord::WITHDRAWN);

constexpr size_t kHashBytes = 32;
constexpr size_t kFrameBytes = kHashBytes + 1 + 2 * 8;

template <typename... What>
absl::Status Damaged(const What&... what) {
  return absl::DataLossError(absl::StrCat(what...));
}

template <typename Record>
absl::StatusOr<Record> Parse(absl::string_view bytes) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), bytes.size())) {
    return Damaged("it is no ", Record::descriptor()->name());
  }
  return record;
}

absl::Status CheckNotNegative(absl::string_view field, int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return Damaged(field, " is ", value);
}

// As Damaged: the caller asked for what is on disk.
absl::Status AsDamage(const absl::Status& status) {
  return status.ok() ? status : Damaged(status.message());
}

template <size_t n>
absl::StatusOr<std::optional<std::array<uint8_t, n>>> ParseDigest(
    absl::string_view field, absl::string_view bytes) {
  std::optional<std::array<uint8_t, n>> digest;
  if (bytes.empty()) return digest;
  if (bytes.size() != n) {
    return Damaged(field, " has ", bytes.size(), " bytes, not ", n);
  }
  digest.emplace();
  std::copy(bytes.begin(), bytes.end(), digest->begin());
  return digest;
}

// Most significant byte first.
void AppendUint64(uint64_t value, std::string* bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes->push_back(static_cast<char>(value >> shift));
  }
}
uint64_t ReadUint64(const char* bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    value = value << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return value;
}

}  // namespace

std::string EncodeList(const ListInfo& list) {
  index::ListRecord record;
  record.set_issuer(list.issuer);
  record.set_version(list.version);
  record.set_entries(list.entries);
  record.set_frames(list.frames);
  record.set_changed_unix_micros(absl::ToUnixMicros(list.changed));
  return record.SerializeAsString();
}

absl::StatusOr<ListInfo> DecodeList(absl::string_view list_id,
                                    absl::string_view bytes) {
  RETURN_IF_ERROR(AsDamage(CheckListId(list_id)));
  ASSIGN_OR_RETURN(auto record, Parse<index::ListRecord>(bytes));
  RETURN_IF_ERROR(AsDamage(CheckIssuer(record.issuer())));
  RETURN_IF_ERROR(CheckNotNegative("version", record.version()));
  RETURN_IF_ERROR(CheckNotNegative("entries", record.entries()));
  RETURN_IF_ERROR(CheckNotNegative("frames", record.frames()));
  return ListInfo{
      .list_id = std::string(list_id),
      .issuer = record.issuer(),
      .version = record.version(),
      .entries = record.entries(),
      .frames = record.frames(),
      .changed = absl::FromUnixMicros(record.changed_unix_micros())};
}

std::string EncodeEntry(const StoredEntry& entry) {
  const EntryInfo& info = entry.info;
  index::EntryRecord record;
  record.set_clip_id(info.clip_id);
  record.set_severity(static_cast<v1::Severity>(info.severity));
  record.set_duration_nanos(absl::ToInt64Nanoseconds(info.duration));
  record.set_frames(info.frames);
  record.set_added_in_version(info.added_in_version);
  if (entry.sha256) record.set_sha256(ToBytes(*entry.sha256));
  if (entry.md5) record.set_md5(ToBytes(*entry.md5));
  record.set_detailed(entry.detailed);
  return record.SerializeAsString();
}

absl::StatusOr<StoredEntry> DecodeEntry(absl::string_view entry_id,
                                        absl::string_view bytes) {
  RETURN_IF_ERROR(AsDamage(CheckEntryId(entry_id)));
  ASSIGN_OR_RETURN(auto record, Parse<index::EntryRecord>(bytes));
  if (record.clip_id() == 0) return Damaged("clip_id is 0");
  if (record.severity() < v1::SEVERITY_SUSPECTED ||
      record.severity() > v1::SEVERITY_CRITICAL) {
    return Damaged("severity is ", record.severity());
  }
  const auto duration = absl::Nanoseconds(record.duration_nanos());
  if (record.duration_nanos() < 0 || duration > kMaxClipDuration) {
    return Damaged("duration_nanos is ", record.duration_nanos());
  }
  if (record.frames() < 0 || record.frames() > kMaxClipFrames) {
    return Damaged("frames is ", record.frames());
  }
  if (record.added_in_version() < 1) {
    return Damaged("added_in_version is ", record.added_in_version());
  }
  StoredEntry entry;
  entry.info = {.entry_id = std::string(entry_id),
                .clip_id = record.clip_id(),
                .severity = static_cast<Severity>(record.severity()),
                .duration = duration,
                .frames = record.frames(),
                .added_in_version = record.added_in_version()};
  ASSIGN_OR_RETURN(entry.sha256, ParseDigest<32>("sha256", record.sha256()));
  ASSIGN_OR_RETURN(entry.md5, ParseDigest<16>("md5", record.md5()));
  entry.detailed = record.detailed();
  return entry;
}

std::string EncodeChange(const ListChange& change) {
  index::ChangeRecord record;
  record.set_kind(static_cast<index::ChangeRecord::Kind>(change.kind));
  record.set_time_unix_micros(absl::ToUnixMicros(change.time));
  for (const std::string& id : change.entry_ids) record.add_entry_ids(id);
  record.set_entries(change.entries);
  record.set_reason(change.reason);
  return record.SerializeAsString();
}

absl::StatusOr<ListChange> DecodeChange(int64_t version,
                                        absl::string_view bytes) {
  if (version < 1) return Damaged("its version is ", version);
  ASSIGN_OR_RETURN(auto record, Parse<index::ChangeRecord>(bytes));
  if (record.kind() != index::ChangeRecord::PUBLISHED &&
      record.kind() != index::ChangeRecord::WITHDRAWN) {
    return Damaged("kind is ", record.kind());
  }
  if (record.entries() < record.entry_ids_size()) {
    return Damaged("entries is ", record.entries(), ", but ",
                   record.entry_ids_size(), " are named");
  }
  for (const std::string& entry_id : record.entry_ids()) {
    RETURN_IF_ERROR(AsDamage(CheckEntryId(entry_id)));
  }
  return ListChange{
      .version = version,
      .time = absl::FromUnixMicros(record.time_unix_micros()),
      .kind = static_cast<ListChange::Kind>(record.kind()),
      .entry_ids = {record.entry_ids().begin(), record.entry_ids().end()},
      .entries = record.entries(),
      .reason = record.reason()};
}

std::string EncodeTombstone(const Tombstone& tombstone) {
  index::TombstoneRecord record;
  record.set_list_id(tombstone.list_id);
  record.set_entry_id(tombstone.entry_id);
  record.set_added_in_version(tombstone.added_in_version);
  record.set_withdrawn_in_version(tombstone.withdrawn_in_version);
  return record.SerializeAsString();
}

absl::StatusOr<Tombstone> DecodeTombstone(absl::string_view bytes) {
  ASSIGN_OR_RETURN(auto record, Parse<index::TombstoneRecord>(bytes));
  RETURN_IF_ERROR(AsDamage(CheckListId(record.list_id())));
  RETURN_IF_ERROR(AsDamage(CheckEntryId(record.entry_id())));
  if (record.added_in_version() < 1 ||
      record.withdrawn_in_version() <= record.added_in_version()) {
    return Damaged("added in version ", record.added_in_version(),
                   ", withdrawn in version ", record.withdrawn_in_version());
  }
  return Tombstone{.list_id = record.list_id(),
                   .entry_id = record.entry_id(),
                   .added_in_version = record.added_in_version(),
                   .withdrawn_in_version = record.withdrawn_in_version()};
}

std::string EncodeFrames(absl::Span<const ReferenceFrame> frames) {
  std::string bytes;
  bytes.reserve(frames.size() * kFrameBytes);
  for (const ReferenceFrame& frame : frames) {
    for (int w = 3; w >= 0; --w) AppendUint64(frame.hash.words[w], &bytes);
    bytes.push_back(static_cast<char>(frame.quality));
    AppendUint64(absl::ToInt64Nanoseconds(frame.time), &bytes);
    AppendUint64(absl::ToInt64Nanoseconds(frame.until), &bytes);
  }
  return bytes;
}

absl::Status DecodeFrames(absl::string_view bytes,
                          std::vector<ReferenceFrame>* frames) {
  if (bytes.size() % kFrameBytes != 0) {
    return Damaged("it has ", bytes.size(), " bytes, not a multiple of ",
                   kFrameBytes);
  }
  for (; !bytes.empty(); bytes.remove_prefix(kFrameBytes)) {
    ReferenceFrame frame;
    for (int w = 0; w < 4; ++w) {
      frame.hash.words[3 - w] = ReadUint64(bytes.data() + 8 * w);
    }
    frame.quality = static_cast<uint8_t>(bytes[kHashBytes]);
    const char* const times = bytes.data() + kHashBytes + 1;
    frame.time = absl::Nanoseconds(static_cast<int64_t>(ReadUint64(times)));
    frame.until =
        absl::Nanoseconds(static_cast<int64_t>(ReadUint64(times + 8)));
    const absl::Duration earliest =
        frames->empty() ? absl::ZeroDuration() : frames->back().until;
    if (frame.quality > 100) return Damaged("a quality is ", frame.quality);
    if (frame.time < earliest || frame.time > kMaxClipDuration) {
      return Damaged("a frame at ", absl::FormatDuration(frame.time),
                     " follows one at ", absl::FormatDuration(earliest));
    }
    if (frame.until < frame.time || frame.until > kMaxClipDuration) {
      return Damaged("a frame at ", absl::FormatDuration(frame.time),
                     " stays until ", absl::FormatDuration(frame.until));
    }
    frames->push_back(frame);
  }
  return absl::OkStatus();
}

}  // namespace lenscap
