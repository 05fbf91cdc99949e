#include "base/rocksdb.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"

namespace lenscap {
namespace {

// Errors go to the standard error stream. RocksDB's own log lies on the disk
// of the data, and a build with assertions, such as Debian's, ends the process
// when that disk is full and the second line of the log cannot be written.
class ErrorLog final : public rocksdb::Logger {
 public:
  ErrorLog() : Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[1024];
    std::vsnprintf(line, sizeof(line), format, arguments);
    line[std::strcspn(line, "\n")] = '\0';
    std::fprintf(stderr, "rocksdb: %s\n", line);
  }
};

// Puts something of no consequence into memory, and not into the log. RocksDB
// goes on by itself once a full disk has space again, but it begins a new log
// only if there is something in memory to write out; else the next write would
// go to the log in which one has failed, and end the process in a build with
// assertions. Without this, a start on a full disk comes to that.
rocksdb::Status FillMemory(rocksdb::DB& db) {
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  return db.Delete(unlogged, "");
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(what, ": ", status.ToString());
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(
        absl::StrCat(message, "; free some space on its disk"));
  }
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsIOError()) {
    return absl::InternalError(
        absl::StrCat(message, "; check its disk, then start again"));
  }
  return absl::InternalError(message);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(
    const std::string& path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.compression = rocksdb::kZSTD;
  options.info_log = std::make_shared<ErrorLog>();
  // The log has everything but what FillMemory puts there.
  options.avoid_flush_during_shutdown = true;
  options.max_open_files = 256;
  // Otherwise a new database begins with a complaint that it is not there.
  const rocksdb::Status made = options.env->CreateDirIfMissing(path);
  if (!made.ok()) return ToStatus(made, absl::StrCat("making ", path));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path, &db);
  if (status.IsIOError() && absl::StrContains(status.ToString(), "lock")) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is in use by another process: stop it, or name another "
                     "data directory"));
  }
  if (!status.ok()) return ToStatus(status, absl::StrCat("opening ", path));
  std::unique_ptr<rocksdb::DB> opened(db);
  RETURN_IF_ERROR(
      ToStatus(FillMemory(*opened), absl::StrCat("opening ", path)));
  return opened;
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

std::string EncodeUint64(uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) {
    bytes[i] = static_cast<char>(value & 0xff);
  }
  return bytes;
}

uint64_t DecodeUint64(absl::string_view bytes) {
  if (bytes.size() < 8) return 0;
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    value = value << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return value;
}

}  // namespace lenscap
