#include <string>
#include <utility>

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_record.h"
#include "index/clip_record.pb.h"
#include "index/record_parse.h"

namespace lenscap {
namespace {

// One set of numbers in memory and on disk.
template <typename Enum, typename OnDisk>
constexpr bool Same(Enum value, OnDisk on_disk) {
  return static_cast<int>(value) == static_cast<int>(on_disk);
}
static_assert(Same(ListMode::kActive, index::ListRecord::ACTIVE));
static_assert(Same(ListMode::kShadow, index::ListRecord::SHADOW));
static_assert(Same(ListPurpose::kKnownClips, index::ListRecord::KNOWN_CLIPS));
static_assert(Same(ListPurpose::kNeverMatch, index::ListRecord::NEVER_MATCH));
static_assert(Same(ListChange::Kind::kPublished,
                   index::ChangeRecord::PUBLISHED));
static_assert(Same(ListChange::Kind::kWithdrawn,
                   index::ChangeRecord::WITHDRAWN));
static_assert(Same(ListChange::Kind::kSigned, index::ChangeRecord::SIGNED));
static_assert(Same(ListChange::Kind::kRolledBack,
                   index::ChangeRecord::ROLLED_BACK));
static_assert(Same(ListChange::Kind::kExpired, index::ChangeRecord::EXPIRED));
static_assert(Same(ListChange::Kind::kHeld, index::ChangeRecord::HELD));
static_assert(Same(ListChange::Kind::kReleased, index::ChangeRecord::RELEASED));
static_assert(Same(ListChange::Kind::kModeSet, index::ChangeRecord::MODE_SET));

absl::Status ParseSha256(absl::string_view field, absl::string_view bytes,
                         Sha256* digest) {
  ASSIGN_OR_RETURN(const auto parsed, ParseDigest<32>(field, bytes));
  *digest = parsed.value_or(Sha256());
  return absl::OkStatus();
}

absl::Status CheckCounts(const index::ListRecord& record) {
  RETURN_IF_ERROR(CheckNotNegative("version", record.version()));
  RETURN_IF_ERROR(CheckNotNegative("entries", record.entries()));
  RETURN_IF_ERROR(CheckNotNegative("frames", record.frames()));
  RETURN_IF_ERROR(CheckNotNegative("held", record.held()));
  RETURN_IF_ERROR(CheckNotNegative("expired", record.expired()));
  RETURN_IF_ERROR(CheckNotNegative("signed_version", record.signed_version()));
  if (record.held() > record.entries()) {
    return Damaged("of ", record.entries(), " entries ", record.held(),
                   " are held");
  }
  if (record.version_in_force() < 0 ||
      record.version_in_force() > record.signed_version()) {
    return Damaged("version_in_force is ", record.version_in_force(), " of ",
                   record.signed_version());
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeList(const ListInfo& list) {
  index::ListRecord record;
  record.set_issuer(list.issuer);
  record.set_version(list.version);
  record.set_entries(list.entries);
  record.set_frames(list.frames);
  record.set_changed_unix_micros(absl::ToUnixMicros(list.changed));
  record.set_held(list.held);
  record.set_expired(list.expired);
  record.set_mode(static_cast<index::ListRecord::Mode>(list.mode));
  record.set_mode_reason(list.mode_reason);
  record.set_purpose(
      static_cast<index::ListRecord::Purpose>(list.terms.purpose));
  record.set_legal_basis(list.terms.legal_basis);
  for (const std::string& jurisdiction : list.terms.jurisdictions) {
    record.add_jurisdictions(jurisdiction);
  }
  SetExpires(list.terms.expires, &record);
  if (list.signed_version > 0) {
    record.set_signed_version(list.signed_version);
    record.set_signed_sha256(ToBytes(list.signed_sha256));
    record.set_version_in_force(list.version_in_force);
    record.set_sha256_in_force(ToBytes(list.sha256_in_force));
    record.set_content(ToBytes(list.content));
  }
  return record.SerializeAsString();
}

absl::StatusOr<ListInfo> DecodeList(absl::string_view list_id,
                                    absl::string_view bytes) {
  RETURN_IF_ERROR(AsDamage(CheckListId(list_id)));
  ASSIGN_OR_RETURN(auto record, ParseRecord<index::ListRecord>(bytes));
  RETURN_IF_ERROR(AsDamage(CheckIssuer(record.issuer())));
  RETURN_IF_ERROR(CheckCounts(record));
  if (!index::ListRecord::Mode_IsValid(record.mode())) {
    return Damaged("mode is ", record.mode());
  }
  if (!index::ListRecord::Purpose_IsValid(record.purpose())) {
    return Damaged("purpose is ", record.purpose());
  }
  ListInfo list{.list_id = std::string(list_id),
                .issuer = record.issuer(),
                .version = record.version(),
                .entries = record.entries(),
                .frames = record.frames(),
                .changed = absl::FromUnixMicros(record.changed_unix_micros()),
                .held = record.held(),
                .expired = record.expired(),
                .mode = record.mode() == index::ListRecord::SHADOW
                            ? ListMode::kShadow
                            : ListMode::kActive,
                .mode_reason = record.mode_reason(),
                .signed_version = record.signed_version(),
                .version_in_force = record.version_in_force()};
  list.terms = {.purpose = record.purpose() == index::ListRecord::NEVER_MATCH
                               ? ListPurpose::kNeverMatch
                               : ListPurpose::kKnownClips,
                .legal_basis = record.legal_basis(),
                .jurisdictions = {record.jurisdictions().begin(),
                                  record.jurisdictions().end()},
                .expires = ExpiresOf(record)};
  RETURN_IF_ERROR(ParseSha256("signed_sha256", record.signed_sha256(),
                              &list.signed_sha256));
  RETURN_IF_ERROR(ParseSha256("sha256_in_force", record.sha256_in_force(),
                              &list.sha256_in_force));
  RETURN_IF_ERROR(ParseSha256("content", record.content(), &list.content));
  return list;
}

std::string EncodeExpired(const ExpiredEntry& entry) {
  index::ExpiredRecord record;
  record.set_clip_id(entry.clip_id);
  record.set_digest(ToBytes(entry.digest));
  return record.SerializeAsString();
}

absl::StatusOr<ExpiredEntry> DecodeExpired(absl::string_view bytes) {
  ASSIGN_OR_RETURN(auto record, ParseRecord<index::ExpiredRecord>(bytes));
  ExpiredEntry entry{.clip_id = record.clip_id(), .digest = {}};
  RETURN_IF_ERROR(ParseSha256("digest", record.digest(), &entry.digest));
  return entry;
}

std::string EncodeChange(const ListChange& change) {
  index::ChangeRecord record;
  record.set_kind(static_cast<index::ChangeRecord::Kind>(change.kind));
  record.set_time_unix_micros(absl::ToUnixMicros(change.time));
  for (const std::string& id : change.entry_ids) record.add_entry_ids(id);
  record.set_entries(change.entries);
  record.set_reason(change.reason);
  record.set_actor(change.actor);
  if (change.signed_version > 0) {
    record.set_signed_version(change.signed_version);
    record.set_signed_sha256(ToBytes(change.signed_sha256));
  }
  return record.SerializeAsString();
}

absl::StatusOr<ListChange> DecodeChange(int64_t version,
                                        absl::string_view bytes) {
  if (version < 1) return Damaged("its version is ", version);
  ASSIGN_OR_RETURN(auto record, ParseRecord<index::ChangeRecord>(bytes));
  if (!index::ChangeRecord::Kind_IsValid(record.kind()) ||
      record.kind() == index::ChangeRecord::UNSPECIFIED) {
    return Damaged("kind is ", record.kind());
  }
  if (record.entries() < record.entry_ids_size()) {
    return Damaged("entries is ", record.entries(), ", but ",
                   record.entry_ids_size(), " are named");
  }
  for (const std::string& entry_id : record.entry_ids()) {
    RETURN_IF_ERROR(AsDamage(CheckEntryId(entry_id)));
  }
  ListChange change{
      .version = version,
      .time = absl::FromUnixMicros(record.time_unix_micros()),
      .kind = static_cast<ListChange::Kind>(record.kind()),
      .entry_ids = {record.entry_ids().begin(), record.entry_ids().end()},
      .entries = record.entries(),
      .reason = record.reason(),
      .actor = record.actor(),
      .signed_version = record.signed_version()};
  RETURN_IF_ERROR(ParseSha256("signed_sha256", record.signed_sha256(),
                              &change.signed_sha256));
  return change;
}

std::string EncodeTombstone(const Tombstone& tombstone) {
  index::TombstoneRecord record;
  record.set_list_id(tombstone.list_id);
  record.set_entry_id(tombstone.entry_id);
  record.set_added_in_version(tombstone.added_in_version);
  record.set_withdrawn_in_version(tombstone.withdrawn_in_version);
  record.set_withdrawn_unix_micros(absl::ToUnixMicros(tombstone.withdrawn));
  record.set_reason(tombstone.reason);
  return record.SerializeAsString();
}

absl::StatusOr<Tombstone> DecodeTombstone(absl::string_view bytes) {
  ASSIGN_OR_RETURN(auto record, ParseRecord<index::TombstoneRecord>(bytes));
  RETURN_IF_ERROR(AsDamage(CheckListId(record.list_id())));
  RETURN_IF_ERROR(AsDamage(CheckEntryId(record.entry_id())));
  if (record.added_in_version() < 1 ||
      record.withdrawn_in_version() <= record.added_in_version()) {
    return Damaged("added in version ", record.added_in_version(),
                   ", withdrawn in version ", record.withdrawn_in_version());
  }
  return Tombstone{
      .list_id = record.list_id(),
      .entry_id = record.entry_id(),
      .added_in_version = record.added_in_version(),
      .withdrawn_in_version = record.withdrawn_in_version(),
      .withdrawn = absl::FromUnixMicros(record.withdrawn_unix_micros()),
      .reason = record.reason()};
}

}  // namespace lenscap
