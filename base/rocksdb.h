#ifndef LENSCAP_BASE_ROCKSDB_H_
#define LENSCAP_BASE_ROCKSDB_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace lenscap {

inline rocksdb::Slice ToSlice(absl::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// `what` says what was being done and to which file; it opens the message.
// A full disk is RESOURCE_EXHAUSTED, damage is DATA_LOSS, a missing key is
// NOT_FOUND, anything else INTERNAL.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what);

// Opens the database in the directory `path`, or makes one, with the settings
// that all of ours share: checksums verified, write-ahead log kept until it is
// flushed, a torn tail of the log dropped. FAILED_PRECONDITION where another
// process has it open.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(
    const std::string& path);

// For every write that is acknowledged: on disk before it returns. Writers
// that come at the same time share one sync.
rocksdb::WriteOptions Synced();

// Big-endian, so that keys sort as the numbers do.
std::string EncodeUint64(uint64_t value);
// The number in the first 8 bytes; 0 if there are fewer.
uint64_t DecodeUint64(absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_BASE_ROCKSDB_H_
