#ifndef LENSCAP_SERVICES_OUTCOMES_H_
#define LENSCAP_SERVICES_OUTCOMES_H_

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/notifier.h"
#include "services/ticker.h"
#include "services/webhooks/webhooks.h"
#include "takedown/held_uploads.h"
#include "takedown/outcome_feed.h"
#include "takedown/outcome_log.h"
#include "takedown/queue.h"

namespace lenscap {

// What platforms are told, and what a running server does for it: each second
// it brings what has come into force into the log of outcomes, and the log to
// the webhooks. Thread-safe; what the options point to must outlive it.
class Outcomes {
 public:
  struct Options {
    std::string directory = {};  // Of the log; made if absent.
    std::string webhooks = {};   // Of the webhooks; made if absent.
    const TakedownQueue* cases = nullptr;
    HeldUploads* holds = nullptr;  // Null: none.
    Notifier* news = nullptr;
    WebhookSender::Options sender = {};
    std::function<void(WebhookEnd)> count = nullptr;
    // How long outcomes and ended deliveries are kept.
    absl::Duration keep = absl::Hours(24 * 90);
    const Clock* clock = Clock::Real();
  };
  static absl::StatusOr<std::unique_ptr<Outcomes>> Open(Options options);
  ~Outcomes() { Stop(); }

  // Begins, and ends for good.
  void Start();
  void Stop();

  // What is done each second.
  absl::Status CatchUp();
  absl::Status Purge();

  const OutcomeLog& log() const { return *log_; }
  Webhooks& webhooks() { return *webhooks_; }

 private:
  explicit Outcomes(Options options) : options_(std::move(options)) {}

  const Options options_;
  std::unique_ptr<OutcomeLog> log_;
  std::unique_ptr<OutcomeFeed> feed_;
  std::unique_ptr<Webhooks> webhooks_;
  std::unique_ptr<Ticker> ticker_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_OUTCOMES_H_
