#ifndef LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_
#define LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/lenscap/v1/review_policy.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// The queue in a directory of this machine, one process at a time
// (FAILED_PRECONDITION for a second one).
struct LocalQueueOptions {
  std::string directory;
  int max_deliveries = 5;              // Then the case is a dead letter.
  const Clock* clock = Clock::Real();  // Must outlive the queue.
  // How long a decision can be taken back, and is not acted on.
  absl::Duration undo_window = absl::Seconds(10);
  // How long a case whose uploads share a camera, a group, an account or a file
  // takes more of them while it is undecided, and of how many at most. Cases of
  // a list entry take them for ever.
  absl::Duration grouping_window = absl::Hours(24 * 7);
  int64_t max_case_uploads = 10'000;
  // How long a removal counts against an account.
  absl::Duration strike_expiry = absl::Hours(24 * 90);
  // Its clocks, and its share of second reviews; without any there are none.
  v1::ReviewPolicy review = {};
  // Each upload has a case of its own, whatever it shares with others.
  bool apart = false;
};
absl::StatusOr<std::unique_ptr<TakedownQueue>> OpenLocalQueue(
    LocalQueueOptions options);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_
