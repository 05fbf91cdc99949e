#ifndef LENSCAP_SERVICES_SCAN_JOBS_H_
#define LENSCAP_SERVICES_SCAN_JOBS_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

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
#include "services/screen_video.h"
#include "services/spool.h"
#include "services/upload.h"
#include "services/worker_pool.h"

namespace lenscap {

// The scans that were accepted for later: durable, each finished by this
// process or the next one. Thread-safe; what the options point to must outlive
// it.
class ScanJobs {
 public:
  struct Options {
    std::string directory;  // Of the queue.
    const Spool* spool = nullptr;
    const MediaRoots* roots = nullptr;
    const VideoScreener* screener = nullptr;
    WorkerPool* workers = nullptr;  // Shared with others, first come first.
    int max_running = 1;
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

  // Takes the file, or the name of one, over. When it returns the scan's id,
  // both are on disk.
  absl::StatusOr<std::string> Accept(v1::UploadHeader header,
                                     UploadedFile upload);
  absl::StatusOr<std::string> AcceptUri(v1::UploadHeader header);

  // NOT_FOUND for an unknown or forgotten scan.
  absl::StatusOr<v1::ScanStatus> Get(absl::string_view scan_id) const;

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
  };

  ScanJobs(Options options, std::unique_ptr<LeaseQueue> queue);
  absl::Status CleanSpool();
  absl::StatusOr<std::string> Enqueue(const std::string& scan_id,
                                      const services::ScanJob& job);
  void Dispatch();
  void ClaimAndRun();
  void Run(const LeaseQueue::Claim& claim);
  absl::StatusOr<ScreenInput> OpenInput(const std::string& scan_id,
                                        const services::ScanJob& job,
                                        const Cancellation& cancellation) const;
  absl::StatusOr<v1::ScanReport> Screen(const std::string& scan_id,
                                        const services::ScanJob& job,
                                        const Cancellation& cancellation);
  void ReportProgress(const std::string& scan_id, const v1::Progress& progress);
  void Conclude(const LeaseQueue::Claim& claim, services::ScanJob job,
                const absl::StatusOr<v1::ScanReport>& report);
  absl::Status Settle(const LeaseQueue::Claim& claim, services::ScanJob job,
                      const absl::StatusOr<v1::ScanReport>& report);

  const Options options_;
  const std::unique_ptr<LeaseQueue> queue_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;                   // Guarded by mutex_.
  bool putting_back_ = false;               // Guarded by mutex_.
  int scheduled_ = 0;                       // Guarded by mutex_.
  std::map<std::string, Running> running_;  // By scan id; guarded by mutex_.
  std::thread dispatcher_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_JOBS_H_
