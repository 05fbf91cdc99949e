#include "takedown/compliance.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"
#include "takedown/clocks.h"
#include "takedown/quantile.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNamed = 100;

google::protobuf::Duration InMicros(absl::Duration duration) {
  return google::protobuf::util::TimeUtil::MicrosecondsToDuration(
      absl::ToInt64Microseconds(duration));
}

// The oldest, each once.
std::vector<std::string> OldestOf(
    std::vector<std::pair<absl::Time, std::string>> missed) {
  std::sort(missed.begin(), missed.end());
  std::vector<std::string> named;
  for (auto& [start, case_id] : missed) {
    if (named.size() == kMaxNamed) break;
    if (std::find(named.begin(), named.end(), case_id) == named.end()) {
      named.push_back(std::move(case_id));
    }
  }
  return named;
}

}  // namespace

ComplianceCounter::ComplianceCounter(Period period, v1::CaseFilter filter,
                                     JurisdictionsOf jurisdictions_of,
                                     absl::Time now)
    : period_(period),
      filter_(std::move(filter)),
      jurisdictions_of_(std::move(jurisdictions_of)),
      now_(now) {}

void ComplianceCounter::Add(const v1::Case& opened) {
  if (!Apply(filter_, opened, jurisdictions_of_).passes) return;
  for (const v1::Clock& clock : opened.clocks()) {
    if (period_.Has(TimeOf(clock.start()))) AddClock(opened, clock);
  }
}

void ComplianceCounter::AddClock(const v1::Case& opened,
                                 const v1::Clock& clock) {
  Counted& counted = clocks_[clock.name()];
  v1::ClockFigures& figures = counted.figures;
  if (clock.has_met()) {
    counted.times.push_back(TimeOf(clock.met()) - TimeOf(clock.start()));
  }
  if (IsMissed(clock, now_)) {
    figures.set_missed(figures.missed() + 1);
    counted.missed.emplace_back(TimeOf(clock.start()), opened.case_id());
  } else if (clock.has_met()) {
    figures.set_met(figures.met() + 1);
  } else {
    figures.set_running(figures.running() + 1);
  }
}

v1::ComplianceReply ComplianceCounter::Finish() const {
  v1::ComplianceReply reply;
  for (const auto& [name, counted] : clocks_) {
    v1::ClockFigures& figures = *reply.add_clocks();
    figures = counted.figures;
    figures.set_name(name);
    for (std::string& case_id : OldestOf(counted.missed)) {
      figures.add_missed_case_ids(std::move(case_id));
    }
    if (counted.times.empty()) continue;
    std::vector<absl::Duration> times = counted.times;
    std::sort(times.begin(), times.end());
    *figures.mutable_median() = InMicros(NearestRank(times, 0.5));
    *figures.mutable_p95() = InMicros(NearestRank(times, 0.95));
  }
  return reply;
}

}  // namespace lenscap
