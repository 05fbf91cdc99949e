#include "takedown/reviewer_figures.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"
#include "takedown/quantile.h"

namespace lenscap {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kSystem[] = "system";

// Whether everything was put up again after the decision at `index`, and a
// person asked for that.
bool WasAppealed(const v1::Case& opened, int index) {
  const auto& rounds = opened.rounds();
  const auto round = std::find(rounds.begin(), rounds.end(), index + 1);
  if (round == rounds.end()) return false;
  const bool last = std::next(round) == rounds.end();
  return !last || opened.reopened_by() != kSystem;
}

bool WasReversed(const v1::Case& opened, int index) {
  return index + 1 < opened.decisions_size() && WasAppealed(opened, index) &&
         opened.decisions(index).outcome() !=
             opened.decisions(index + 1).outcome();
}

}  // namespace

void ReviewerCounter::AddDecision(const v1::Decision& decision) {
  if (!period_.Has(TimeOf(decision.time()))) return;
  const int64_t micros = TimeUtil::TimestampToMicroseconds(decision.time());
  if (!counted_.emplace(decision.reviewer(), micros).second) return;
  Counted& counted = reviewers_[decision.reviewer()];
  counted.figures.set_decisions(counted.figures.decisions() + 1);
  if (decision.has_taken()) {
    counted.times.push_back(
        absl::Microseconds(TimeUtil::DurationToMicroseconds(decision.taken())));
  }
}

void ReviewerCounter::AddReviews(const v1::Case& opened) {
  for (const v1::Decision& review : opened.reviews()) AddDecision(review);
  if (opened.reviews_size() != 2) return;
  const bool agreed =
      opened.reviews(0).outcome() == opened.reviews(1).outcome();
  for (const v1::Decision& review : opened.reviews()) {
    if (!period_.Has(TimeOf(review.time()))) continue;
    v1::ReviewerFigures& figures = reviewers_[review.reviewer()].figures;
    figures.set_reviewed_twice(figures.reviewed_twice() + 1);
    figures.set_agreed(figures.agreed() + (agreed ? 1 : 0));
  }
}

void ReviewerCounter::Add(const v1::Case& opened) {
  AddReviews(opened);
  for (int i = 0; i < opened.decisions_size(); ++i) {
    const v1::Decision& decision = opened.decisions(i);
    AddDecision(decision);
    // An appeal is decided in the case that has it, which is one alone.
    if (!WasReversed(opened, i) || !period_.Has(TimeOf(decision.time()))) {
      continue;
    }
    v1::ReviewerFigures& figures = reviewers_[decision.reviewer()].figures;
    figures.set_reversed(figures.reversed() + 1);
  }
}

void ReviewerCounter::AddGolden(absl::string_view reviewer, bool right,
                                absl::Time answered) {
  if (!period_.Has(answered)) return;
  v1::ReviewerFigures& figures = reviewers_[std::string(reviewer)].figures;
  figures.set_golden(figures.golden() + 1);
  figures.set_golden_right(figures.golden_right() + (right ? 1 : 0));
}

v1::ReviewerStatsReply ReviewerCounter::Finish() const {
  v1::ReviewerStatsReply reply;
  for (const auto& [name, counted] : reviewers_) {
    v1::ReviewerFigures& figures = *reply.add_reviewers();
    figures = counted.figures;
    figures.set_reviewer(name);
    if (counted.times.empty()) continue;
    std::vector<absl::Duration> times = counted.times;
    std::sort(times.begin(), times.end());
    *figures.mutable_median_time() = TimeUtil::MicrosecondsToDuration(
        absl::ToInt64Microseconds(NearestRank(times, 0.5)));
  }
  return reply;
}

}  // namespace lenscap
