#ifndef LENSCAP_SERVICES_REDECISION_H_
#define LENSCAP_SERVICES_REDECISION_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "index/known_clips.h"
#include "takedown/basis.h"
#include "takedown/queue.h"
#include "takedown/recheck.h"

namespace lenscap {

// Whether an entry is in force in these lists now, and else why not: as its
// list says of the change that took it out, among the last 1,000, or of holding
// it. Reads each list's history once, so it is good for one pass. `lists` must
// outlive it.
WithdrawalOf WithdrawalIn(const KnownClips& lists);

// Keeps what cases rest on in step with the lists. It looks at all cases after
// a start, when a list has changed, and once an hour for what was scanned while
// a list changed; so it needs to remember nothing. One caller at a time; both
// must outlive it.
class Redecision {
 public:
  Redecision(TakedownQueue* cases, const KnownClips* lists, const Clock* clock)
      : cases_(cases), lists_(lists), clock_(clock) {}

  // What was done, if there was something to do. After an error the next call
  // tries again.
  absl::StatusOr<Rechecked> RunIfDue();

 private:
  using Versions = std::map<std::string, int64_t>;
  Versions ReadVersions() const;

  TakedownQueue* const cases_;
  const KnownClips* const lists_;
  const Clock* const clock_;
  Versions seen_;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REDECISION_H_
