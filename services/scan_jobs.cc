#include "services/scan_jobs.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/log.h"
#include "services/scan_id.h"

namespace lenscap {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(200);
constexpr std::chrono::seconds kPauseAfterError(1);
// No other process can have the directory, and what a dead one held is put
// back at the start; so a lease need only outlast the scan's own deadline, by
// far more than a cancelled scan takes to end.
constexpr absl::Duration kLeaseMargin = absl::Minutes(10);
constexpr int kPage = 1000;
// "For ever", in what a condition variable can count.
constexpr absl::Duration kMaxGrace = absl::Hours(24 * 365);

absl::Status ShuttingDown() {
  return absl::CancelledError("the server is shutting down");
}

// Whether it may go better next time.
bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<services::ScanJob> ParseJob(const LeaseQueue::Item& item) {
  services::ScanJob job;
  if (!job.ParseFromString(item.payload)) {
    return absl::DataLossError(
        absl::StrCat(item.id, ": what the queue kept is damaged"));
  }
  return job;
}

v1::ScanStatus::State StateOf(const LeaseQueue::Item& item,
                              const services::ScanJob& job) {
  switch (item.state) {
    case LeaseQueue::State::kWaiting:
      return v1::ScanStatus::STATE_WAITING;
    case LeaseQueue::State::kLeased:
      return v1::ScanStatus::STATE_RUNNING;
    case LeaseQueue::State::kSettled:
      return job.has_report() ? v1::ScanStatus::STATE_DONE
                              : v1::ScanStatus::STATE_FAILED;
    case LeaseQueue::State::kDead:
      return v1::ScanStatus::STATE_FAILED;
  }
  return v1::ScanStatus::STATE_UNSPECIFIED;
}

}  // namespace

ScanJobs::ScanJobs(Options options, std::unique_ptr<LeaseQueue> queue)
    : options_(std::move(options)), queue_(std::move(queue)) {}

ScanJobs::~ScanJobs() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<ScanJobs>> ScanJobs::Open(Options options) {
  ASSIGN_OR_RETURN(std::unique_ptr<LeaseQueue> queue,
                   LeaseQueue::Open({.directory = options.directory,
                                     .max_deliveries = options.max_attempts,
                                     .clock = options.clock}));
  std::unique_ptr<ScanJobs> jobs(
      new ScanJobs(std::move(options), std::move(queue)));
  RETURN_IF_ERROR(jobs->queue_->ReleaseAll());
  RETURN_IF_ERROR(jobs->CleanSpool());
  return jobs;
}

absl::Status ScanJobs::CleanSpool() {
  std::set<std::string> wanted;
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const LeaseQueue::Page page,
                     queue_->List(LeaseQueue::State::kWaiting, cursor, kPage));
    for (const LeaseQueue::Item& item : page.items) {
      ASSIGN_OR_RETURN(const services::ScanJob job, ParseJob(item));
      wanted.insert(job.spool_file());
    }
    cursor = page.next;
  } while (!cursor.empty());
  return options_.spool->RemoveAllBut(wanted);
}

absl::StatusOr<std::string> ScanJobs::Accept(v1::UploadHeader header,
                                             UploadedFile upload) {
  services::ScanJob job;
  *job.mutable_header() = std::move(header);
  job.set_spool_file(upload.file.name());
  job.set_sha256(ToBytes(upload.digests.sha256));
  job.set_md5(ToBytes(upload.digests.md5));
  RETURN_IF_ERROR(upload.file.Sync());
  ASSIGN_OR_RETURN(std::string scan_id, Enqueue(upload.file.name(), job));
  upload.file.Keep();
  return scan_id;
}

absl::StatusOr<std::string> ScanJobs::AcceptUri(v1::UploadHeader header) {
  RETURN_IF_ERROR(
      options_.roots->OpenUri(header.uri(), options_.max_bytes).status());
  services::ScanJob job;
  *job.mutable_header() = std::move(header);
  return Enqueue(NewScanId(), job);
}

absl::StatusOr<std::string> ScanJobs::Enqueue(const std::string& scan_id,
                                              const services::ScanJob& job) {
  RETURN_IF_ERROR(
      queue_->Submit(scan_id, job.SerializeAsString(), /*priority=*/0)
          .status());
  return scan_id;
}

