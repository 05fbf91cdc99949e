#ifndef LENSCAP_SERVICES_METRICS_H_
#define LENSCAP_SERVICES_METRICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What a server counts, for Prometheus. Thread-safe. One server per object.
class Metrics final : public prometheus::Collectable {
 public:
  Metrics();

  // The verdict, the time spent in each stage, and how far the cues of a second
  // model are from those of the first.
  void CountScan(const v1::ScanReport& report);
  // By the reason's code: invalid_argument is no video, resource_exhausted
  // is one beyond a limit; decoder_crashed and the like are those of
  // DecoderEnd.
  void CountUnreadable(const absl::Status& reason);
  // A listing was reviewed: the verdict, the rules that were hit, and the time.
  void CountListing(const v1::ListingReport& report, absl::Duration spent);
  // The model failed on an upload; the scan went on without cues.
  void CountCueFailure();

  // Somebody was refused: by the limit's name (services/limit_status.h), never
  // by the tenant's, of which there may be any number.
  void CountRefusal(const std::string& limit);

  // The fingerprint of an upload could not be kept.
  void CountNotKept();
  // Kept uploads were compared with clips published since; so many of them
  // became cases.
  void CountRetroPass();
  void CountRetroCompared(int64_t uploads);
  void CountRetroHit();

  // Warnings that clocks of cases run out, or have.
  void CountClockAlerts(int64_t alerts);

  // Of one queue of cases, all tenants together.
  struct QueueLevel {
    int64_t waiting = 0;
    int64_t leased = 0;
    int64_t due_soon = 0;
    int64_t overdue = 0;
    double oldest_seconds = 0;  // Of those that wait.
  };

  // An attempt to deliver a webhook ended: "delivered", "failed", or failed for
  // the last time, "given_up".
  void CountWebhook(const std::string& end);

  // What is read when the metrics are asked for.
  struct Levels {
    int64_t scans_waiting = 0;
    int64_t scans_running = 0;
    int64_t spool_bytes = 0;
    int64_t tenants = 0;
    int64_t cases_waiting = 0;
    int64_t cases_leased = 0;
    int64_t lists = 0;
    int64_t list_entries = 0;
    int64_t list_frames = 0;
    int64_t kept_uploads = 0;
    int64_t kept_upload_bytes = 0;
    int64_t kept_photos = 0;
    int64_t damaged_rule_packs = 0;  // Not read at the start.
    std::map<v1::CaseQueue, QueueLevel> queues = {};
    int64_t webhooks_waiting = 0;
    int64_t webhook_dead_letters = 0;
    int64_t oldest_webhook_seconds = 0;  // Since what it tells; 0 for none.
  };
  // Null takes the source away, after a call that is going on.
  void SetLevels(std::function<Levels()> source);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void ReadLevels() const;
  void ReadQueue(v1::CaseQueue queue, const QueueLevel& level) const;

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& scans_;
  prometheus::Family<prometheus::Counter>& listings_;
  prometheus::Family<prometheus::Counter>& rule_hits_;
  prometheus::Histogram& listing_seconds_;
  prometheus::Family<prometheus::Counter>& unreadable_;
  prometheus::Counter& cue_failures_;
  prometheus::Family<prometheus::Counter>& refusals_;
  prometheus::Counter& not_kept_;
  prometheus::Counter& retro_passes_;
  prometheus::Counter& retro_compared_;
  prometheus::Counter& retro_hits_;
  prometheus::Family<prometheus::Counter>& webhooks_;
  prometheus::Family<prometheus::Histogram>& shadow_differences_;
  prometheus::Family<prometheus::Histogram>& stage_seconds_;
  prometheus::Family<prometheus::Gauge>& levels_;
  prometheus::Counter& clock_alerts_;
  prometheus::Family<prometheus::Gauge>& queue_cases_;
  prometheus::Family<prometheus::Gauge>& queue_oldest_;
  mutable std::mutex mutex_;
  std::function<Levels()> source_;  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_METRICS_H_
