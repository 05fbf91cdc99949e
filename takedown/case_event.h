#ifndef LENSCAP_TAKEDOWN_CASE_EVENT_H_
#define LENSCAP_TAKEDOWN_CASE_EVENT_H_

#include "absl/status/statusor.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What is told of an event of the queue; `item` is the case as it is now, null
// where it was purged since.
absl::StatusOr<v1::CaseEvent> ToCaseEvent(const LeaseQueue::Event& event,
                                          const LeaseQueue::Item* item);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CASE_EVENT_H_
