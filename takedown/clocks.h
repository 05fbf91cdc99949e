#ifndef LENSCAP_TAKEDOWN_CLOCKS_H_
#define LENSCAP_TAKEDOWN_CLOCKS_H_

#include <optional>

#include "absl/time/time.h"
#include "proto/lenscap/v1/review_policy.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// The legal clocks of a case (v1::Case.clocks): which it has, by when what is
// due, and whether that was done. Pure functions of a policy that is complete
// (takedown/review_policy.h), a case and a time; soonest deadline first. A
// clock runs until it is met.

// What starts the clocks of an upload.
struct ClockStarts {
  absl::Time detected;                      // Of an appeal: when it was made.
  std::optional<absl::Time> reported = {};  // By a person; never before 2000.
};

// Starts a clock for each rule that fits the case's queue and tenant. Where one
// of that rule's is running, it stays, or moves to the earlier start: the first
// upload that waits sets the deadline.
// To be called when the case is opened, when an upload joins it undecided, and
// on an appeal, with the case as it then is; not where a case opens again by
// itself. Of more than 256 clocks, those that were met first go.
void StartClocks(const v1::ReviewPolicy& policy, const ClockStarts& starts,
                 v1::Case& waiting);

// To be called when the last undecided upload is decided: meets what runs.
void MeetClocks(absl::Time decided, v1::Case& settled);
// Takes back what MeetClocks did at `decided`: the decision was undone.
void ResumeClocks(absl::Time decided, v1::Case& undone);

// When the next warning is due: the policy's so long before the deadline, and
// the deadline itself. InfiniteFuture where there is none. A clock whose rule
// has left the policy warns at the deadline alone.
absl::Time NextAlert(const v1::ReviewPolicy& policy, const v1::Case& waiting);

// Gives the next warning that is due: marks it in the case and returns the
// clock concerned, as it is then; nothing where none is due. Each is given
// once, and several that fell due on one clock are one.
std::optional<v1::Clock> GiveAlert(const v1::ReviewPolicy& policy,
                                   absl::Time now, v1::Case& waiting);

// What the clocks add to the case's priority, 0 to kMaxClockBoost: with each
// warning, the share of the time that had run when it was given; all of it from
// the deadline on. Changes when a clock starts, warns or is met, and at no
// other time.
inline constexpr int kMaxClockBoost = 300;
int ClockBoost(const v1::Case& waiting);

// The soonest deadline that runs; InfiniteFuture where none does.
absl::Time NextDeadline(const v1::Case& waiting);

// Whether the clock's duty was missed by `now`: met too late, or not met though
// it is too late.
bool IsMissed(const v1::Clock& clock, absl::Time now);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CLOCKS_H_
