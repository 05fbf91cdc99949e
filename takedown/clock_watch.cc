#include "takedown/clock_watch.h"

#include "base/status_macros.h"
#include "takedown/clocks.h"
#include "takedown/event_search.h"

namespace lenscap {
namespace {

constexpr int kPage = 500;
constexpr int kWarningsAtATime = 1000;

}  // namespace

void ClockWatch::Note(const v1::Case& opened) {
  const bool is_open = opened.state() == v1::Case::STATE_WAITING ||
                       opened.state() == v1::Case::STATE_LEASED;
  const absl::Time next =
      is_open ? NextAlert(options_.policy, opened) : absl::InfiniteFuture();
  const auto known = next_.find(opened.case_id());
  if (known != next_.end()) {
    due_.erase({known->second, known->first});
    next_.erase(known);
  }
  if (next == absl::InfiniteFuture()) return;
  next_.emplace(opened.case_id(), next);
  due_.emplace(next, opened.case_id());
}

absl::Status ClockWatch::ReadOpenCases() {
  // First the place, then the cases: what happens in between is read twice.
  ASSIGN_OR_RETURN(after_,
                   PlaceBefore(*options_.cases, absl::InfiniteFuture()));
  for (const v1::Case::State state :
       {v1::Case::STATE_LEASED, v1::Case::STATE_WAITING,
        v1::Case::STATE_LEASED}) {
    std::string place;
    do {
      ASSIGN_OR_RETURN(const TakedownQueue::Page page,
                       options_.cases->List(state, place, kPage));
      for (const v1::Case& opened : page.cases) Note(opened);
      place = page.next;
    } while (!place.empty());
  }
  began_ = true;
  return absl::OkStatus();
}

absl::Status ClockWatch::Look(const std::string& case_id) {
  const absl::StatusOr<v1::Case> opened = options_.cases->Get(case_id);
  if (opened.ok()) {
    Note(*opened);
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(opened.status()) &&
      !absl::IsDataLoss(opened.status())) {
    return opened.status();
  }
  v1::Case gone;
  gone.set_case_id(case_id);
  Note(gone);
  return absl::OkStatus();
}

absl::Status ClockWatch::CatchUp() {
  while (true) {
    ASSIGN_OR_RETURN(
        const auto events,
        options_.cases->Events(after_, kPage, absl::ZeroDuration()));
    std::set<std::string> changed;
    for (const v1::CaseEvent& event : events) changed.insert(event.case_id());
    for (const std::string& case_id : changed) RETURN_IF_ERROR(Look(case_id));
    if (events.empty()) return absl::OkStatus();
    after_ = events.back().sequence();
  }
}

absl::Status ClockWatch::Tick() {
  if (!began_) RETURN_IF_ERROR(ReadOpenCases());
  RETURN_IF_ERROR(CatchUp());
  const absl::Time now = options_.clock->Now();
  for (int i = 0; i < kWarningsAtATime && !due_.empty(); ++i) {
    const auto [next, case_id] = *due_.begin();
    if (next > now) break;
    const absl::StatusOr<v1::Case> warned = options_.cases->Alert(case_id);
    // Decided, purged or warned of meanwhile: it is as it says now.
    if (absl::IsFailedPrecondition(warned.status()) ||
        absl::IsNotFound(warned.status())) {
      RETURN_IF_ERROR(Look(case_id));
      if (next_.contains(case_id) && next_[case_id] <= now) {
        return warned.status();  // Not to go round in a circle.
      }
      continue;
    }
    RETURN_IF_ERROR(warned.status());
    ++given_;
    Note(*warned);
  }
  return absl::OkStatus();
}

}  // namespace lenscap
