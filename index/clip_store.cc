#include "index/clip_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/bulk_write.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store_keys.h"
#include "rocksdb/snapshot.h"
#include "rocksdb/write_batch.h"

namespace lenscap {
absl::StatusOr<std::unique_ptr<ClipStore>> ClipStore::Open(
    const std::string& directory) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(directory));
  auto store =
      std::unique_ptr<ClipStore>(new ClipStore(directory, std::move(db)));
  RETURN_IF_ERROR(store->CheckFormat());
  BulkWrite::RemoveLeftovers(store->UpdateDirectory());
  return store;
}

ClipStore::ClipStore(std::string directory, std::unique_ptr<rocksdb::DB> db)
    : directory_(std::move(directory)), db_(std::move(db)) {}

ClipStore::~ClipStore() = default;

std::string ClipStore::UpdateDirectory() const {
  return absl::StrCat(directory_, "/update");
}

absl::Status ClipStore::CheckFormat() {
  auto version = Get(kFormatKey, nullptr);
  if (version.ok()) {
    const uint64_t number = DecodeUint64(*version);
    if (number == kClipStoreFormat) return absl::OkStatus();
    if (number == 1) {  // Its records lack fields that have defaults.
      return ToStatus(
          db_->Put(Synced(), kFormatKey, EncodeUint64(kClipStoreFormat)),
          absl::StrCat("writing to ", directory_));
    }
    if (number > kClipStoreFormat) {
      return absl::FailedPreconditionError(absl::StrCat(
          directory_, " has format ", number,
          ", written by a newer version of this program, which knows format ",
          kClipStoreFormat));
    }
    return At(kFormatKey, absl::DataLossError("it is no format"));
  }
  if (!absl::IsNotFound(version.status())) return version.status();
  const std::unique_ptr<rocksdb::Iterator> record(
      db_->NewIterator(rocksdb::ReadOptions()));
  record->SeekToFirst();
  if (record->Valid()) {
    return At(ToView(record->key()),
              absl::DataLossError("the store has records, but no format"));
  }
  RETURN_IF_ERROR(ToStatus(record->status(), directory_));
  rocksdb::WriteBatch batch;
  batch.Put(kFormatKey, EncodeUint64(kClipStoreFormat));
  batch.Put(kNextClipKey, EncodeUint64(1));
  return ToStatus(db_->Write(Synced(), &batch),
                  absl::StrCat("writing to ", directory_));
}

absl::Status ClipStore::At(absl::string_view key,
                           const absl::Status& status) const {
  return absl::Status(
      status.code(), absl::StrCat(directory_, ": record \"", absl::CEscape(key),
                                  "\": ", status.message()));
}

absl::Status ClipStore::Missing(absl::string_view key) const {
  return At(key, absl::DataLossError("it is missing"));
}

absl::Status ClipStore::NoMoreClips() const {
  return absl::ResourceExhaustedError(absl::StrCat(
      directory_, " has had its ", kMaxClipId,
      " clips; publish the lists again into a new data directory"));
}

absl::StatusOr<std::string> ClipStore::Get(
    const std::string& key, const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  RETURN_IF_ERROR(ToStatus(db_->Get(options, key, &value),
                           absl::StrCat("reading ", directory_)));
  return value;
}

absl::Status ClipStore::ForEachRecord(absl::string_view prefix,
                                      absl::string_view begin,
                                      const rocksdb::Snapshot* snapshot,
                                      const RecordVisitor& visit) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  const std::unique_ptr<rocksdb::Iterator> record(db_->NewIterator(options));
  for (record->Seek(ToSlice(begin));
       record->Valid() && record->key().starts_with(ToSlice(prefix));
       record->Next()) {
    ASSIGN_OR_RETURN(const bool more,
                     visit(ToView(record->key()), ToView(record->value())));
    if (!more) return absl::OkStatus();
  }
  return ToStatus(record->status(), absl::StrCat("reading ", directory_));
}

absl::StatusOr<ListInfo> ClipStore::ParseList(
    absl::string_view list_id, const absl::StatusOr<std::string>& value) const {
  if (absl::IsNotFound(value.status())) {
    return absl::NotFoundError(
        absl::StrCat("list_id: there is no list \"", list_id, "\""));
  }
  if (!value.ok()) return value.status();
  auto list = DecodeList(list_id, *value);
  return list.ok() ? list : At(ListKey(list_id), list.status());
}

absl::StatusOr<ListInfo> ClipStore::GetList(
    absl::string_view list_id, const rocksdb::Snapshot* snapshot) const {
  return ParseList(list_id, Get(ListKey(list_id), snapshot));
}

absl::StatusOr<std::vector<ListInfo>> ClipStore::Lists() const {
  std::vector<ListInfo> lists;
  RETURN_IF_ERROR(
      ForEachRecord(kListPrefix, kListPrefix, nullptr,
                    [&](absl::string_view key,
                        absl::string_view value) -> absl::StatusOr<bool> {
                      auto list = DecodeList(key.substr(1), value);
                      if (!list.ok()) return At(key, list.status());
                      lists.push_back(*std::move(list));
                      return true;
                    }));
  return lists;
}

absl::StatusOr<std::string> ClipStore::Id() const {
  std::string id;
  RETURN_IF_ERROR(
      ToStatus(db_->GetDbIdentity(id), absl::StrCat("reading ", directory_)));
  return id;
}

uint64_t ClipStore::Sequence() const { return db_->GetLatestSequenceNumber(); }

uint64_t ClipStore::NextClipId() const {
  const auto value = Get(kNextClipKey, nullptr);
  return value.ok() ? DecodeUint64(*value) : 1;
}

}  // namespace lenscap
