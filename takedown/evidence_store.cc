#include "takedown/evidence_store.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/aead.h"
#include "base/digest.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/write_batch.h"
#include "takedown/case_record.h"
#include "takedown/evidence_record.pb.h"

namespace lenscap {
namespace {

constexpr char kFormatKey[] = "F";
constexpr uint64_t kFormat = 1;
constexpr char kUploadPrefix[] = "U";
constexpr char kStillPrefix[] = "S";
constexpr size_t kMaxNameBytes = 256;

std::string UploadKey(absl::string_view content_id) {
  return absl::StrCat(kUploadPrefix, ToBytes(Sha256Of(content_id)));
}
std::string StillKey(absl::string_view content_id, int still_id) {
  return absl::StrCat(kStillPrefix, ToBytes(Sha256Of(content_id)),
                      EncodeUint64(still_id));
}

// What a sealed still is of: a length before each name, so that no two are
// alike.
std::string ContextOf(const takedown::EvidenceRecord& record, int still_id) {
  return absl::StrCat(EncodeUint64(record.case_id().size()), record.case_id(),
                      EncodeUint64(record.content_id().size()),
                      record.content_id(), EncodeUint64(still_id));
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

EvidenceStore::Kept KeptOf(const takedown::EvidenceRecord& record) {
  EvidenceStore::Kept kept = {.content_id = record.content_id(),
                              .case_id = record.case_id(),
                              .sealed = TimeOf(record.sealed()),
                              .stills = record.stills(),
                              .unavailable = record.unavailable(),
                              .destroyed = std::nullopt};
  if (record.has_destroyed()) kept.destroyed = TimeOf(record.destroyed());
  return kept;
}

absl::Status CheckNames(absl::string_view case_id,
                        absl::string_view content_id) {
  RETURN_IF_ERROR(CheckText("case_id", case_id, 1, kMaxNameBytes));
  return CheckText("content_id", content_id, 1, kMaxNameBytes);
}

absl::Status CheckStills(absl::Span<const v1::Still> stills) {
  if (stills.empty() || stills.size() > EvidenceStore::kMaxStills) {
    return absl::InvalidArgumentError(
        absl::StrCat("stills: expected 1 to ", EvidenceStore::kMaxStills,
                     " of them, got ", stills.size()));
  }
  for (size_t i = 0; i < stills.size(); ++i) {
    const size_t bytes = stills[i].ByteSizeLong();
    if (bytes <= EvidenceStore::kMaxStillBytes) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("stills[", i, "]: expected at most ",
                     EvidenceStore::kMaxStillBytes, " bytes, got ", bytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<EvidenceStore>> EvidenceStore::Open(
    Options options) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(options.directory));
  ASSIGN_OR_RETURN(auto keys, KeyFile::Open(options.key_file));
  auto store = std::unique_ptr<EvidenceStore>(
      new EvidenceStore(std::move(options), std::move(keys), std::move(db)));
  RETURN_IF_ERROR(store->Load());
  return store;
}

EvidenceStore::EvidenceStore(Options options, std::unique_ptr<KeyFile> keys,
                             std::unique_ptr<rocksdb::DB> db)
    : options_(std::move(options)),
      keys_(std::move(keys)),
      db_(std::move(db)) {}

EvidenceStore::~EvidenceStore() = default;

absl::Status EvidenceStore::Load() {
  std::string version;
  const absl::Status read =
      ToStatus(db_->Get(rocksdb::ReadOptions(), kFormatKey, &version),
               absl::StrCat("reading ", options_.directory));
  if (absl::IsNotFound(read)) {
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, EncodeUint64(kFormat));
    return Write(&batch);
  }
  RETURN_IF_ERROR(read);
  if (DecodeUint64(version) != kFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.directory, " has format ", DecodeUint64(version),
                     "; this program knows format ", kFormat));
  }
  constexpr int kPage = 1000;
  std::vector<std::string> live;
  std::vector<std::string> lost;  // A crash came between the key and the rest.
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Kept> page, List(after, kPage));
    for (const Kept& kept : page) {
      if (kept.stills == 0 || kept.destroyed) continue;
      const bool has_key = keys_->Get(kept.content_id).ok();
      (has_key ? live : lost).push_back(kept.content_id);
    }
    if (page.size() < kPage) break;
    after = page.back().content_id;
  }
  RETURN_IF_ERROR(keys_->DestroyAllBut(live));
  return Destroy(lost);
}

absl::StatusOr<takedown::EvidenceRecord> EvidenceStore::Get(
    absl::string_view content_id) const {
  std::string value;
  const absl::Status read =
      ToStatus(db_->Get(rocksdb::ReadOptions(), UploadKey(content_id), &value),
               absl::StrCat("reading ", options_.directory));
  if (absl::IsNotFound(read)) {
    return absl::NotFoundError(
        absl::StrCat("no stills were kept of \"", content_id, "\""));
  }
  RETURN_IF_ERROR(read);
  takedown::EvidenceRecord record;
  if (record.ParseFromString(value) && record.content_id() == content_id) {
    return record;
  }
  return absl::DataLossError(absl::StrCat(
      options_.directory, ": the record of \"", content_id, "\" is damaged"));
}

absl::StatusOr<bool> EvidenceStore::IsThere(
    absl::string_view content_id) const {
  const auto record = Get(content_id);
  if (absl::IsNotFound(record.status())) return false;
  RETURN_IF_ERROR(record.status());
  return !record->has_destroyed();
}

absl::Status EvidenceStore::Write(rocksdb::WriteBatch* batch) {
  return ToStatus(db_->Write(Synced(), batch),
                  absl::StrCat("writing to ", options_.directory));
}

