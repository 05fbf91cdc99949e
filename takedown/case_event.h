#ifndef LENSCAP_TAKEDOWN_CASE_EVENT_H_
#define LENSCAP_TAKEDOWN_CASE_EVENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What an event of the lease queue keeps of what it tells: all but the
// sequence, the case and the time, which are the event's own.
std::string EventDetail(v1::CaseEvent told);

// What is told of an event of the queue. `item` is the case as it is now, null
// where it was purged since; it is asked where the event keeps no detail, as
// those of deaths and of earlier versions.
absl::StatusOr<v1::CaseEvent> ToCaseEvent(const LeaseQueue::Event& event,
                                          const LeaseQueue::Item* item);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CASE_EVENT_H_
