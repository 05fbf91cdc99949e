#ifndef LENSCAP_TAKEDOWN_EVENT_SEARCH_H_
#define LENSCAP_TAKEDOWN_EVENT_SEARCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "takedown/queue.h"

namespace lenscap {

// The place in the events of a queue after which those of `time` and later
// begin, as TakedownQueue::Events takes it; after the last event where all are
// earlier. Reads some hundred events at most, however many there are. Where the
// machine's clock was set back, some events near the place may be on its other
// side.
absl::StatusOr<uint64_t> PlaceBefore(const TakedownQueue& cases,
                                     absl::Time time);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_EVENT_SEARCH_H_
