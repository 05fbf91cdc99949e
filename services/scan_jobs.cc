#include "services/scan_jobs.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/log.h"
#include "services/proto_time.h"
#include "services/scan_id.h"
#include "services/scan_job_status.h"
#include "services/stopwatch.h"

namespace lenscap {
namespace {

constexpr std::chrono::seconds kTick(1);
constexpr int kCancelTries = 10;
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

}  // namespace

absl::Status NoSuchScan() {
  return absl::NotFoundError(
      "scan_id: there is no such scan, or it ended too long ago");
}

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
  RETURN_IF_ERROR(jobs->LineUpWaiting());
  return jobs;
}

absl::Status ScanJobs::LineUpWaiting() {
  std::set<std::string> wanted;
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const LeaseQueue::Page page,
                     queue_->List(LeaseQueue::State::kWaiting, cursor, kPage));
    for (const LeaseQueue::Item& item : page.items) {
      ASSIGN_OR_RETURN(const services::ScanJob job, ParseJob(item));
      wanted.insert(job.spool_file());
      auto tenant = options_.tenants->Get(job.header().tenant());
      auto place = tenant->StayWaiting();
      LineUp({item.id, std::move(tenant), std::move(place)});
    }
    cursor = page.next;
  } while (!cursor.empty());
  return options_.spool->RemoveAllBut(wanted);
}

absl::StatusOr<std::string> ScanJobs::Accept(v1::UploadHeader header,
                                             UploadedFile upload,
                                             Tenant::Place place) {
  services::ScanJob job;
  *job.mutable_header() = std::move(header);
  job.set_spool_file(upload.file.name());
  job.set_sha256(ToBytes(upload.digests.sha256));
  job.set_md5(ToBytes(upload.digests.md5));
  job.set_sha1(ToBytes(upload.digests.sha1));
  RETURN_IF_ERROR(upload.file.Sync());
  ASSIGN_OR_RETURN(std::string scan_id,
                   Enqueue(upload.file.name(), job, std::move(place)));
  upload.file.Keep();
  return scan_id;
}

absl::StatusOr<std::string> ScanJobs::AcceptUri(v1::UploadHeader header,
                                                Tenant::Place place) {
  RETURN_IF_ERROR(
      options_.roots->OpenUri(header.uri(), options_.max_bytes).status());
  services::ScanJob job;
  *job.mutable_header() = std::move(header);
  return Enqueue(NewScanId(), job, std::move(place));
}

absl::StatusOr<std::string> ScanJobs::Enqueue(const std::string& scan_id,
                                              const services::ScanJob& job,
                                              Tenant::Place place) {
  RETURN_IF_ERROR(
      queue_->Submit(scan_id, job.SerializeAsString(), /*priority=*/0)
          .status());
  LineUp({scan_id, options_.tenants->Get(job.header().tenant()),
          std::move(place)});
  return scan_id;
}

void ScanJobs::LineUp(ScanLines::Scan scan) {
  const std::shared_ptr<Tenant> tenant = scan.tenant;
  std::lock_guard lock(mutex_);
  lines_.Add(std::move(scan));
  PostLocked(*tenant);
}

// Sees to it that a task in the pool takes the next of the tenant's scans. A
// tick does so where it cannot be had now.
void ScanJobs::PostLocked(const Tenant& tenant) {
  const std::string& key = tenant.key();
  if (!started_ || stopping_ || paused_ || tickets_.contains(key) ||
      !lines_.Waits(key) || !tenant.CheckDecode().ok()) {
    return;
  }
  const uint64_t number =
      options_.workers->Schedule(key, [this, key] { RunNext(key); });
  if (number != 0) tickets_[key] = number;
}

absl::StatusOr<std::string> ScanJobs::TenantOf(
    absl::string_view scan_id) const {
  const absl::StatusOr<LeaseQueue::Item> item = queue_->Get(scan_id);
  if (absl::IsNotFound(item.status())) return NoSuchScan();
  RETURN_IF_ERROR(item.status());
  ASSIGN_OR_RETURN(const services::ScanJob job, ParseJob(*item));
  return job.header().tenant();
}

absl::StatusOr<v1::ScanStatus> ScanJobs::Get(absl::string_view scan_id) const {
  const absl::StatusOr<LeaseQueue::Item> item = queue_->Get(scan_id);
  if (absl::IsNotFound(item.status())) return NoSuchScan();
  RETURN_IF_ERROR(item.status());
  ASSIGN_OR_RETURN(services::ScanJob job, ParseJob(*item));
  v1::ScanStatus status = StatusOf(*item, std::move(job));
  std::lock_guard lock(mutex_);
  const auto running = running_.find(item->id);
  if (status.state() == v1::ScanStatus::STATE_RUNNING &&
      running != running_.end()) {
    *status.mutable_progress() = running->second.progress;
  }
  return status;
}

