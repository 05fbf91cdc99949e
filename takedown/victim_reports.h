#ifndef LENSCAP_TAKEDOWN_VICTIM_REPORTS_H_
#define LENSCAP_TAKEDOWN_VICTIM_REPORTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/key_file.h"
#include "proto/lenscap/v1/intake.pb.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace lenscap::takedown {
class VictimReportRecord;
}

namespace lenscap {

// What people have reported of themselves: on disk (RocksDB), each report
// sealed with a key of its own in another place (base/key_file.h), with the
// fingerprints of its footage, never the footage. Format and states are in
// takedown/VICTIM_REPORTS.md. Whatever a call acknowledged survives a crash.
// Thread-safe. One process at a time per directory.
class VictimReports {
 public:
  struct Options {
    std::string directory;
    std::string key_file;  // Not below `directory`.
    // RESOURCE_EXHAUSTED for a submission beyond.
    int64_t max_waiting = 100'000;
    const Clock* clock = Clock::Real();  // Must outlive this.
  };
  // FAILED_PRECONDITION where another process has it open, a newer version
  // wrote it, or others can read the keys.
  static absl::StatusOr<std::unique_ptr<VictimReports>> Open(Options options);
  ~VictimReports();

  // Takes a report in, as WAITING; its id, state and time are set here.
  // `footage` is what is kept of the footage, in whatever encoding; empty for
  // none. What follows from it is pending until FinishSubmission.
  struct Submitted {
    std::string report_id;
    std::string receipt;  // Told once; only its SHA-256 is kept.
  };
  absl::StatusOr<Submitted> Submit(v1::VictimReport report,
                                   absl::string_view footage);

  // NOT_FOUND for an unknown one.
  absl::StatusOr<v1::VictimReport> Get(absl::string_view report_id) const;
  // NOT_FOUND also where the receipt is another's: nobody learns which.
  absl::StatusOr<v1::VictimReport> GetByReceipt(
      absl::string_view report_id, absl::string_view receipt) const;
  // NOT_FOUND where it has none.
  absl::StatusOr<std::string> Footage(absl::string_view report_id) const;

  // Reports in one state, oldest first, after the cursor of an earlier page (""
  // for the first). `next` is "" at the end.
  struct Page {
    std::vector<v1::VictimReport> reports;
    std::string next;
  };
  absl::StatusOr<Page> List(v1::VictimReport::State state,
                            absl::string_view after, int limit) const;

  // Answers one that waits. Again with the same state and answer: nothing
  // changes. FAILED_PRECONDITION where it was answered otherwise. What follows
  // is pending until FinishAnswer.
  absl::StatusOr<v1::VictimReport> Answer(absl::string_view report_id,
                                          v1::VictimReport::State state,
                                          absl::string_view answer,
                                          absl::string_view by);

  // What a crash, or an error, has left to be done.
  struct Pending {
    std::string report_id;
    bool submission = false;
    bool answer = false;
  };
  absl::StatusOr<std::vector<Pending>> ListPending() const;
  // Keep what was done in the report: its cases, and the entry it became.
  absl::StatusOr<v1::VictimReport> FinishSubmission(
      absl::string_view report_id, const std::vector<std::string>& case_ids);
  absl::StatusOr<v1::VictimReport> FinishAnswer(absl::string_view report_id,
                                                absl::string_view entry);

  // Forgets reports that were answered before `before`: their keys first.
  // Returns how many.
  absl::StatusOr<int64_t> Purge(absl::Time before);

 private:
  using Record = takedown::VictimReportRecord;
  VictimReports(Options options, std::unique_ptr<KeyFile> keys,
                std::unique_ptr<rocksdb::DB> db);
  absl::Status Load();
  absl::StatusOr<Record> GetRecord(absl::string_view report_id) const;
  absl::StatusOr<v1::VictimReport> Unseal(const Record& record) const;
  // Puts the report into the record, and both into the batch.
  absl::Status Put(const v1::VictimReport& report, Record& record,
                   rocksdb::WriteBatch& batch) const;
  absl::Status Write(rocksdb::WriteBatch* batch);
  // Reads the report, changes it and its record, and writes both.
  using Change = std::function<absl::Status(v1::VictimReport&, Record&)>;
  absl::StatusOr<v1::VictimReport> Update(absl::string_view report_id,
                                          const Change& change);
  absl::Status Remove(const Record& record);

  const Options options_;
  const std::unique_ptr<KeyFile> keys_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex writing_;   // Of who reads a record and then writes it.
  int64_t waiting_ = 0;  // Guarded by writing_.
  absl::Time latest_;    // Guarded by writing_: times do not fall.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_VICTIM_REPORTS_H_
