#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOKS_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOKS_H_

#include <cstdint>
#include <functional>
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
#include "services/webhooks/webhook_courier.h"
#include "services/webhooks/webhook_deliveries.h"
#include "services/webhooks/webhook_endpoints.h"
#include "takedown/outcome_log.h"

namespace lenscap {

// Tells endpoints the outcomes of the log, each at least once and, of one case,
// in order: what waits for an endpoint is on disk before the mark of the log
// passes it. Thread-safe; what the options point to must outlive it.
class Webhooks {
 public:
  struct Options {
    std::string directory = {};
    OutcomeLog* log = nullptr;
    WebhookSender::Options sender = {};
    std::function<double()> jitter = nullptr;  // Null: random.
    std::function<void(WebhookEnd)> count = nullptr;
    const Clock* clock = Clock::Real();
  };

  // Takes up what an earlier process left undelivered.
  static absl::StatusOr<std::unique_ptr<Webhooks>> Open(Options options);
  ~Webhooks() { Stop(); }

  // Begins to deliver, and ends for good.
  void Start();
  void Stop();

  // Lines up what the log has that is new, and looks at the clock.
  absl::Status CatchUp();
  // Returns once nothing is under way or due.
  void WaitUntilIdle();

  // As WebhookEndpoints has them; a new one hears of what comes from now on.
  absl::StatusOr<WebhookEndpoint> Create(WebhookEndpoints::Wish wish);
  // What was not delivered yet is dropped.
  absl::StatusOr<WebhookEndpoint> Delete(absl::string_view endpoint_id);
  absl::StatusOr<WebhookEndpoint> Get(absl::string_view endpoint_id) const {
    return endpoints_->Get(endpoint_id);
  }
  std::vector<WebhookEndpoint> List() const { return endpoints_->List(); }
  // Of one that was deleted meanwhile, nothing.
  WebhookCourier::Health HealthOf(absl::string_view endpoint_id) const;

  // Posts an outcome of TYPE_TEST, once, and waits for the answer.
  WebhookAnswer Test(const WebhookEndpoint& endpoint) const;

  const WebhookDeliveries& deliveries() const { return *deliveries_; }
  // Delivers those again that were delivered or given up; all that were given
  // up where none is named. Returns how many.
  absl::StatusOr<int64_t> Replay(absl::string_view endpoint_id,
                                 const std::vector<std::string>& delivery_ids);

  struct Levels {
    int64_t waiting = 0;
    int64_t dead_letters = 0;
    absl::Time oldest = absl::InfiniteFuture();  // Undelivered.
  };
  Levels ReadLevels() const;

  absl::Status Purge(absl::Time before) { return deliveries_->Purge(before); }

 private:
  using Couriers =
      std::map<std::string, std::shared_ptr<WebhookCourier>, std::less<>>;

  explicit Webhooks(Options options) : options_(std::move(options)) {}
  absl::Status TakeUp();
  std::shared_ptr<WebhookCourier> NewCourier(const WebhookEndpoint& endpoint);
  std::shared_ptr<WebhookCourier> CourierOf(absl::string_view id) const;
  Couriers AllCouriers() const;
  absl::StatusOr<std::vector<std::string>> DeadLettersOf(
      absl::string_view endpoint_id) const;

  const Options options_;
  std::unique_ptr<WebhookEndpoints> endpoints_;
  std::unique_ptr<WebhookDeliveries> deliveries_;
  std::mutex catching_up_;
  mutable std::mutex mutex_;
  bool started_ = false;  // Guarded by mutex_, as what follows.
  Couriers couriers_;     // By endpoint.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOKS_H_
