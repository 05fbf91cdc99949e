#include "index/clip_record.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_record.pb.h"
#include "index/record_parse.h"

namespace lenscap {
namespace {

// One set of numbers in memory, in the API and on disk.
static_assert(static_cast<int>(Severity::kSuspected) == v1::SEVERITY_SUSPECTED);
static_assert(static_cast<int>(Severity::kConfirmed) == v1::SEVERITY_CONFIRMED);
static_assert(static_cast<int>(Severity::kCritical) == v1::SEVERITY_CRITICAL);
static_assert(static_cast<int>(Advice::kReview) == v1::ADVICE_REVIEW);
static_assert(static_cast<int>(Advice::kBlock) == v1::ADVICE_BLOCK);
static_assert(static_cast<int>(Hold::kSaysNothing) ==
              index::EntryRecord::SAYS_NOTHING);
static_assert(static_cast<int>(Hold::kByHand) == index::EntryRecord::BY_HAND);

constexpr size_t kHashBytes = 32;
constexpr size_t kFrameBytes = kHashBytes + 1 + 2 * 8;

absl::Status CheckSeverity(v1::Severity severity) {
  if (severity >= v1::SEVERITY_SUSPECTED && severity <= v1::SEVERITY_CRITICAL) {
    return absl::OkStatus();
  }
  return Damaged("severity is ", severity);
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

void EncodeTerms(const EntryTerms& terms, index::EntryRecord* record) {
  record->set_category(terms.category);
  SetExpires(terms.expires, record);
  if (terms.max_distance != EntryTerms().max_distance) {
    record->set_max_distance(terms.max_distance);
  }
  record->set_advice(static_cast<v1::Advice>(terms.advice));
  for (const std::string& assessor : terms.assessors) {
    record->add_assessors(assessor);
  }
}

absl::StatusOr<EntryTerms> DecodeTerms(const index::EntryRecord& record) {
  EntryTerms terms{
      .category = record.category(),
      .expires = ExpiresOf(record),
      .advice = static_cast<Advice>(record.advice()),
      .assessors = {record.assessors().begin(), record.assessors().end()}};
  if (record.has_max_distance()) terms.max_distance = record.max_distance();
  RETURN_IF_ERROR(AsDamage(CheckTerms(terms)));
  return terms;
}

}  // namespace

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
  if (entry.sha1) record.set_sha1(ToBytes(*entry.sha1));
  record.set_detailed(entry.detailed);
  if (entry.digest != Sha256()) record.set_digest(ToBytes(entry.digest));
  EncodeTerms(info.terms, &record);
  record.set_hold(static_cast<index::EntryRecord::Hold>(info.hold));
  record.set_hold_reason(info.hold_reason);
  return record.SerializeAsString();
}

absl::StatusOr<StoredEntry> DecodeEntry(absl::string_view entry_id,
                                        absl::string_view bytes) {
  RETURN_IF_ERROR(AsDamage(CheckEntryId(entry_id)));
  ASSIGN_OR_RETURN(auto record, ParseRecord<index::EntryRecord>(bytes));
  if (record.clip_id() == 0) return Damaged("clip_id is 0");
  RETURN_IF_ERROR(CheckSeverity(record.severity()));
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
  if (!index::EntryRecord::Hold_IsValid(record.hold())) {
    return Damaged("hold is ", record.hold());
  }
  StoredEntry entry;
  entry.info = {.entry_id = std::string(entry_id),
                .clip_id = record.clip_id(),
                .severity = static_cast<Severity>(record.severity()),
                .duration = duration,
                .frames = record.frames(),
                .added_in_version = record.added_in_version()};
  entry.info.hold = static_cast<Hold>(record.hold());
  entry.info.hold_reason = record.hold_reason();
  ASSIGN_OR_RETURN(entry.info.terms, DecodeTerms(record));
  ASSIGN_OR_RETURN(entry.sha256, ParseDigest<32>("sha256", record.sha256()));
  ASSIGN_OR_RETURN(entry.md5, ParseDigest<16>("md5", record.md5()));
  ASSIGN_OR_RETURN(entry.sha1, ParseDigest<20>("sha1", record.sha1()));
  ASSIGN_OR_RETURN(const auto digest,
                   ParseDigest<32>("digest", record.digest()));
  entry.digest = digest.value_or(Sha256());
  entry.detailed = record.detailed();
  return entry;
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
