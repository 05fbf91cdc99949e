// What a server opens: the data directory, and what is in it.

#include <filesystem>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "listings/starter_packs.h"
#include "services/default_policy.h"
#include "services/default_review_policy.h"
#include "services/log.h"
#include "services/server_impl.h"
#include "takedown/review_policy.h"

namespace lenscap {
namespace {

// Threads that wait for the disk: enough for synced writes to share a sync.
constexpr int kRequestThreads = 16;
constexpr size_t kMaxWaitingRequests = 4096;
constexpr int kExportThreads = 4;
constexpr size_t kMaxWaitingExports = 16;

// From 0 to 1.
double DrawShare() {
  thread_local std::mt19937_64 random{std::random_device()()};
  return std::uniform_real_distribution<double>()(random);
}

ServerOptions WithPolicies(ServerOptions options) {
  if (options.policy.version().empty()) options.policy = DefaultPolicy();
  if (!options.policy.has_listings()) {
    *options.policy.mutable_listings() = DefaultPolicy().listings();
  }
  if (options.review_policy.version().empty()) {
    options.review_policy = DefaultReviewPolicy();
  }
  return options;
}

std::vector<std::string> BuiltInPacks(const ServerOptions& options) {
  if (options.rule_packs.has_value()) return *options.rule_packs;
  const std::vector<absl::string_view> texts = StarterPackTexts();
  return {texts.begin(), texts.end()};
}

}  // namespace

ServerImpl::ServerImpl(ServerOptions options)
    : options_(WithPolicies(std::move(options))),
      workers_(ScanWorkers(options_)),
      metrics_(options_.metrics != nullptr ? options_.metrics
                                           : std::make_shared<Metrics>()),
      watchdog_(options_.clock),
      admission_(options_.max_uploads),
      tenants_({.limits = options_.tenant_limits,
                .max_tenants = static_cast<size_t>(options_.max_tenants),
                .max_waiting_scans = options_.max_waiting_scans,
                .clock = options_.clock}),
      // Every open upload and every tenant's next submitted scan has a place to
      // wait.
      scans_(workers_, options_.max_uploads + options_.max_tenants + 1,
             options_.tenant_limits.running_scans),
      requests_(kRequestThreads, kMaxWaitingRequests),
      exports_(kExportThreads, kMaxWaitingExports) {
  calls_.requests = &requests_;
  calls_.scans = &scans_;
  calls_.watchdog = &watchdog_;
  calls_.metrics = metrics_.get();
  calls_.deadline = options_.scan_deadline;
}

absl::Status ServerImpl::OpenRooms() {
  ASSIGN_OR_RETURN(directory_, DataDirectory::Open(options_.data_directory));
  RETURN_IF_ERROR(OpenAccessRooms());
  ASSIGN_OR_RETURN(roots_, MediaRoots::Open(options_.media_roots));
  ASSIGN_OR_RETURN(Spool spool, Spool::Open(directory_->Below("spool"),
                                            options_.max_spool_bytes));
  spool_ = std::make_unique<Spool>(std::move(spool));
  RETURN_IF_ERROR(OpenListRooms());
  RETURN_IF_ERROR(OpenCaseRooms());
  RETURN_IF_ERROR(OpenEvidence());
  RETURN_IF_ERROR(OpenUploads());
  ASSIGN_OR_RETURN(
      accountability_,
      Accountability::Open({.directory = directory_->Below("audit"),
                            .cases = cases_.get(),
                            .lists = clips_.get(),
                            .news = &news_,
                            .clock = options_.clock}));
  RETURN_IF_ERROR(OpenOutcomes());
  RETURN_IF_ERROR(OpenIntake());
  RETURN_IF_ERROR(OpenScanRooms());
  return OpenListings();
}

absl::Status ServerImpl::OpenAccessRooms() {
  ASSIGN_OR_RETURN(tokens_,
                   TokenStore::Open({.directory = directory_->Below("access"),
                                     .clock = options_.clock}));
  ASSIGN_OR_RETURN(issuers_, IssuerStore::Open(directory_->Below("issuers"),
                                               options_.clock));
  sign_in_ = std::make_unique<SignIn>(
      tokens_.get(), options_.require_sign_in || options_.tls.has_value());
  calls_.sign_in = sign_in_.get();
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenListRooms() {
  ASSIGN_OR_RETURN(clips_,
                   KnownClips::Open({.directory = directory_->Below("index"),
                                     .clock = options_.clock}));
  if (const absl::Status why = clips_->rebuilt_because(); !why.ok()) {
    Log(absl::IsNotFound(why) ? LogSeverity::kInfo : LogSeverity::kWarning,
        "index_built_anew", {{"because", why.ToString()}});
  }
  ASSIGN_OR_RETURN(ListArchive archive,
                   ListArchive::Open(directory_->Below("lists")));
  archive_ = std::make_unique<ListArchive>(std::move(archive));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenEvidence() {
  ASSIGN_OR_RETURN(const std::string keys,
                   directory_->MakeBelow("evidence_keys"));
  ASSIGN_OR_RETURN(evidence_, EvidenceStore::Open(
                                  {.directory = directory_->Below("evidence"),
                                   .key_file = absl::StrCat(keys, "/keys"),
                                   .clock = options_.clock}));
  ASSIGN_OR_RETURN(exposure_, ExposureLedger::Open(
                                  {.directory = directory_->Below("exposure"),
                                   .clock = options_.clock}));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenCaseRooms() {
  const v1::ReviewPolicy& review = options_.review_policy;
  LocalQueueOptions queue = {
      .directory = directory_->Below("cases"),
      .clock = options_.clock,
      .undo_window = LengthOf(review.undo_window()),
      .grouping_window = LengthOf(review.grouping_window()),
      .max_case_uploads = review.max_case_uploads(),
      .strike_expiry = LengthOf(review.strike_expiry()),
      .review = review};
  GoldenQueue::Options golden;
  ASSIGN_OR_RETURN(golden.real, OpenLocalQueue(queue));
  // An answer to a golden case is the reviewer's own.
  queue.directory = directory_->Below("golden-shown");
  queue.review.clear_second_review_share();
  queue.apart = true;
  ASSIGN_OR_RETURN(golden.shown, OpenLocalQueue(queue));
  ASSIGN_OR_RETURN(golden.golden, GoldenCases::Open(directory_->Below("golden"),
                                                    options_.clock));
  golden.share = review.golden_share();
  golden.draw = DrawShare;
  cases_ = std::make_unique<GoldenQueue>(std::move(golden));
  clock_watch_ = std::make_unique<ClockWatch>(ClockWatch::Options{
      .cases = cases_.get(), .policy = review, .clock = options_.clock});
  ASSIGN_OR_RETURN(holds_,
                   HeldUploads::Open({.directory = directory_->Below("holds"),
                                      .fallback = review.fallback(),
                                      .clock = options_.clock}));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenUploads() {
  const std::string directory = directory_->Below("uploads");
  if (options_.keep_fingerprints <= absl::ZeroDuration()) {
    std::error_code error;
    std::filesystem::remove_all(directory, error);
    if (!error) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("removing ", directory, ": ", error.message()));
  }
  ASSIGN_OR_RETURN(uploads_,
                   UploadStore::Open({.directory = directory,
                                      .keep = options_.keep_fingerprints,
                                      .max_uploads = options_.max_kept_uploads,
                                      .clock = options_.clock}));
  retro_ = std::make_unique<RetroMatch>(
      RetroMatch::Options{.clips = clips_.get(),
                          .uploads = uploads_.get(),
                          .cases = cases_.get(),
                          .policy = options_.policy,
                          .metrics = metrics_.get(),
                          .news = &news_});
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenOutcomes() {
  ASSIGN_OR_RETURN(
      outcomes_,
      Outcomes::Open({.directory = directory_->Below("outcomes"),
                      .webhooks = directory_->Below("webhooks"),
                      .cases = cases_.get(),
                      .holds = holds_.get(),
                      .news = &news_,
                      .sender = {.ca_file = options_.webhook_ca},
                      .count = [this](WebhookEnd end) { CountWebhook(end); },
                      .clock = options_.clock}));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenIntake() {
  ASSIGN_OR_RETURN(reports_,
                   VictimReports::Open(
                       {.directory = directory_->Below("reports"),
                        .key_file = directory_->Below("evidence_keys/reports"),
                        .clock = options_.clock}));
  Auditor& auditor = accountability_->auditor();
  intake_ = std::make_unique<IntakeWork>(IntakeWork::Options{
      .reports = reports_.get(),
      .clips = clips_.get(),
      .cases = cases_.get(),
      .uploads = uploads_.get(),
      .news = &news_,
      .record = [&](const AuditEntry& entry) { return auditor.Record(entry); },
      .record_list = [&](auto list) { return auditor.CatchUpList(list); },
      .record_cases = [&] { return auditor.CatchUpCases(); }});
  reported_ = std::make_unique<ReportedUploads>(cases_.get(), options_.clock);
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenListings() {
  ASSIGN_OR_RETURN(
      rule_packs_,
      RulePacks::Open({.directory = directory_->Below("rule_packs"),
                       .built_in = BuiltInPacks(options_),
                       .issuers = issuers_.get(),
                       .clock = options_.clock}));
  for (const RulePacks::Damage& damage : rule_packs_->damages()) {
    Log(LogSeverity::kError, "rule_pack_damaged",
        {{"pack_id", damage.pack_id},
         {"error", damage.why.ToString()},
         {"instead", damage.instead}});
  }
  ASSIGN_OR_RETURN(photos_,
                   PhotoIndex::Open({.directory = directory_->Below("photos"),
                                     .keep = options_.keep_photos,
                                     .max_photos = options_.max_kept_photos,
                                     .clock = options_.clock}));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenScanRooms() {
  screener_ = std::make_unique<VideoScreener>(
      VideoScreener::Options{.clips = clips_.get(),
                             .cases = cases_.get(),
                             .uploads = uploads_.get(),
                             .evidence = evidence_.get(),
                             .holds = holds_.get(),
                             .cues = options_.cues,
                             .cues_unavailable = options_.cues_unavailable,
                             .shadow_cues = options_.shadow_cues,
                             .policy = options_.policy,
                             .limits = options_.limits,
                             .open_video = options_.open_video,
                             .metrics = metrics_.get(),
                             .news = &news_,
                             .clock = options_.clock});
  ASSIGN_OR_RETURN(jobs_,
                   ScanJobs::Open({.directory = directory_->Below("scans"),
                                   .spool = spool_.get(),
                                   .roots = &roots_,
                                   .screener = screener_.get(),
                                   .workers = &scans_,
                                   .tenants = &tenants_,
                                   .watchdog = &watchdog_,
                                   .deadline = options_.scan_deadline,
                                   .max_attempts = options_.scan_attempts,
                                   .max_bytes = options_.limits.max_bytes,
                                   .news = &news_,
                                   .clock = options_.clock}));
  return absl::OkStatus();
}

}  // namespace lenscap
