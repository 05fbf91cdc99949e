#ifndef LENSCAP_TAKEDOWN_EXPOSURE_LEDGER_H_
#define LENSCAP_TAKEDOWN_EXPOSURE_LEDGER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"

namespace rocksdb {
class DB;
}

namespace lenscap {

// How much footage each reviewer was shown on each day (UTC): distinct seconds
// of distinct footage. On disk (RocksDB; takedown/EVIDENCE.md): what was
// charged is there after a crash, before anything is shown. Thread-safe. One
// process at a time per directory.
class ExposureLedger {
 public:
  struct Options {
    std::string directory;
    const Clock* clock = Clock::Real();  // Must outlive this.
  };
  // FAILED_PRECONDITION where another process has it open.
  static absl::StatusOr<std::unique_ptr<ExposureLedger>> Open(Options options);
  ~ExposureLedger();

  // Charges the seconds (from the start of the footage) that the reviewer was
  // not shown today, and returns all that they were shown today, these with
  // it. `footage` is its name, a digest where there is one. RESOURCE_EXHAUSTED,
  // and nothing is charged, where that would go beyond the budget.
  // INVALID_ARGUMENT for a second below 0 or beyond 2^32.
  absl::StatusOr<absl::Duration> Charge(absl::string_view reviewer,
                                        absl::string_view footage,
                                        absl::Span<const int64_t> seconds,
                                        absl::Duration budget);
  absl::StatusOr<absl::Duration> Today(absl::string_view reviewer) const;

  // Forgets the days that ended before `before`.
  absl::Status Purge(absl::Time before);

 private:
  ExposureLedger(Options options, std::unique_ptr<rocksdb::DB> db);
  absl::StatusOr<int64_t> SecondsOf(absl::string_view prefix) const;

  const Options options_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex charging_;  // Of who reads what was charged and then writes.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_EXPOSURE_LEDGER_H_
