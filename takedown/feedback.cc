#include "takedown/feedback.h"

#include <set>

#include "base/status_macros.h"
#include "takedown/campaign.h"

namespace lenscap {
namespace {

// Events that one page looks at.
constexpr int kEventsAtATime = 1000;

void AddFeedback(const v1::Case& decided, const v1::Decision& decision,
                 absl::string_view list_id, std::vector<Feedback>& feedback) {
  std::set<std::string> told;
  for (const v1::ClipMatch& match : decided.report().matches()) {
    if (match.list_id() != list_id ||
        match.kind() == v1::ClipMatch::KIND_SAME_SCENE ||
        !told.insert(match.entry_id()).second) {
      continue;
    }
    feedback.push_back(
        {.entry_id = match.entry_id(),
         .signed_version = match.signed_version(),
         .upheld = decision.outcome() == v1::Decision::OUTCOME_REMOVE,
         .reason = decision.feedback(),
         .decided = TimeOf(decision.time())});
  }
}

}  // namespace

absl::StatusOr<FeedbackPage> FeedbackOn(const TakedownQueue& cases,
                                        absl::string_view list_id,
                                        uint64_t after, int limit) {
  FeedbackPage page;
  page.next = after;
  ASSIGN_OR_RETURN(const auto events,
                   cases.Events(after, kEventsAtATime, absl::ZeroDuration()));
  page.more = events.size() == kEventsAtATime;
  for (const v1::CaseEvent& event : events) {
    if (page.feedback.size() >= static_cast<size_t>(limit)) {
      page.more = true;
      break;
    }
    page.next = event.sequence();
    if (!event.has_decision()) continue;
    const auto decided = cases.Get(event.case_id());
    if (absl::IsNotFound(decided.status())) continue;  // Purged since.
    RETURN_IF_ERROR(decided.status());
    AddFeedback(*decided, event.decision(), list_id, page.feedback);
  }
  return page;
}

}  // namespace lenscap
