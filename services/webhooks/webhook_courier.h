#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_COURIER_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_COURIER_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "services/webhooks/webhook_deliveries.h"
#include "services/webhooks/webhook_endpoints.h"
#include "services/webhooks/webhook_lines.h"
#include "services/webhooks/webhook_sender.h"

namespace lenscap {

// How one attempt of a delivery ended, for who counts them.
enum class WebhookEnd { kDelivered, kFailed, kGivenUp };

// Takes to one endpoint what waits for it, on threads of its own, so that a
// receiver that hangs holds up nobody else's. Thread-safe; what the options
// point to must outlive it.
class WebhookCourier {
 public:
  static constexpr int kInFlight = 4;

  struct Options {
    WebhookDeliveries* deliveries = nullptr;
    WebhookSender::Options sender = {};
    std::function<double()> jitter;         // 0 to 1, from whatever thread.
    std::function<void(WebhookEnd)> count;  // As above.
    const Clock* clock = Clock::Real();
  };

  WebhookCourier(WebhookEndpoint endpoint, Options options);
  ~WebhookCourier() { Stop(); }

  void Start();
  // Ends what is under way, which is put back as if it had not been tried.
  void Stop();

  void Add(WebhookLines::Waiting waiting);
  // Looks at the clock. Whoever has the courier does so each second.
  void Wake();
  // Returns once nothing is under way or due.
  void WaitUntilIdle();

  const WebhookEndpoint& endpoint() const { return endpoint_; }

  struct Health {
    std::string last_error;  // "" once a delivery succeeded.
    absl::Time last_failed;
    size_t waiting = 0;
    absl::Time oldest = absl::InfiniteFuture();  // When it happened.
  };
  Health health() const;

  // One post of an outcome, signed, that nothing is kept of.
  static WebhookAnswer PostOnce(const WebhookEndpoint& endpoint,
                                const v1::Outcome& outcome, absl::Time now,
                                WebhookSender& sender);

 private:
  void Run();
  // When to try again; none where it is over.
  std::optional<absl::Time> Deliver(WebhookLines::Waiting& waiting,
                                    WebhookSender& sender);
  std::optional<absl::Time> Conclude(WebhookLines::Waiting& waiting,
                                     const WebhookDeliveries::Attempt& attempt,
                                     const WebhookAnswer& answer);
  void NoteFailure(const std::string& error);
  void NoteSuccess();

  const WebhookEndpoint endpoint_;
  const Options options_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  WebhookLines lines_;  // Guarded by mutex_, as what follows.
  std::string last_error_;
  absl::Time last_failed_;
  int failures_ = 0;  // Since the last success.
  std::vector<std::thread> threads_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_COURIER_H_
