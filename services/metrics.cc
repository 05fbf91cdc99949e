#include "services/metrics.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "media/decoder_pool.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

// From a small picture to a film.
const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000};

const prometheus::Histogram::BucketBoundaries kDifferences = {
    -0.5, -0.2, -0.1, -0.05, -0.01, 0.01, 0.05, 0.1, 0.2, 0.5};

// ACTION_BLOCK is "block".
std::string VerdictLabel(v1::Action action) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::Action_Name(action), "ACTION_"));
}

}  // namespace

Metrics::Metrics()
    : scans_(prometheus::BuildCounter()
                 .Name("lenscap_scans_total")
                 .Help("Scans that ended in a report, by verdict")
                 .Register(registry_)),
      listings_(prometheus::BuildCounter()
                    .Name("lenscap_listings_reviewed_total")
                    .Help("Listings reviewed, by verdict")
                    .Register(registry_)),
      rule_hits_(prometheus::BuildCounter()
                     .Name("lenscap_rule_hits_total")
                     .Help("Listings that a rule was hit in, by pack, rule and "
                           "whether the rule is in shadow")
                     .Register(registry_)),
      listing_seconds_(prometheus::BuildHistogram()
                           .Name("lenscap_listing_seconds")
                           .Help("Time spent on the review of one listing")
                           .Register(registry_)
                           .Add({}, kSeconds)),
      unreadable_(prometheus::BuildCounter()
                      .Name("lenscap_unreadable_total")
                      .Help("Files that were not decoded whole, by reason")
                      .Register(registry_)),
      cue_failures_(prometheus::BuildCounter()
                        .Name("lenscap_cue_failures_total")
                        .Help("Scans that went on without cues because the "
                              "model failed")
                        .Register(registry_)
                        .Add({})),
      refusals_(prometheus::BuildCounter()
                    .Name("lenscap_refusals_total")
                    .Help("Calls refused with RESOURCE_EXHAUSTED, by limit")
                    .Register(registry_)),
      not_kept_(prometheus::BuildCounter()
                    .Name("lenscap_uploads_not_kept_total")
                    .Help("Scanned uploads whose fingerprint could not be kept")
                    .Register(registry_)
                    .Add({})),
      retro_passes_(prometheus::BuildCounter()
                        .Name("lenscap_retro_passes_total")
                        .Help("Times that the kept uploads were compared with "
                              "clips published since")
                        .Register(registry_)
                        .Add({})),
      retro_compared_(prometheus::BuildCounter()
                          .Name("lenscap_retro_compared_total")
                          .Help("Kept uploads compared with clips published "
                                "since")
                          .Register(registry_)
                          .Add({})),
      retro_hits_(prometheus::BuildCounter()
                      .Name("lenscap_retro_hits_total")
                      .Help("Kept uploads that became cases")
                      .Register(registry_)
                      .Add({})),
      webhooks_(prometheus::BuildCounter()
                    .Name("lenscap_webhook_attempts_total")
                    .Help("Attempts to deliver a webhook, by how they ended")
                    .Register(registry_)),
      shadow_differences_(
          prometheus::BuildHistogram()
              .Name("lenscap_shadow_cue_difference")
              .Help("Probability by the shadow model less that by the model "
                    "in use, by cue")
              .Register(registry_)),
      stage_seconds_(prometheus::BuildHistogram()
                         .Name("lenscap_stage_seconds")
                         .Help("Time spent on one scan, by stage")
                         .Register(registry_)),
      levels_(prometheus::BuildGauge()
                  .Name("lenscap_items")
                  .Help("What there is now, by kind")
                  .Register(registry_)),
      clock_alerts_(prometheus::BuildCounter()
                        .Name("lenscap_clock_alerts_total")
                        .Help("Warnings given that legal clocks of cases run "
                              "out, or have")
                        .Register(registry_)
                        .Add({})),
      queue_cases_(prometheus::BuildGauge()
                       .Name("lenscap_queue_cases")
                       .Help("Open cases, by queue: those that wait, are "
                             "leased, are due within a day and are overdue")
                       .Register(registry_)),
      queue_oldest_(prometheus::BuildGauge()
                        .Name("lenscap_queue_oldest_seconds")
                        .Help("How long the oldest waiting case has waited, by "
                              "queue; 0 where none waits")
                        .Register(registry_)) {}

void Metrics::CountListing(const v1::ListingReport& report,
                           absl::Duration spent) {
  listings_.Add({{"verdict", VerdictLabel(report.verdict().action())}})
      .Increment();
  for (const v1::RuleHit& hit : report.rule_hits()) {
    rule_hits_
        .Add({{"pack", hit.pack_id()},
              {"rule", hit.rule_id()},
              {"shadow", hit.shadow() ? "true" : "false"}})
        .Increment();
  }
  listing_seconds_.Observe(absl::ToDoubleSeconds(spent));
}

