#include "base/numbered_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"

namespace lenscap {
namespace {

constexpr uint64_t kFormat = 1;
constexpr char kFormatKey[] = "f";
constexpr char kLastKey[] = "l";
constexpr char kMarkPrefix[] = "m";
constexpr char kRecordPrefix = 'r';
constexpr size_t kTimeBytes = 8;
constexpr int kPurgeBatch = 10'000;

std::string RecordKey(uint64_t number) {
  return absl::StrCat(std::string(1, kRecordPrefix), EncodeUint64(number));
}

bool AtRecord(const rocksdb::Iterator& it) {
  return it.Valid() && it.key().size() > 0 && it.key()[0] == kRecordPrefix;
}

absl::Time TimeOf(absl::string_view value) {
  return absl::FromUnixMicros(static_cast<int64_t>(DecodeUint64(value)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<NumberedLog>> NumberedLog::Open(
    const std::string& directory) {
  ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenDatabase(directory));
  std::unique_ptr<NumberedLog> log(new NumberedLog(directory, std::move(db)));
  RETURN_IF_ERROR(log->CheckFormat());
  ASSIGN_OR_RETURN(log->last_, log->Number(kLastKey));
  return log;
}

absl::Status NumberedLog::CheckFormat() {
  ASSIGN_OR_RETURN(const uint64_t format, Number(kFormatKey));
  if (format == kFormat) return absl::OkStatus();
  if (format != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        directory_, " has format ", format, ", of a later version; this one ",
        "knows format ", kFormat));
  }
  return ToStatus(db_->Put(Synced(), kFormatKey, EncodeUint64(kFormat)),
                  absl::StrCat("writing ", directory_));
}

absl::StatusOr<uint64_t> NumberedLog::Number(absl::string_view key) const {
  std::string value;
  const rocksdb::Status got =
      db_->Get(rocksdb::ReadOptions(), ToSlice(key), &value);
  if (got.IsNotFound()) return uint64_t{0};
  RETURN_IF_ERROR(ToStatus(got, absl::StrCat("reading ", directory_)));
  if (value.size() != sizeof(uint64_t)) {
    return absl::DataLossError(
        absl::StrCat(directory_, ": the number ", key, " is damaged"));
  }
  return DecodeUint64(value);
}

absl::StatusOr<uint64_t> NumberedLog::Append(
    absl::Time time, absl::Span<const std::string> records,
    const Marks& marks) {
  std::lock_guard appending(appending_);
  uint64_t number = last();
  rocksdb::WriteBatch batch;
  const std::string stamp =
      EncodeUint64(static_cast<uint64_t>(absl::ToUnixMicros(time)));
  for (const std::string& record : records) {
    batch.Put(RecordKey(++number), absl::StrCat(stamp, record));
  }
  batch.Put(kLastKey, EncodeUint64(number));
  for (const auto& [name, value] : marks) {
    batch.Put(absl::StrCat(kMarkPrefix, name), EncodeUint64(value));
  }
  RETURN_IF_ERROR(ToStatus(db_->Write(Synced(), &batch),
                           absl::StrCat("writing ", directory_)));
  std::lock_guard lock(mutex_);
  last_ = number;
  return number;
}

absl::StatusOr<std::vector<NumberedLog::Record>> NumberedLog::Read(
    uint64_t after, int limit) const {
  std::vector<Record> records;
  if (after >= last()) return records;
  size_t bytes = 0;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(RecordKey(after + 1)); AtRecord(*it); it->Next()) {
    const absl::string_view value = ToView(it->value());
    bytes += value.size();
    if (static_cast<int>(records.size()) >= limit ||
        (bytes > kMaxReadBytes && !records.empty())) {
      break;
    }
    const uint64_t number = DecodeUint64(ToView(it->key()).substr(1));
    if (value.size() < kTimeBytes) {
      return absl::DataLossError(
          absl::StrCat(directory_, ": record ", number, " is damaged"));
    }
    records.push_back({.number = number,
                       .time = TimeOf(value),
                       .bytes = std::string(value.substr(kTimeBytes))});
  }
  RETURN_IF_ERROR(ToStatus(it->status(), absl::StrCat("reading ", directory_)));
  return records;
}

absl::StatusOr<uint64_t> NumberedLog::Mark(absl::string_view name) const {
  return Number(absl::StrCat(kMarkPrefix, name));
}

uint64_t NumberedLog::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

absl::StatusOr<int64_t> NumberedLog::Purge(absl::Time before) {
  int64_t purged = 0;
  while (true) {
    rocksdb::WriteBatch batch;
    const std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions()));
    for (it->Seek(RecordKey(0)); AtRecord(*it) && batch.Count() < kPurgeBatch &&
                                 TimeOf(ToView(it->value())) < before;
         it->Next()) {
      batch.Delete(it->key());
    }
    RETURN_IF_ERROR(
        ToStatus(it->status(), absl::StrCat("reading ", directory_)));
    if (batch.Count() == 0) return purged;
    RETURN_IF_ERROR(ToStatus(db_->Write(Synced(), &batch),
                             absl::StrCat("writing ", directory_)));
    purged += batch.Count();
  }
}

}  // namespace lenscap