absl::StatusOr<v1::ScanStatus> ScanJobs::Cancel(const std::string& scan_id) {
  for (int i = 0; i < kCancelTries; ++i) {
    ASSIGN_OR_RETURN(const bool ended, TryCancel(scan_id));
    if (ended) return Get(scan_id);
  }
  return absl::AbortedError("scan_id: the scan is held: try again in a moment");
}

// False where it changed meanwhile.
absl::StatusOr<bool> ScanJobs::TryCancel(const std::string& scan_id) {
  const absl::StatusOr<LeaseQueue::Item> item = queue_->Get(scan_id);
  if (absl::IsNotFound(item.status())) return NoSuchScan();
  RETURN_IF_ERROR(item.status());
  if (item->state == LeaseQueue::State::kSettled ||
      item->state == LeaseQueue::State::kDead) {
    return true;
  }
  ASSIGN_OR_RETURN(services::ScanJob job, ParseJob(*item));
  job.set_cancelled(true);
  const absl::Status settled = SettleCancelled(*item, job);
  if (absl::IsAborted(settled) || absl::IsFailedPrecondition(settled)) {
    return false;
  }
  RETURN_IF_ERROR(settled);
  Log(LogSeverity::kInfo, "scan_cancelled", {{"scan_id", scan_id}});
  std::optional<ScanLines::Scan> waiting;  // Its place goes after the lock.
  {
    std::lock_guard lock(mutex_);
    waiting = lines_.Take(scan_id);
    const auto running = running_.find(scan_id);
    if (running != running_.end()) {
      running->second.cancellation->Cancel(
          absl::CancelledError("the scan was cancelled"));
    }
  }
  options_.news->Notify(scan_id);
  if (!job.spool_file().empty()) {
    RETURN_IF_ERROR(options_.spool->Remove(job.spool_file()));
  }
  return true;
}

// ABORTED or FAILED_PRECONDITION where it is no more as it was.
absl::Status ScanJobs::SettleCancelled(const LeaseQueue::Item& item,
                                       const services::ScanJob& job) {
  if (item.state == LeaseQueue::State::kWaiting) {
    return queue_->SettleWaiting(item.id, job.SerializeAsString()).status();
  }
  const std::string token = TokenOf(item.id);
  if (token.empty()) return absl::AbortedError("nobody works on it");
  return queue_->Settle(token, job.SerializeAsString()).status();
}

// Of a scan that runs, once it is claimed; "" if it does not run.
std::string ScanJobs::TokenOf(const std::string& scan_id) {
  std::unique_lock lock(mutex_);
  auto running = running_.end();
  changed_.wait(lock, [&] {
    running = running_.find(scan_id);
    return running == running_.end() || !running->second.token.empty();
  });
  return running == running_.end() ? "" : running->second.token;
}

void ScanJobs::Start() {
  {
    std::lock_guard lock(mutex_);
    started_ = true;
  }
  Tick();
  ticker_ = std::make_unique<Ticker>(kTick, [this] { Tick(); });
}

void ScanJobs::StopClaiming() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  // What cannot be removed is about to look at `stopping_`.
  std::erase_if(tickets_, [this](const auto& ticket) {
    return options_.workers->Remove(ticket.first, ticket.second);
  });
  changed_.notify_all();
}

void ScanJobs::Stop(absl::Duration grace) {
  StopClaiming();
  ticker_ = nullptr;
  std::unique_lock lock(mutex_);
  const auto idle = [this] { return active_ == 0 && tickets_.empty(); };
  changed_.wait_for(lock, absl::ToChronoNanoseconds(std::min(grace, kMaxGrace)),
                    idle);
  putting_back_ = true;
  for (const auto& [id, running] : running_) {
    running.cancellation->Cancel(ShuttingDown());
  }
  changed_.wait(lock, idle);
}

// Takes up what could not be taken up when it came.
void ScanJobs::Tick() {
  std::vector<ScanLines::Scan> later;
  {
    std::lock_guard lock(mutex_);
    later.swap(later_);
    paused_ = false;
  }
  for (ScanLines::Scan& scan : later) LookAgain(std::move(scan));
  std::lock_guard lock(mutex_);
  for (const auto& tenant : lines_.Tenants()) PostLocked(*tenant);
}