absl::StatusOr<v1::ScanStatus> ScanJobs::Get(absl::string_view scan_id) const {
  const absl::StatusOr<LeaseQueue::Item> item = queue_->Get(scan_id);
  if (absl::IsNotFound(item.status())) {
    return absl::NotFoundError(
        "scan_id: there is no such scan, or it ended too long ago");
  }
  RETURN_IF_ERROR(item.status());
  ASSIGN_OR_RETURN(services::ScanJob job, ParseJob(*item));
  v1::ScanStatus status;
  status.set_scan_id(item->id);
  status.set_state(StateOf(*item, job));
  *status.mutable_submitted() = ToProto(item->submitted);
  status.set_attempts(item->deliveries);
  status.set_failure(job.failure());
  if (item->state == LeaseQueue::State::kDead) {
    status.set_failure(absl::StrCat("given up after ", item->deliveries,
                                    " tries: the server stopped during each"));
  }
  if (job.has_report()) {
    *status.mutable_report() = std::move(*job.mutable_report());
  }
  std::lock_guard lock(mutex_);
  const auto running = running_.find(item->id);
  if (status.state() == v1::ScanStatus::STATE_RUNNING &&
      running != running_.end()) {
    *status.mutable_progress() = running->second.progress;
  }
  return status;
}

void ScanJobs::Start() {
  dispatcher_ = std::thread([this] { Dispatch(); });
}

void ScanJobs::StopClaiming() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void ScanJobs::Stop(absl::Duration grace) {
  StopClaiming();
  std::unique_lock lock(mutex_);
  const auto idle = [this] { return scheduled_ == 0; };
  changed_.wait_for(lock, absl::ToChronoNanoseconds(std::min(grace, kMaxGrace)),
                    idle);
  putting_back_ = true;
  for (const auto& [id, running] : running_) {
    running.cancellation->Cancel(ShuttingDown());
  }
  changed_.wait(lock, idle);
  lock.unlock();
  if (dispatcher_.joinable()) dispatcher_.join();
}

void ScanJobs::Dispatch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (scheduled_ == options_.max_running) {
      changed_.wait(lock);
      continue;
    }
    lock.unlock();
    queue_->WaitForWork(kWait);
    lock.lock();
    if (stopping_) return;
    ++scheduled_;
    if (!options_.workers->Schedule([this] { ClaimAndRun(); })) {
      --scheduled_;
      changed_.wait_for(lock, kPauseAfterError, [this] { return stopping_; });
    }
  }
}

void ScanJobs::ClaimAndRun() {
  absl::StatusOr<std::vector<LeaseQueue::Claim>> claims;
  {
    std::lock_guard lock(mutex_);
    if (stopping_) claims.emplace();
  }
  if (!claims.ok()) {
    claims = queue_->ClaimItems("worker", 1, options_.deadline + kLeaseMargin);
  }
  if (claims.ok()) {
    for (const LeaseQueue::Claim& claim : *claims) Run(claim);
  }
  std::unique_lock lock(mutex_);
  if (!claims.ok()) {
    Log(LogSeverity::kError, "scan_claim_failed",
        {{"error", claims.status().ToString()}});
    changed_.wait_for(lock, kPauseAfterError, [this] { return stopping_; });
  }
  --scheduled_;
  changed_.notify_all();
}

void ScanJobs::Run(const LeaseQueue::Claim& claim) {
  const std::string& id = claim.item.id;
  const auto cancellation = std::make_shared<Cancellation>();
  options_.watchdog->Limit(cancellation, options_.deadline);
  {
    std::lock_guard lock(mutex_);
    running_[id] = {cancellation, {}};
    // Stop may have looked before.
    if (putting_back_) cancellation->Cancel(ShuttingDown());
  }
  options_.news->Notify(id);
  absl::StatusOr<services::ScanJob> job = ParseJob(claim.item);
  if (job.ok()) {
    const auto report = Screen(id, *job, *cancellation);
    Conclude(claim, *std::move(job), report);
  } else {
    Conclude(claim, {}, job.status());
  }
  {
    std::lock_guard lock(mutex_);
    running_.erase(id);
  }
  options_.news->Notify(id);
}

