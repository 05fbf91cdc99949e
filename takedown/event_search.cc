#include "takedown/event_search.h"

#include <limits>

#include "base/status_macros.h"
#include "takedown/campaign.h"

namespace lenscap {
namespace {

// Whether the first event after `place` is of `time` or later, or there is
// none.
absl::StatusOr<bool> IsAtOrPast(const TakedownQueue& cases, uint64_t place,
                                absl::Time time) {
  ASSIGN_OR_RETURN(const auto events,
                   cases.Events(place, 1, absl::ZeroDuration()));
  return events.empty() || TimeOf(events.front().time()) >= time;
}

}  // namespace

absl::StatusOr<uint64_t> PlaceBefore(const TakedownQueue& cases,
                                     absl::Time time) {
  uint64_t above = 1;
  while (above < std::numeric_limits<uint64_t>::max() / 2) {
    ASSIGN_OR_RETURN(const bool past, IsAtOrPast(cases, above, time));
    if (past) break;
    above *= 2;
  }
  // The first place that is at or past the time, in [below, above].
  uint64_t below = 0;
  while (below < above) {
    const uint64_t middle = below + (above - below) / 2;
    ASSIGN_OR_RETURN(const bool past, IsAtOrPast(cases, middle, time));
    if (past) {
      above = middle;
    } else {
      below = middle + 1;
    }
  }
  return below;
}

}  // namespace lenscap
