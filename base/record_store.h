#ifndef LENSCAP_BASE_RECORD_STORE_H_
#define LENSCAP_BASE_RECORD_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rocksdb {
class DB;
}

namespace lenscap {

// Small records by key, durable, in order of their keys' bytes (RocksDB). What
// a call has written survives kill -9 and power loss; calls that come at the
// same time share one sync. Errors as base/rocksdb.h has them. Thread-safe. One
// process at a time per directory (FAILED_PRECONDITION for a second one).
class RecordStore {
 public:
  struct Record {
    std::string key;
    std::string value;
  };
  struct Change {
    std::string key;
    std::optional<std::string> value;  // Nothing removes the record.
  };

  static absl::StatusOr<std::unique_ptr<RecordStore>> Open(
      const std::string& directory);
  ~RecordStore();

  // All of them or none.
  absl::Status Write(absl::Span<const Change> changes);

  // NOT_FOUND where there is none.
  absl::StatusOr<std::string> Get(absl::string_view key) const;

  // Those with the prefix, from the first key after `after` on ("" for the
  // first of all), at most `limit`.
  absl::StatusOr<std::vector<Record>> List(absl::string_view prefix,
                                           absl::string_view after,
                                           int limit) const;

 private:
  RecordStore(std::string directory, std::unique_ptr<rocksdb::DB> db);

  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_RECORD_STORE_H_