absl::StatusOr<ScreenInput> ScanJobs::OpenInput(
    const std::string& scan_id, const services::ScanJob& job,
    const Cancellation& cancellation) const {
  ScreenInput input = {.scan_id = scan_id,
                       .header = job.header(),
                       .digests = {},
                       .source = nullptr};
  if (job.spool_file().empty()) {
    ASSIGN_OR_RETURN(input.source, options_.roots->OpenUri(job.header().uri(),
                                                           options_.max_bytes));
    ASSIGN_OR_RETURN(input.digests, DigestsOf(*input.source, options_.max_bytes,
                                              cancellation.flag()));
    const ExpectedFile expected = {job.header().total_bytes(),
                                   job.header().sha256()};
    RETURN_IF_ERROR(expected.Check(input.source->size(), input.digests.sha256));
  } else {
    ASSIGN_OR_RETURN(input.source,
                     OpenFileSource(options_.spool->PathOf(job.spool_file())));
    ASSIGN_OR_RETURN(input.digests, DigestsFromBytes(job.sha256(), job.md5()));
  }
  if (input.header.content_id().empty()) {
    input.header.set_content_id(DigestName(input.digests.sha256));
  }
  return input;
}

absl::StatusOr<v1::ScanReport> ScanJobs::Screen(
    const std::string& scan_id, const services::ScanJob& job,
    const Cancellation& cancellation) {
  absl::StatusOr<ScreenInput> input = OpenInput(scan_id, job, cancellation);
  RETURN_IF_ERROR(cancellation.status());
  RETURN_IF_ERROR(input.status());
  return options_.screener->Screen(
      *std::move(input),
      [&](const v1::Progress& progress) { ReportProgress(scan_id, progress); },
      cancellation);
}

void ScanJobs::ReportProgress(const std::string& scan_id,
                              const v1::Progress& progress) {
  {
    std::lock_guard lock(mutex_);
    running_[scan_id].progress = progress;
  }
  options_.news->Notify(scan_id);
}

void ScanJobs::Conclude(const LeaseQueue::Claim& claim, services::ScanJob job,
                        const absl::StatusOr<v1::ScanReport>& report) {
  const std::string& id = claim.item.id;
  absl::Status concluded;
  if (absl::IsCancelled(report.status())) {
    Log(LogSeverity::kInfo, "scan_put_back", {{"scan_id", id}});
    concluded = queue_->Unclaim(claim.token);
  } else if (IsTransient(report.status()) &&
             claim.item.deliveries < options_.max_attempts) {
    Log(LogSeverity::kWarning, "scan_will_be_retried",
        {{"scan_id", id}, {"error", report.status().ToString()}});
    concluded = queue_->Release(claim.token);
  } else {
    concluded = Settle(claim, std::move(job), report);
  }
  if (!concluded.ok()) {  // It is tried again when the lease runs out.
    Log(LogSeverity::kError, "scan_not_concluded",
        {{"scan_id", id}, {"error", concluded.ToString()}});
  }
}

absl::Status ScanJobs::Settle(const LeaseQueue::Claim& claim,
                              services::ScanJob job,
                              const absl::StatusOr<v1::ScanReport>& report) {
  const std::string& id = claim.item.id;
  if (report.ok()) {
    *job.mutable_report() = *report;
    Log(LogSeverity::kInfo, "scan_done",
        {{"scan_id", id},
         {"verdict", v1::Action_Name(report->verdict().action())}});
  } else {
    job.set_failure(report.status().ToString());
    Log(LogSeverity::kWarning, "scan_failed",
        {{"scan_id", id}, {"error", job.failure()}});
  }
  const std::string spool_file = job.spool_file();
  RETURN_IF_ERROR(
      queue_->Settle(claim.token, job.SerializeAsString()).status());
  return spool_file.empty() ? absl::OkStatus()
                            : options_.spool->Remove(spool_file);
}

absl::Status ScanJobs::Purge(absl::Time before) {
  return queue_->Purge(before).status();
}

absl::StatusOr<LeaseQueue::Stats> ScanJobs::GetStats() const {
  return queue_->GetStats();
}

}  // namespace lenscap