absl::Status EvidenceStore::Seal(absl::string_view case_id,
                                 absl::string_view content_id,
                                 std::vector<v1::Still> stills) {
  RETURN_IF_ERROR(CheckNames(case_id, content_id));
  RETURN_IF_ERROR(CheckStills(stills));
  const std::lock_guard lock(writing_);
  const auto before = Get(content_id);
  if (!before.ok() && !absl::IsNotFound(before.status())) {
    return before.status();
  }
  if (before.ok() && !before->has_destroyed() && before->stills() > 0) {
    return absl::OkStatus();
  }
  takedown::EvidenceRecord record;
  record.set_content_id(std::string(content_id));
  record.set_case_id(std::string(case_id));
  *record.mutable_sealed() = ToTimestamp(options_.clock->Now());
  record.set_stills(static_cast<int>(stills.size()));
  ASSIGN_OR_RETURN(const AeadKey key, keys_->Make(content_id));
  rocksdb::WriteBatch batch;
  for (int id = 1; id <= record.stills(); ++id) {
    v1::Still& still = stills[id - 1];
    still.set_still_id(id);
    std::string text = still.SerializeAsString();
    batch.Put(StillKey(content_id, id), key.Seal(text, ContextOf(record, id)));
    OPENSSL_cleanse(text.data(), text.size());
  }
  batch.Put(UploadKey(content_id), record.SerializeAsString());
  return Write(&batch);
}

absl::Status EvidenceStore::SetUnavailable(absl::string_view case_id,
                                           absl::string_view content_id,
                                           absl::string_view why) {
  RETURN_IF_ERROR(CheckNames(case_id, content_id));
  const std::lock_guard lock(writing_);
  ASSIGN_OR_RETURN(const bool there, IsThere(content_id));
  if (there) return absl::OkStatus();
  takedown::EvidenceRecord record;
  record.set_content_id(std::string(content_id));
  record.set_case_id(std::string(case_id));
  *record.mutable_sealed() = ToTimestamp(options_.clock->Now());
  record.set_unavailable(std::string(why));
  rocksdb::WriteBatch batch;
  batch.Put(UploadKey(content_id), record.SerializeAsString());
  return Write(&batch);
}

absl::StatusOr<EvidenceStore::Kept> EvidenceStore::Find(
    absl::string_view content_id) const {
  ASSIGN_OR_RETURN(const takedown::EvidenceRecord record, Get(content_id));
  return KeptOf(record);
}

absl::StatusOr<std::vector<v1::Still>> EvidenceStore::Open(
    absl::string_view content_id) const {
  ASSIGN_OR_RETURN(const takedown::EvidenceRecord record, Get(content_id));
  std::vector<v1::Still> stills;
  if (record.stills() == 0) return stills;
  const auto key = keys_->Get(content_id);
  if (record.has_destroyed() || absl::IsNotFound(key.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("the stills of \"", content_id, "\" were destroyed"));
  }
  RETURN_IF_ERROR(key.status());
  for (int id = 1; id <= record.stills(); ++id) {
    std::string sealed;
    RETURN_IF_ERROR(ToStatus(
        db_->Get(rocksdb::ReadOptions(), StillKey(content_id, id), &sealed),
        absl::StrCat("reading still ", id, " of ", options_.directory)));
    ASSIGN_OR_RETURN(std::string text,
                     key->Open(sealed, ContextOf(record, id)));
    const bool parsed = stills.emplace_back().ParseFromString(text);
    OPENSSL_cleanse(text.data(), text.size());
    if (!parsed) return absl::DataLossError("a sealed still is no still");
  }
  return stills;
}

absl::StatusOr<std::vector<EvidenceStore::Kept>> EvidenceStore::List(
    absl::string_view after, int limit) const {
  std::vector<Kept> page;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  const std::string start = after.empty() ? kUploadPrefix : UploadKey(after);
  it->Seek(start);
  if (!after.empty() && it->Valid() && ToView(it->key()) == start) it->Next();
  for (; it->Valid() && it->key().starts_with(kUploadPrefix) &&
         std::ssize(page) < limit;
       it->Next()) {
    takedown::EvidenceRecord record;
    // A damaged record is as one that is not there, and its key is destroyed.
    if (record.ParseFromArray(it->value().data(),
                              static_cast<int>(it->value().size()))) {
      page.push_back(KeptOf(record));
    }
  }
  RETURN_IF_ERROR(
      ToStatus(it->status(), absl::StrCat("reading ", options_.directory)));
  return page;
}

absl::Status EvidenceStore::Destroy(absl::Span<const std::string> content_ids) {
  const std::lock_guard lock(writing_);
  RETURN_IF_ERROR(keys_->Destroy(content_ids));
  rocksdb::WriteBatch batch;
  for (const std::string& content_id : content_ids) {
    auto record = Get(content_id);
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    if (record->has_destroyed()) continue;
    for (int id = 1; id <= record->stills(); ++id) {
      batch.Delete(StillKey(content_id, id));
    }
    *record->mutable_destroyed() = ToTimestamp(options_.clock->Now());
    batch.Put(UploadKey(content_id), record->SerializeAsString());
  }
  return batch.Count() == 0 ? absl::OkStatus() : Write(&batch);
}

absl::Status EvidenceStore::Forget(absl::Span<const std::string> content_ids) {
  const std::lock_guard lock(writing_);
  RETURN_IF_ERROR(keys_->Destroy(content_ids));
  rocksdb::WriteBatch batch;
  for (const std::string& content_id : content_ids) {
    for (int id = 1; id <= kMaxStills; ++id) {
      batch.Delete(StillKey(content_id, id));
    }
    batch.Delete(UploadKey(content_id));
  }
  return batch.Count() == 0 ? absl::OkStatus() : Write(&batch);
}

}  // namespace lenscap
