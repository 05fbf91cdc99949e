#include "takedown/trends.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "takedown/campaign.h"
#include "takedown/case_record.h"
#include "takedown/event_search.h"

namespace lenscap {
namespace {

constexpr int kPage = 1000;
constexpr int kMaxPages = 1000;
// A decision is undone within minutes of it.
constexpr absl::Duration kUndoneWithin = absl::Hours(1);
constexpr char kSystem[] = "system";

class TrendCounter {
 public:
  explicit TrendCounter(const TrendPeriod& period) : period_(period) {
    for (absl::Time start = period.start; start < period.end;
         start += period.step) {
      *reply_.add_trends()->mutable_start() = ToTimestamp(start);
    }
  }

  void Add(const v1::CaseEvent& event) {
    v1::Trend* const trend = TrendAt(TimeOf(event.time()));
    switch (event.kind()) {
      case v1::CaseEvent::KIND_OPENED:
        if (trend != nullptr) trend->set_opened(trend->opened() + 1);
        break;
      case v1::CaseEvent::KIND_APPEALED:
        if (trend != nullptr && event.reopened_by() != kSystem) {
          trend->set_appealed(trend->appealed() + 1);
        }
        break;
      case v1::CaseEvent::KIND_DECIDED:
        AddDecision(event.decision(), 1);
        break;
      case v1::CaseEvent::KIND_UNDONE:
        AddDecision(event.decision(), -1);
        break;
      default:
        break;
    }
  }

  v1::TrendsReply Take() { return std::move(reply_); }

 private:
  // At the time of the decision itself, so that what is undone is taken from
  // where it was counted.
  void AddDecision(const v1::Decision& decision, int count) {
    v1::Trend* const trend = TrendAt(TimeOf(decision.time()));
    if (trend == nullptr) return;
    if (decision.outcome() == v1::Decision::OUTCOME_REMOVE) {
      trend->set_removed(trend->removed() + count);
    } else {
      trend->set_kept(trend->kept() + count);
    }
  }

  // Null outside of the period.
  v1::Trend* TrendAt(absl::Time time) {
    if (time < period_.start || time >= period_.end) return nullptr;
    absl::Duration rest;
    const int64_t step =
        absl::IDivDuration(time - period_.start, period_.step, &rest);
    return reply_.mutable_trends(static_cast<int>(step));
  }

  const TrendPeriod period_;
  v1::TrendsReply reply_;
};

}  // namespace

absl::StatusOr<v1::TrendsReply> CountTrends(const TakedownQueue& cases,
                                            const TrendPeriod& period) {
  TrendCounter counter(period);
  ASSIGN_OR_RETURN(uint64_t after, PlaceBefore(cases, period.start));
  for (int page = 0; page < kMaxPages; ++page) {
    ASSIGN_OR_RETURN(const auto events,
                     cases.Events(after, kPage, absl::ZeroDuration()));
    for (const v1::CaseEvent& event : events) {
      // What is undone after the end may have been decided before it.
      if (TimeOf(event.time()) >= period.end + kUndoneWithin) {
        return counter.Take();
      }
      counter.Add(event);
      after = event.sequence();
    }
    if (events.size() < kPage) return counter.Take();
  }
  return absl::ResourceExhaustedError(
      "start: more than a million events are of this period; ask for less");
}

}  // namespace lenscap