void Metrics::CountScan(const v1::ScanReport& report) {
  scans_.Add({{"verdict", VerdictLabel(report.verdict().action())}})
      .Increment();
  const auto observe = [this](const char* stage, const auto& time) {
    stage_seconds_.Add({{"stage", stage}}, kSeconds)
        .Observe(absl::ToDoubleSeconds(FromProto(time)));
  };
  observe("decode", report.timings().decode());
  observe("fingerprint", report.timings().fingerprint());
  observe("match", report.timings().match());
  observe("cues", report.timings().cues());
  observe("total", report.timings().total());
  for (const v1::Cue& shadow : report.shadow_cues().cues()) {
    for (const v1::Cue& cue : report.cues().cues()) {
      if (cue.name() != shadow.name()) continue;
      shadow_differences_.Add({{"cue", cue.name()}}, kDifferences)
          .Observe(shadow.probability() - cue.probability());
    }
  }
}

void Metrics::CountUnreadable(const absl::Status& reason) {
  const std::string end = DecoderEnd(reason);
  unreadable_
      .Add(
          {{"reason", end.empty() ? absl::AsciiStrToLower(
                                        absl::StatusCodeToString(reason.code()))
                                  : absl::StrCat("decoder_", end)}})
      .Increment();
}

void Metrics::CountCueFailure() { cue_failures_.Increment(); }

void Metrics::CountRefusal(const std::string& limit) {
  refusals_.Add({{"limit", limit}}).Increment();
}

void Metrics::CountNotKept() { not_kept_.Increment(); }

void Metrics::CountRetroPass() { retro_passes_.Increment(); }

void Metrics::CountRetroCompared(int64_t uploads) {
  retro_compared_.Increment(static_cast<double>(uploads));
}

void Metrics::CountRetroHit() { retro_hits_.Increment(); }

void Metrics::CountClockAlerts(int64_t alerts) {
  clock_alerts_.Increment(static_cast<double>(alerts));
}

void Metrics::CountWebhook(const std::string& end) {
  webhooks_.Add({{"end", end}}).Increment();
}

void Metrics::SetLevels(std::function<Levels()> source) {
  std::lock_guard lock(mutex_);
  source_ = std::move(source);
}

void Metrics::ReadLevels() const {
  std::lock_guard lock(mutex_);
  if (source_ == nullptr) return;
  const Levels levels = source_();
  const auto set = [this](const char* kind, int64_t value) {
    levels_.Add({{"kind", kind}}).Set(static_cast<double>(value));
  };
  set("scans_waiting", levels.scans_waiting);
  set("scans_running", levels.scans_running);
  set("spool_bytes", levels.spool_bytes);
  set("tenants", levels.tenants);
  set("cases_waiting", levels.cases_waiting);
  set("cases_leased", levels.cases_leased);
  set("lists", levels.lists);
  set("list_entries", levels.list_entries);
  set("list_frames", levels.list_frames);
  set("kept_photos", levels.kept_photos);
  set("damaged_rule_packs", levels.damaged_rule_packs);
  set("kept_uploads", levels.kept_uploads);
  set("kept_upload_bytes", levels.kept_upload_bytes);
  set("webhooks_waiting", levels.webhooks_waiting);
  set("webhook_dead_letters", levels.webhook_dead_letters);
  set("oldest_webhook_seconds", levels.oldest_webhook_seconds);
  // Each of them, so that one that was emptied says so.
  for (int i = 1; i < v1::CaseQueue_ARRAYSIZE; ++i) {
    const auto queue = static_cast<v1::CaseQueue>(i);
    const auto found = levels.queues.find(queue);
    ReadQueue(queue,
              found == levels.queues.end() ? QueueLevel() : found->second);
  }
}

void Metrics::ReadQueue(v1::CaseQueue queue, const QueueLevel& level) const {
  const std::string name = absl::AsciiStrToLower(
      absl::StripPrefix(v1::CaseQueue_Name(queue), "CASE_QUEUE_"));
  const auto set = [&](const char* state, int64_t value) {
    queue_cases_.Add({{"queue", name}, {"state", state}})
        .Set(static_cast<double>(value));
  };
  set("waiting", level.waiting);
  set("leased", level.leased);
  set("due_soon", level.due_soon);
  set("overdue", level.overdue);
  queue_oldest_.Add({{"queue", name}}).Set(level.oldest_seconds);
}

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  ReadLevels();
  return registry_.Collect();
}

}  // namespace lenscap
