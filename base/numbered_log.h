#ifndef LENSCAP_BASE_NUMBERED_LOG_H_
#define LENSCAP_BASE_NUMBERED_LOG_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "rocksdb/db.h"

namespace lenscap {

// A durable list of records on RocksDB, numbered from 1 as they come, and
// named numbers beside them ("marks"), such as how far a reader has got. What a
// call acknowledges is on disk; a call that fails changed nothing:
// RESOURCE_EXHAUSTED where the disk is full, INTERNAL where it failed.
// Thread-safe; one process at a time per directory. The format is documented in
// numbered_log_format.md.
class NumberedLog {
 public:
  struct Record {
    uint64_t number = 0;
    absl::Time time;  // Whole microseconds.
    std::string bytes;
  };
  using Marks = std::map<std::string, uint64_t>;

  // FAILED_PRECONDITION where another process has the directory open.
  static absl::StatusOr<std::unique_ptr<NumberedLog>> Open(
      const std::string& directory);

  // Adds the records and sets the marks, together or not at all. Returns the
  // number of the last record.
  absl::StatusOr<uint64_t> Append(absl::Time time,
                                  absl::Span<const std::string> records,
                                  const Marks& marks);

  // Up to `limit` records with numbers above `after`, oldest first; fewer once
  // they come to kMaxReadBytes. DATA_LOSS, naming the record, for damage.
  static constexpr size_t kMaxReadBytes = size_t{8} << 20;
  absl::StatusOr<std::vector<Record>> Read(uint64_t after, int limit) const;

  // 0 for one that was never set.
  absl::StatusOr<uint64_t> Mark(absl::string_view name) const;
  // Of the last record there ever was; 0 before the first.
  uint64_t last() const;

  // Forgets the oldest records up to the first that is not from before
  // `before`; numbers are not used again. Returns how many went.
  absl::StatusOr<int64_t> Purge(absl::Time before);

 private:
  NumberedLog(std::string directory, std::unique_ptr<rocksdb::DB> db)
      : directory_(std::move(directory)), db_(std::move(db)) {}
  absl::Status CheckFormat();
  absl::StatusOr<uint64_t> Number(absl::string_view key) const;

  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex appending_;
  mutable std::mutex mutex_;
  uint64_t last_ = 0;  // Guarded by mutex_; changed with appending_ held too.
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_NUMBERED_LOG_H_
