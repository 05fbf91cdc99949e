#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_DELIVERIES_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_DELIVERIES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "services/webhooks/webhook_lines.h"

namespace lenscap {

// What is to be told to which endpoint, and whether it was: a LeaseQueue of
// services/webhooks/webhook_record.proto, by the ids of the endpoint and the
// outcome. An attempt is a claim; after one that failed the lease is the wait
// until the next, so that a crash leaves nothing to remember. Thread-safe; one
// process at a time.
class WebhookDeliveries {
 public:
  using Waiting = WebhookLines::Waiting;

  // `clock` must outlive this.
  static absl::StatusOr<std::unique_ptr<WebhookDeliveries>> Open(
      const std::string& directory, const Clock* clock);

  // On disk when it returns. None where it was added before.
  absl::StatusOr<std::optional<Waiting>> Add(absl::string_view endpoint_id,
                                             uint64_t number,
                                             const v1::Outcome& outcome);

  // Those that were neither delivered nor given up, of whatever endpoint.
  using Visit =
      std::function<absl::Status(absl::string_view endpoint_id, Waiting)>;
  absl::Status ForEachWaiting(const Visit& visit) const;

  struct Attempt {
    v1::Outcome outcome;
    int number = 0;  // The first is 1.
    std::string token;
  };
  // Claims it for an attempt. None where it is over: delivered, given up or
  // gone. UNAVAILABLE where it is claimed elsewhere, such as by a process that
  // crashed during an attempt: the caller should try later.
  absl::StatusOr<std::optional<Attempt>> Begin(const Waiting& waiting);
  // How the attempt ended: it was taken; it is to be made again after `wait`,
  // or, where it was the last one, never (then none); it was not made at all.
  absl::Status Delivered(const Waiting& waiting, const Attempt& attempt);
  absl::StatusOr<std::optional<absl::Time>> Failed(const Waiting& waiting,
                                                   const Attempt& attempt,
                                                   absl::string_view error,
                                                   absl::Duration wait);
  absl::Status PutBack(const Attempt& attempt);

  // Puts one that was delivered or given up back. None where it waits anyway;
  // NOT_FOUND where the endpoint has no such delivery.
  absl::StatusOr<std::optional<Waiting>> Replay(absl::string_view endpoint_id,
                                                absl::string_view delivery_id);
  // Takes one out of the way whose endpoint is gone.
  absl::Status Drop(absl::string_view delivery_id);

  // Of an endpoint, oldest first, after the token of an earlier page. A page
  // may be shorter than `limit`, or empty, before the last one.
  absl::StatusOr<v1::ListDeliveriesReply> List(absl::string_view endpoint_id,
                                               v1::Delivery::State state,
                                               absl::string_view after,
                                               int limit) const;

  // Given up and not replayed, of every endpoint.
  absl::StatusOr<int64_t> dead_letters() const;
  // Forgets what was delivered or given up before `before`.
  absl::Status Purge(absl::Time before);

 private:
  WebhookDeliveries(std::unique_ptr<LeaseQueue> queue, const Clock* clock)
      : queue_(std::move(queue)), clock_(clock) {}

  const std::unique_ptr<LeaseQueue> queue_;
  const Clock* const clock_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_DELIVERIES_H_
