#ifndef LENSCAP_TAKEDOWN_RECHECK_H_
#define LENSCAP_TAKEDOWN_RECHECK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "takedown/basis.h"
#include "takedown/queue.h"

namespace lenscap {

struct Rechecked {
  int64_t cases = 0;     // That were looked at.
  int64_t marked = 0;    // Whose marks changed, those reopened apart.
  int64_t reopened = 0;  // Whose decision has to be made again.
};

// Brings what every case rests on up to date with what is in force now. It is
// right whenever it runs, and as often: what a crash or an error left out, the
// next run does. Asks of each entry once.
absl::StatusOr<Rechecked> RecheckCases(TakedownQueue& cases,
                                       const WithdrawalOf& withdrawal_of);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_RECHECK_H_
