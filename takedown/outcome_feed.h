#ifndef LENSCAP_TAKEDOWN_OUTCOME_FEED_H_
#define LENSCAP_TAKEDOWN_OUTCOME_FEED_H_

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "takedown/outcome_log.h"
#include "takedown/queue.h"

namespace lenscap {

// An upload that was held, and whose deadline has passed.
struct DueHold {
  std::string id;  // The same each time; of A-Z, a-z, 0-9, '-' and '_'.
  std::string tenant;
  std::string case_id;  // "" where it is in none.
  v1::UploadName upload;
  v1::Fallback fallback = v1::FALLBACK_UNSPECIFIED;
  absl::Time deadline;
};

// Where such uploads come from: each is due until it was told.
struct DueHolds {
  std::function<absl::StatusOr<std::vector<DueHold>>(absl::Time now)> due;
  std::function<absl::Status(const DueHold&)> told;
};

// Brings what happens to cases into the log of outcomes, in order, each once,
// and as soon as it counts. The place in the queue's events is a mark of the
// log, so that a crash neither loses nor doubles any; a deadline that was
// logged as the process died is logged again, with the same id. Thread-safe;
// what it is given must outlive it.
class OutcomeFeed {
 public:
  // Without functions in `holds` nothing is held.
  OutcomeFeed(const TakedownQueue* cases, OutcomeLog* log, DueHolds holds,
              const Clock* clock)
      : cases_(cases), log_(log), holds_(std::move(holds)), clock_(clock) {}

  // Whether there was something to tell. Events after a decision that may still
  // be undone wait with it: they are told in order.
  absl::StatusOr<bool> CatchUp();

 private:
  absl::StatusOr<bool> CatchUpEvents();
  absl::StatusOr<bool> CatchUpHolds();
  absl::StatusOr<std::vector<v1::Outcome>> OutcomesOf(
      const v1::CaseEvent& event) const;
  using PageAfter = std::function<absl::StatusOr<TakedownQueue::UploadPage>(
      const std::string& cursor)>;
  absl::StatusOr<std::vector<v1::Outcome>> OnPages(
      const v1::CaseEvent& event, const v1::Case& subject, int version,
      const PageAfter& page_after) const;
  absl::StatusOr<std::vector<v1::Outcome>> OnOne(const v1::CaseEvent& event,
                                                 const v1::Case& subject) const;

  const TakedownQueue* const cases_;
  OutcomeLog* const log_;
  const DueHolds holds_;
  const Clock* const clock_;
  std::mutex catching_up_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_OUTCOME_FEED_H_
