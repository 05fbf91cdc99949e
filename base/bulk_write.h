#ifndef LENSCAP_BASE_BULK_WRITE_H_
#define LENSCAP_BASE_BULK_WRITE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"

namespace lenscap {

// Records for a database, too many for memory, that reach it together or not at
// all. They are gathered in sorted files beside it, which it then takes in with
// one record of its manifest. Of several values for one key the last counts.
// Not thread-safe.
class BulkWrite {
 public:
  // Files lie in `directory`, which is on the database's disk and belongs to
  // one bulk write at a time; what an earlier one left there is deleted. One
  // file holds some `run_bytes` of keys and values, and memory as much.
  BulkWrite(rocksdb::DB* db, std::string directory, size_t run_bytes);
  // Deletes what was not committed.
  ~BulkWrite();

  absl::Status Put(std::string key, std::string value);
  absl::Status Delete(std::string key);

  // On disk when it returns OK. Writes to the database wait meanwhile. Nothing
  // may follow.
  absl::Status Commit();

  // Deletes what a crash left.
  static void RemoveLeftovers(const std::string& directory);

 private:
  struct Record {
    std::string key;
    std::string value;
    bool deleted = false;
  };

  absl::Status Add(Record record);
  absl::Status WriteRun();

  rocksdb::DB* const db_;
  const std::string directory_;
  const size_t run_bytes_;
  std::vector<Record> run_;
  size_t bytes_ = 0;  // Of `run_`.
  std::vector<std::string> files_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_BULK_WRITE_H_
