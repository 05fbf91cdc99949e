#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_BACKOFF_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_BACKOFF_H_

#include <algorithm>

#include "absl/time/time.h"

namespace lenscap {

// After so many attempts, over about three days, a delivery is given up.
inline constexpr int kWebhookAttempts = 43;

// How long to wait after the attempt `attempts`, the first being 1, where the
// receiver asks for `retry_after` (zero where it does not): 5 s, three times as
// long each time, at most 2 h, and up to a fifth more or less by `jitter`, 0 to
// 1. What the receiver asks for counts from 1 s to 6 h, and never shortens the
// wait.
inline absl::Duration WebhookBackoff(int attempts, absl::Duration retry_after,
                                     double jitter) {
  constexpr absl::Duration kMost = absl::Hours(2);
  absl::Duration wait = absl::Seconds(5);
  for (int i = 1; i < attempts && wait < kMost; ++i) wait *= 3;
  wait = std::min(wait, kMost) * (0.8 + 0.4 * jitter);
  return std::max(wait, std::min(retry_after, absl::Hours(6)));
}

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_BACKOFF_H_
