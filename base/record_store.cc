#include "base/record_store.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/iterator.h"
#include "rocksdb/write_batch.h"

namespace lenscap {

absl::StatusOr<std::unique_ptr<RecordStore>> RecordStore::Open(
    const std::string& directory) {
  ASSIGN_OR_RETURN(auto db, OpenDatabase(directory));
  return std::unique_ptr<RecordStore>(
      new RecordStore(directory, std::move(db)));
}

RecordStore::RecordStore(std::string directory, std::unique_ptr<rocksdb::DB> db)
    : directory_(std::move(directory)), db_(std::move(db)) {}

RecordStore::~RecordStore() = default;

absl::Status RecordStore::Write(absl::Span<const Change> changes) {
  rocksdb::WriteBatch batch;
  for (const Change& change : changes) {
    const rocksdb::Status added = change.value
                                      ? batch.Put(change.key, *change.value)
                                      : batch.Delete(change.key);
    RETURN_IF_ERROR(ToStatus(added, directory_));
  }
  return ToStatus(db_->Write(Synced(), &batch),
                  absl::StrCat("writing to ", directory_));
}

absl::StatusOr<std::string> RecordStore::Get(absl::string_view key) const {
  std::string value;
  RETURN_IF_ERROR(ToStatus(
      db_->Get(rocksdb::ReadOptions(), ToSlice(key), &value), directory_));
  return value;
}

absl::StatusOr<std::vector<RecordStore::Record>> RecordStore::List(
    absl::string_view prefix, absl::string_view after, int limit) const {
  const std::unique_ptr<rocksdb::Iterator> records(
      db_->NewIterator(rocksdb::ReadOptions()));
  std::vector<Record> listed;
  // The least key that is greater has one more byte, of 0.
  const std::string first =
      after < prefix ? std::string(prefix)
                     : absl::StrCat(after, absl::string_view("\0", 1));
  for (records->Seek(first);
       records->Valid() && listed.size() < static_cast<size_t>(limit);
       records->Next()) {
    if (!absl::StartsWith(ToView(records->key()), prefix)) break;
    listed.push_back({records->key().ToString(), records->value().ToString()});
  }
  RETURN_IF_ERROR(
      ToStatus(records->status(), absl::StrCat("reading ", directory_)));
  return listed;
}

}  // namespace lenscap
