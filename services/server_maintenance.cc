// What a server does by itself, each second or less often.

#include <sys/resource.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/log.h"
#include "services/proto_time.h"
#include "services/server_impl.h"
#include "takedown/evidence_expiry.h"
#include "takedown/review_policy.h"
#include "takedown/upload_standing.h"

namespace lenscap {
namespace {

// A retrospective match that failed is tried again after so long; it runs
// behind everything else.
constexpr absl::Duration kRetroPause = absl::Minutes(1);
constexpr int kRetroNiceness = 10;
constexpr absl::Duration kPurgeInterval = absl::Hours(1);
constexpr absl::Duration kIntakeInterval = absl::Minutes(1);
// The audit log has what is older.
constexpr absl::Duration kKeepExposure = absl::Hours(24 * 7);

// Tenants together: there may be any number of them.
void AddQueues(const v1::StatsReply& stats, absl::Time now,
               Metrics::Levels& levels) {
  for (const v1::QueueStats& queue : stats.queues()) {
    Metrics::QueueLevel& level = levels.queues[queue.queue()];
    level.waiting += queue.waiting();
    level.leased += queue.leased();
    level.due_soon += queue.due_soon();
    level.overdue += queue.overdue();
    if (!queue.has_oldest_waiting()) continue;
    level.oldest_seconds = std::max(
        level.oldest_seconds,
        absl::ToDoubleSeconds(now - FromProto(queue.oldest_waiting())));
  }
}

}  // namespace

void ServerImpl::Maintain() {
  // Puts back the leases that ran out, as a side effect.
  const absl::StatusOr<v1::StatsReply> stats = cases_->Stats();
  news_.Notify(kCaseNews);
  if (const absl::Status expired = ExpireEntries(); !expired.ok()) {
    Log(LogSeverity::kError, "expiry_failed", {{"error", expired.ToString()}});
  }
  if (const absl::Status fell = LetHoldsFallDue(); !fell.ok()) {
    Log(LogSeverity::kError, "holds_failed", {{"error", fell.ToString()}});
  }
  if (const absl::Status warned = WarnOfClocks(); !warned.ok()) {
    Log(LogSeverity::kError, "clocks_failed", {{"error", warned.ToString()}});
  }
  const absl::Time now = options_.clock->Now();
  FinishReports(now);
  if (now < next_purge_) return;
  next_purge_ = now + kPurgeInterval;
  absl::Status purged = stats.status();
  purged.Update(jobs_->Purge(now - options_.keep_scans));
  purged.Update(cases_->Purge(now - options_.keep_cases).status());
  purged.Update(outcomes_->Purge());
  purged.Update(ExpireStills(now));
  purged.Update(reports_->Purge(now - options_.keep_cases).status());
  purged.Update(holds_->Purge(now - options_.keep_cases));
  if (uploads_ != nullptr) purged.Update(uploads_->Purge().status());
  purged.Update(photos_->Purge());
  if (!purged.ok()) {
    Log(LogSeverity::kError, "maintenance_failed",
        {{"error", purged.ToString()}});
  }
  if (const absl::Status saved = clips_->save_status(); !saved.ok()) {
    Log(LogSeverity::kWarning, "index_not_saved",
        {{"error", saved.ToString()}});
  }
}

absl::Status ServerImpl::WarnOfClocks() {
  const int64_t before = clock_watch_->given();
  const absl::Status warned = clock_watch_->Tick();
  metrics_->CountClockAlerts(clock_watch_->given() - before);
  if (clock_watch_->given() > before) news_.Notify(kCaseNews);
  return warned;
}

absl::Status ServerImpl::LetHoldsFallDue() {
  const absl::Duration undo = LengthOf(options_.review_policy.undo_window());
  return holds_->FallDue([&](absl::string_view content_id) {
    return StandingIn(*cases_, content_id, undo, options_.clock->Now());
  });
}

absl::Status ServerImpl::ExpireEntries() {
  ASSIGN_OR_RETURN(const std::vector<KnownClips::Expired> expired,
                   clips_->Expire());
  for (const KnownClips::Expired& list : expired) {
    RETURN_IF_ERROR(accountability_->auditor().CatchUpList(list.list_id));
  }
  return absl::OkStatus();
}

absl::Status ServerImpl::ExpireStills(absl::Time now) {
  RETURN_IF_ERROR(exposure_->Purge(now - kKeepExposure));
  const v1::ReviewPolicy& policy = options_.review_policy;
  EvidenceTimes times = {
      .after_decision = LengthOf(policy.keep_stills_decided()),
      .at_most = LengthOf(policy.keep_stills())};
  ASSIGN_OR_RETURN(const auto golden, cases_->ListGolden());
  for (const v1::GoldenCase& of : golden) times.in_use.insert(of.case_id());
  ASSIGN_OR_RETURN(const EvidenceExpired expired,
                   ExpireEvidence(*evidence_, *cases_, times, now));
  if (expired.destroyed + expired.forgotten > 0) {
    Log(LogSeverity::kInfo, "stills_destroyed",
        {{"expired", absl::StrCat(expired.destroyed)},
         {"without_case", absl::StrCat(expired.forgotten)}});
  }
  return absl::OkStatus();
}

// What a crash or a full disk has kept from following from a report.
void ServerImpl::FinishReports(absl::Time now) {
  if (now < next_intake_) return;
  next_intake_ = now + kIntakeInterval;
  if (const absl::Status finished = intake_->FinishAll(); !finished.ok()) {
    Log(LogSeverity::kError, "reports_not_finished",
        {{"error", finished.ToString()}});
  }
}

void ServerImpl::MatchRetrospectively() {
  // Linux takes this for the calling thread alone.
  setpriority(PRIO_PROCESS, 0, kRetroNiceness);
  const absl::Time now = options_.clock->Now();
  if (now < next_retro_) return;
  if (const absl::Status matched = retro_->CatchUp(); !matched.ok()) {
    next_retro_ = now + kRetroPause;
    Log(LogSeverity::kError, "retro_match_failed",
        {{"error", matched.ToString()}});
  }
}

void ServerImpl::CountWebhook(WebhookEnd end) {
  switch (end) {
    case WebhookEnd::kDelivered:
      return metrics_->CountWebhook("delivered");
    case WebhookEnd::kFailed:
      return metrics_->CountWebhook("failed");
    case WebhookEnd::kGivenUp:
      return metrics_->CountWebhook("given_up");
  }
}

Metrics::Levels ServerImpl::ReadLevels() const {
  Metrics::Levels levels;
  if (const auto scans = jobs_->GetStats(); scans.ok()) {
    levels.scans_waiting = scans->waiting;
    levels.scans_running = scans->leased;
  }
  levels.spool_bytes = spool_->bytes();
  levels.tenants = static_cast<int64_t>(tenants_.size());
  if (const auto cases = cases_->Stats(); cases.ok()) {
    levels.cases_waiting = cases->waiting();
    levels.cases_leased = cases->leased();
    AddQueues(*cases, options_.clock->Now(), levels);
  }
  const Webhooks::Levels webhooks = outcomes_->webhooks().ReadLevels();
  levels.webhooks_waiting = webhooks.waiting;
  levels.webhook_dead_letters = webhooks.dead_letters;
  if (webhooks.waiting > 0) {
    levels.oldest_webhook_seconds = std::max<int64_t>(
        0, absl::ToInt64Seconds(options_.clock->Now() - webhooks.oldest));
  }
  if (uploads_ != nullptr) {
    levels.kept_uploads = uploads_->size().uploads;
    levels.kept_upload_bytes = uploads_->size().bytes;
  }
  levels.kept_photos = photos_->photos();
  levels.damaged_rule_packs =
      static_cast<int64_t>(rule_packs_->damages().size());
  for (const ListInfo& list : clips_->Lists()) {
    ++levels.lists;
    levels.list_entries += list.entries;
    levels.list_frames += list.frames;
  }
  return levels;
}

}  // namespace lenscap
