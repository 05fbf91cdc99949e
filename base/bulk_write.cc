#include "base/bulk_write.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"

namespace lenscap {

BulkWrite::BulkWrite(rocksdb::DB* db, std::string directory, size_t run_bytes)
    : db_(db), directory_(std::move(directory)), run_bytes_(run_bytes) {
  RemoveLeftovers(directory_);
}

BulkWrite::~BulkWrite() { RemoveLeftovers(directory_); }

void BulkWrite::RemoveLeftovers(const std::string& directory) {
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
}

absl::Status BulkWrite::Put(std::string key, std::string value) {
  return Add({std::move(key), std::move(value), false});
}

absl::Status BulkWrite::Delete(std::string key) {
  return Add({std::move(key), {}, true});
}

absl::Status BulkWrite::Add(Record record) {
  bytes_ += sizeof(Record) + record.key.size() + record.value.size();
  run_.push_back(std::move(record));
  return bytes_ < run_bytes_ ? absl::OkStatus() : WriteRun();
}

absl::Status BulkWrite::WriteRun() {
  if (run_.empty()) return absl::OkStatus();
  std::stable_sort(
      run_.begin(), run_.end(),
      [](const Record& a, const Record& b) { return a.key < b.key; });
  const std::string what = absl::StrCat("writing to ", directory_);
  RETURN_IF_ERROR(
      ToStatus(db_->GetEnv()->CreateDirIfMissing(directory_), what));
  const std::string path = absl::StrCat(directory_, "/", files_.size(), ".sst");
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), db_->GetOptions());
  RETURN_IF_ERROR(ToStatus(file.Open(path), what));
  for (size_t i = 0; i < run_.size(); ++i) {
    const Record& record = run_[i];
    if (i + 1 < run_.size() && run_[i + 1].key == record.key) continue;
    RETURN_IF_ERROR(ToStatus(record.deleted
                                 ? file.Delete(record.key)
                                 : file.Put(record.key, record.value),
                             what));
  }
  RETURN_IF_ERROR(ToStatus(file.Finish(), what));
  files_.push_back(path);
  run_.clear();
  bytes_ = 0;
  return absl::OkStatus();
}

absl::Status BulkWrite::Commit() {
  RETURN_IF_ERROR(WriteRun());
  if (files_.empty()) return absl::OkStatus();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  return ToStatus(db_->IngestExternalFile(files_, options),
                  absl::StrCat("writing to ", db_->GetName()));
}

}  // namespace lenscap
