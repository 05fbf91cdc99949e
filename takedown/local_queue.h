#ifndef LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_
#define LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "takedown/queue.h"

namespace lenscap {

// The queue in a directory of this machine, one process at a time
// (FAILED_PRECONDITION for a second one).
struct LocalQueueOptions {
  std::string directory;
  int max_deliveries = 5;              // Then the case is a dead letter.
  const Clock* clock = Clock::Real();  // Must outlive the queue.
};
absl::StatusOr<std::unique_ptr<TakedownQueue>> OpenLocalQueue(
    LocalQueueOptions options);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_LOCAL_QUEUE_H_
