#include "takedown/clocks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "takedown/case_record.h"
#include "takedown/review_policy.h"

namespace lenscap {
namespace {

constexpr int kMaxClocksOfCase = 256;
// Before it no report was made: 2000-01-01. An absurd time of a caller's must
// not make a deadline that no clock can hold.
const absl::Time kEarliest = absl::FromUnixSeconds(946'684'800);

bool Runs(const v1::Clock& clock) { return !clock.has_met(); }

bool Fits(const v1::ClockRule& rule, const v1::Case& waiting) {
  const auto& queues = rule.queues();
  return (queues.empty() || std::find(queues.begin(), queues.end(),
                                      waiting.queue()) != queues.end()) &&
         (rule.tenant().empty() || rule.tenant() == waiting.tenant());
}

std::optional<absl::Time> StartOf(const v1::ClockRule& rule,
                                  const ClockStarts& starts) {
  if (rule.start() == v1::ClockRule::START_DETECTION) return starts.detected;
  if (!starts.reported) return std::nullopt;
  // Nobody reports in the future.
  return std::clamp(*starts.reported, kEarliest,
                    std::max(kEarliest, starts.detected));
}

// Null where none of the rule's runs.
v1::Clock* RunningOf(const v1::ClockRule& rule, v1::Case& waiting) {
  for (v1::Clock& clock : *waiting.mutable_clocks()) {
    if (clock.name() == rule.name() && Runs(clock)) return &clock;
  }
  return nullptr;
}

// By deadline, and by name where these are equal.
void SortClocks(v1::Case& opened) {
  auto& clocks = *opened.mutable_clocks();
  std::stable_sort(clocks.begin(), clocks.end(),
                   [](const v1::Clock& a, const v1::Clock& b) {
                     const absl::Time one = FromTimestamp(a.deadline());
                     const absl::Time other = FromTimestamp(b.deadline());
                     return one != other ? one < other : a.name() < b.name();
                   });
}

void DropOldest(v1::Case& opened) {
  auto& clocks = *opened.mutable_clocks();
  while (clocks.size() > kMaxClocksOfCase) {
    const auto oldest =
        std::min_element(clocks.begin(), clocks.end(),
                         [](const v1::Clock& a, const v1::Clock& b) {
                           const auto met = [](const v1::Clock& clock) {
                             return Runs(clock) ? absl::InfiniteFuture()
                                                : FromTimestamp(clock.met());
                           };
                           return met(a) < met(b);
                         });
    clocks.erase(oldest);
  }
}

const v1::ClockRule* RuleOf(const v1::ReviewPolicy& policy,
                            const v1::Clock& clock) {
  for (const v1::ClockRule& rule : policy.clocks()) {
    if (rule.name() == clock.name()) return &rule;
  }
  return nullptr;
}

// When warnings of the clock are due, in no order, in whole microseconds as
// the time of the last one is kept.
std::vector<absl::Time> AlertTimes(const v1::ReviewPolicy& policy,
                                   const v1::Clock& clock) {
  const absl::Time deadline = FromTimestamp(clock.deadline());
  std::vector<absl::Time> times = {deadline};
  if (const v1::ClockRule* const rule = RuleOf(policy, clock)) {
    for (const auto& before : rule->alert_before()) {
      times.push_back(FromTimestamp(ToTimestamp(deadline - LengthOf(before))));
    }
  }
  return times;
}

bool WasGiven(absl::Time alert, const v1::Clock& clock) {
  return clock.has_alerted() && alert <= FromTimestamp(clock.alerted());
}

absl::Time NextAlertOf(const v1::ReviewPolicy& policy, const v1::Clock& clock) {
  absl::Time next = absl::InfiniteFuture();
  if (!Runs(clock)) return next;
  for (const absl::Time alert : AlertTimes(policy, clock)) {
    if (!WasGiven(alert, clock)) next = std::min(next, alert);
  }
  return next;
}

int BoostOf(const v1::Clock& clock) {
  if (!Runs(clock) || !clock.has_alerted()) return 0;
  const absl::Time start = FromTimestamp(clock.start());
  const double share =
      absl::FDivDuration(FromTimestamp(clock.alerted()) - start,
                         FromTimestamp(clock.deadline()) - start);
  return static_cast<int>(kMaxClockBoost * std::clamp(share, 0.0, 1.0));
}

}  // namespace

void StartClocks(const v1::ReviewPolicy& policy, const ClockStarts& starts,
                 v1::Case& waiting) {
  for (const v1::ClockRule& rule : policy.clocks()) {
    const auto start = StartOf(rule, starts);
    if (!start || !Fits(rule, waiting)) continue;
    v1::Clock* const running = RunningOf(rule, waiting);
    if (running != nullptr && FromTimestamp(running->start()) <= *start)
      continue;
    v1::Clock& clock = running != nullptr ? *running : *waiting.add_clocks();
    clock.set_name(rule.name());
    *clock.mutable_start() = ToTimestamp(*start);
    *clock.mutable_deadline() = ToTimestamp(*start + LengthOf(rule.limit()));
  }
  DropOldest(waiting);
  SortClocks(waiting);
}

void MeetClocks(absl::Time decided, v1::Case& settled) {
  for (v1::Clock& clock : *settled.mutable_clocks()) {
    if (Runs(clock)) *clock.mutable_met() = ToTimestamp(decided);
  }
}

void ResumeClocks(absl::Time decided, v1::Case& undone) {
  const absl::Time met = FromTimestamp(ToTimestamp(decided));
  for (v1::Clock& clock : *undone.mutable_clocks()) {
    if (clock.has_met() && FromTimestamp(clock.met()) == met) clock.clear_met();
  }
}

absl::Time NextAlert(const v1::ReviewPolicy& policy, const v1::Case& waiting) {
  absl::Time next = absl::InfiniteFuture();
  for (const v1::Clock& clock : waiting.clocks()) {
    next = std::min(next, NextAlertOf(policy, clock));
  }
  return next;
}

std::optional<v1::Clock> GiveAlert(const v1::ReviewPolicy& policy,
                                   absl::Time now, v1::Case& waiting) {
  for (v1::Clock& clock : *waiting.mutable_clocks()) {
    if (NextAlertOf(policy, clock) > now) continue;
    *clock.mutable_alerted() = ToTimestamp(now);
    return clock;
  }
  return std::nullopt;
}

int ClockBoost(const v1::Case& waiting) {
  int boost = 0;
  for (const v1::Clock& clock : waiting.clocks()) {
    boost = std::max(boost, BoostOf(clock));
  }
  return boost;
}

absl::Time NextDeadline(const v1::Case& waiting) {
  absl::Time next = absl::InfiniteFuture();
  for (const v1::Clock& clock : waiting.clocks()) {
    if (Runs(clock)) next = std::min(next, FromTimestamp(clock.deadline()));
  }
  return next;
}

bool IsMissed(const v1::Clock& clock, absl::Time now) {
  const absl::Time end = Runs(clock) ? now : FromTimestamp(clock.met());
  return end > FromTimestamp(clock.deadline());
}

}  // namespace lenscap