// At a scan of which a disk that failed has left open whether it waits.
void ScanJobs::LookAgain(ScanLines::Scan scan) {
  const absl::StatusOr<LeaseQueue::Item> item = queue_->Get(scan.id);
  if (item.ok() && item->state == LeaseQueue::State::kWaiting) {
    if (scan.place == nullptr) scan.place = scan.tenant->StayWaiting();
    LineUp(std::move(scan));
  } else if (absl::IsNotFound(item.status()) ||
             (item.ok() && item->state != LeaseQueue::State::kLeased)) {
    return;  // It has ended.
  } else {
    std::lock_guard lock(mutex_);
    later_.push_back(std::move(scan));
  }
}

void ScanJobs::RunNext(const std::string& key) {
  std::optional<ScanLines::Scan> scan;
  {
    std::lock_guard lock(mutex_);
    tickets_.erase(key);
    changed_.notify_all();
    if (!stopping_) scan = lines_.TakeFirst(key);
    if (!scan) return;
    const auto cancellation = std::make_shared<Cancellation>();
    options_.watchdog->Limit(cancellation, options_.deadline);
    running_[scan->id] = {cancellation, {}, ""};
    ++active_;
    PostLocked(*scan->tenant);
  }
  const std::string id = scan->id;
  ClaimAndRun(*std::move(scan));
  options_.news->Notify(id);
  std::lock_guard lock(mutex_);
  --active_;
  changed_.notify_all();
}

void ScanJobs::ClaimAndRun(ScanLines::Scan scan) {
  const std::string id = scan.id;
  const absl::StatusOr<LeaseQueue::Claim> claim =
      queue_->ClaimItem(id, "worker", options_.deadline + kLeaseMargin);
  Outcome outcome = Outcome::kUnknown;
  bool failed = false;
  if (claim.ok()) {
    scan.place = nullptr;
    {
      std::lock_guard lock(mutex_);
      running_[id].token = claim->token;
      changed_.notify_all();
      // Stop may have looked before.
      if (putting_back_) running_[id].cancellation->Cancel(ShuttingDown());
    }
    options_.news->Notify(id);
    outcome = Run(*claim, *scan.tenant);
  } else if (!absl::IsFailedPrecondition(claim.status()) &&
             !absl::IsNotFound(claim.status())) {
    failed = true;
    Log(LogSeverity::kError, "scan_claim_failed",
        {{"scan_id", id}, {"error", claim.status().ToString()}});
  }
  {
    std::lock_guard lock(mutex_);
    running_.erase(id);
    changed_.notify_all();
    paused_ |= failed;
    if (outcome == Outcome::kUnknown) later_.push_back(scan);
  }
  if (outcome == Outcome::kWaits) {
    LineUp({id, scan.tenant, scan.tenant->StayWaiting()});
  }
}

ScanJobs::Outcome ScanJobs::Run(const LeaseQueue::Claim& claim,
                                Tenant& tenant) {
  absl::StatusOr<services::ScanJob> job = ParseJob(claim.item);
  if (!job.ok()) return Conclude(claim, {}, job.status());
  std::shared_ptr<Cancellation> cancellation;
  {
    std::lock_guard lock(mutex_);
    cancellation = running_[claim.item.id].cancellation;
  }
  absl::Duration spent;
  const auto report =
      Timed(&spent, [&] { return Screen(claim.item.id, *job, *cancellation); });
  tenant.ChargeDecode(report.ok() ? FromProto(report->timings().decode())
                                  : spent);
  return Conclude(claim, *std::move(job), report);
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
    ASSIGN_OR_RETURN(input.digests,
                     DigestsFromBytes(job.sha256(), job.md5(), job.sha1()));
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

ScanJobs::Outcome ScanJobs::Conclude(
    const LeaseQueue::Claim& claim, services::ScanJob job,
    const absl::StatusOr<v1::ScanReport>& report) {
  const std::string& id = claim.item.id;
  absl::Status concluded;
  Outcome outcome = Outcome::kWaits;
  if (absl::IsCancelled(report.status())) {
    Log(LogSeverity::kInfo, "scan_put_back", {{"scan_id", id}});
    concluded = queue_->Unclaim(claim.token);
  } else if (IsTransient(report.status()) &&
             claim.item.deliveries < options_.max_attempts) {
    Log(LogSeverity::kWarning, "scan_will_be_retried",
        {{"scan_id", id}, {"error", report.status().ToString()}});
    concluded = queue_->Release(claim.token);
  } else {
    outcome = Outcome::kEnded;
    concluded = Settle(claim, std::move(job), report);
  }
  if (concluded.ok()) return outcome;
  // Somebody cancelled it; or it is tried again when the lease runs out.
  Log(absl::IsAborted(concluded) ? LogSeverity::kInfo : LogSeverity::kError,
      "scan_not_concluded", {{"scan_id", id}, {"error", concluded.ToString()}});
  return Outcome::kUnknown;
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
