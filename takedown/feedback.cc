#include "takedown/feedback.h"

#include <set>

#include "base/status_macros.h"
#include "takedown/campaign.h"

namespace lenscap {
namespace {

// Events that one page looks at.
constexpr int kEventsAtATime = 1000;
constexpr int kUploadsAtATime = 1000;

// Of the report of an upload that the decision is on; each entry once.
void AddFeedback(const v1::ScanReport& report, const v1::Decision& decision,
                 absl::string_view list_id, std::set<std::string>& told,
                 std::vector<Feedback>& feedback) {
  for (const v1::ClipMatch& match : report.matches()) {
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

// Of all uploads that the decision of the event is on, unless it was undone.
absl::Status AddDecided(const TakedownQueue& cases, const v1::CaseEvent& event,
                        absl::string_view list_id,
                        std::vector<Feedback>& feedback) {
  const auto decided = cases.Get(event.case_id());
  if (absl::IsNotFound(decided.status())) return absl::OkStatus();  // Purged.
  RETURN_IF_ERROR(decided.status());
  std::set<std::string> told;
  if (event.version() == 0) {  // Of a version that had one upload in a case.
    AddFeedback(decided->report(), event.decision(), list_id, told, feedback);
    return absl::OkStatus();
  }
  if (event.version() > decided->decisions_size() ||
      TimeOf(decided->decisions(event.version() - 1).time()) !=
          TimeOf(event.decision().time())) {
    return absl::OkStatus();
  }
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page,
                     cases.UploadsDecided(event.case_id(), event.version(),
                                          after, kUploadsAtATime));
    for (const v1::CaseUpload& upload : page.uploads) {
      AddFeedback(upload.report(), event.decision(), list_id, told, feedback);
    }
    after = page.next;
  } while (!after.empty());
  return absl::OkStatus();
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
    if (event.kind() != v1::CaseEvent::KIND_DECIDED) continue;
    RETURN_IF_ERROR(AddDecided(cases, event, list_id, page.feedback));
  }
  return page;
}

}  // namespace lenscap
