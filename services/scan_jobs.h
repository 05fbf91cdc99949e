#ifndef LENSCAP_SERVICES_SCAN_JOBS_H_
#define LENSCAP_SERVICES_SCAN_JOBS_H_

#include <condition_variable>
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
#include "base/clock.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/cancellation.h"
#include "services/media_roots.h"
#include "services/notifier.h"
#include "services/scan_job.pb.h"
#include "services/scan_lines.h"
#include "services/screen_video.h"
#include "services/spool.h"
#include "services/tenants.h"
#include "services/ticker.h"
#include "services/upload.h"
#include "services/worker_pool.h"

namespace lenscap {

// Of an id that no scan has, or none that the caller may know of.
absl::Status NoSuchScan();

// The scans that were accepted for later: durable, each finished by this
// process or the next one. Tenants take turns, with the pool's other tasks too,
// and one that has used up its decoding waits until it may again. A scan that
// is tried again goes to the end of its tenant's line. What waits is bounded by
// the tenants' places. Thread-safe; what the options point to must outlive it.
class ScanJobs {
 public:
  struct Options {
    std::string directory;  // Of the queue.
    const Spool* spool = nullptr;
    const MediaRoots* roots = nullptr;
    const VideoScreener* screener = nullptr;
    // Its own, by tenant; shared with others. For each tenant with waiting
    // scans it holds one more task.
    WorkerPool* workers = nullptr;
    Tenants* tenants = nullptr;
    Watchdog* watchdog = nullptr;
    absl::Duration deadline = absl::Minutes(30);  // Of one scan.
    int max_attempts = 3;      // A scan that so many crashes cut short fails.
    int64_t max_bytes = 0;     // Of a file named by URI.
    Notifier* news = nullptr;  // Told of each change, by scan id.
    const Clock* clock = Clock::Real();
  };

  // Puts back what an earlier process was working on, and removes files from
  // the spool that no scan waits for. Does not start to work.
  static absl::StatusOr<std::unique_ptr<ScanJobs>> Open(Options options);
  ~ScanJobs();  // Stops at once.

  // Takes the file, or the name of one, over, with its tenant's place among
  // what waits. When it returns the scan's id, both are on disk.
  absl::StatusOr<std::string> Accept(v1::UploadHeader header,
                                     UploadedFile upload, Tenant::Place place);
  absl::StatusOr<std::string> AcceptUri(v1::UploadHeader header,
                                        Tenant::Place place);

  // NOT_FOUND for an unknown or forgotten scan, as of what follows.
  absl::StatusOr<std::string> TenantOf(absl::string_view scan_id) const;
  absl::StatusOr<v1::ScanStatus> Get(absl::string_view scan_id) const;

  // Ends a scan that waits or runs; when it returns, that is on disk. Returns
  // the status: another than CANCELLED where the scan had ended before.
  // NOT_FOUND as above; ABORTED, and nothing changed, where a disk that failed
  // has left it open whether the scan runs.
  absl::StatusOr<v1::ScanStatus> Cancel(const std::string& scan_id);

  // Begins to work on what waits.
  void Start();
  // Claims no more; what runs goes on.
  void StopClaiming();
  // The same, and gives what runs until `grace` has passed, then puts it back,
  // as if it had not been tried. Returns when nothing runs.
  void Stop(absl::Duration grace);

  // Forgets scans that ended before `before`.
  absl::Status Purge(absl::Time before);
  absl::StatusOr<LeaseQueue::Stats> GetStats() const;

 private:
  struct Running {
    std::shared_ptr<Cancellation> cancellation;
    v1::Progress progress;
    std::string token;  // "" until it is claimed.
  };
  enum class Outcome { kEnded, kWaits, kUnknown };

  ScanJobs(Options options, std::unique_ptr<LeaseQueue> queue);
  absl::Status LineUpWaiting();
  absl::StatusOr<std::string> Enqueue(const std::string& scan_id,
                                      const services::ScanJob& job,
                                      Tenant::Place place);
  void LineUp(ScanLines::Scan scan);
  void PostLocked(const Tenant& tenant);
  void Tick();
  void LookAgain(ScanLines::Scan scan);
  void RunNext(const std::string& key);
  void ClaimAndRun(ScanLines::Scan scan);
  Outcome Run(const LeaseQueue::Claim& claim, Tenant& tenant);
  absl::StatusOr<bool> TryCancel(const std::string& scan_id);
  absl::Status SettleCancelled(const LeaseQueue::Item& item,
                               const services::ScanJob& job);
  std::string TokenOf(const std::string& scan_id);
  absl::StatusOr<ScreenInput> OpenInput(const std::string& scan_id,
                                        const services::ScanJob& job,
                                        const Cancellation& cancellation) const;
  absl::StatusOr<v1::ScanReport> Screen(const std::string& scan_id,
                                        const services::ScanJob& job,
                                        const Cancellation& cancellation);
  void ReportProgress(const std::string& scan_id, const v1::Progress& progress);
  Outcome Conclude(const LeaseQueue::Claim& claim, services::ScanJob job,
                   const absl::StatusOr<v1::ScanReport>& report);
  absl::Status Settle(const LeaseQueue::Claim& claim, services::ScanJob job,
                      const absl::StatusOr<v1::ScanReport>& report);

  const Options options_;
  const std::unique_ptr<LeaseQueue> queue_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool started_ = false;  // Guarded by mutex_, as what follows.
  bool stopping_ = false;
  bool putting_back_ = false;
  bool paused_ = false;  // Until the next tick: the disk failed.
  int active_ = 0;       // Scans taken from their lines and not over.
  ScanLines lines_;
  std::map<std::string, uint64_t> tickets_;  // In the pool, by tenant's key.
  std::vector<ScanLines::Scan> later_;       // To look at again.
  std::map<std::string, Running> running_;   // By scan id.
  std::unique_ptr<Ticker> ticker_;           // Guarded by nothing.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_JOBS_H_
