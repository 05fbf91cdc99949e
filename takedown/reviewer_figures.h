#ifndef LENSCAP_TAKEDOWN_REVIEWER_FIGURES_H_
#define LENSCAP_TAKEDOWN_REVIEWER_FIGURES_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/campaign.h"

namespace lenscap {

// Counts how reviewers fare in a period (proto/lenscap/v1/takedown.proto says
// what each figure is) from cases that come one by one, each once, and answers
// to golden cases. A decision counts at its own time, a reversal at that of the
// decision that was turned over. Not thread-safe.
class ReviewerCounter {
 public:
  explicit ReviewerCounter(Period period) : period_(period) {}
  void Add(const v1::Case& opened);
  void AddGolden(absl::string_view reviewer, bool right, absl::Time answered);
  v1::ReviewerStatsReply Finish() const;

 private:
  struct Counted {
    v1::ReviewerFigures figures;
    std::vector<absl::Duration> times;
  };

  // Once: uploads that leave a case take their decisions along.
  void AddDecision(const v1::Decision& decision);
  void AddReviews(const v1::Case& opened);

  const Period period_;
  std::map<std::string, Counted> reviewers_;
  std::set<std::pair<std::string, int64_t>> counted_;  // Reviewer, micros.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_REVIEWER_FIGURES_H_
