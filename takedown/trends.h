#ifndef LENSCAP_TAKEDOWN_TRENDS_H_
#define LENSCAP_TAKEDOWN_TRENDS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// The half-open period [start, end), in steps.
struct TrendPeriod {
  absl::Time start;
  absl::Time end;
  absl::Duration step;  // Above 0.
};

// Counts cases that were opened, decided and appealed in each step, from the
// events that are kept: a decision that was undone counts in no step, and one
// that an upload inherits is none. Cases that lists have reopened are no
// appeals. RESOURCE_EXHAUSTED where more than a million events are of the
// period.
absl::StatusOr<v1::TrendsReply> CountTrends(const TakedownQueue& cases,
                                            const TrendPeriod& period);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_TRENDS_H_
