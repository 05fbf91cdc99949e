#include "takedown/outcome_feed.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "takedown/outcome.h"

namespace lenscap {
namespace {

constexpr char kEventsMark[] = "events";
constexpr int kEventBatch = 100;
constexpr size_t kAppendBatch = 200;
constexpr int kUploadPage = 500;

v1::Outcome OutcomeOf(const DueHold& hold) {
  v1::Outcome outcome;
  outcome.set_id(absl::StrCat("out_hold_", hold.id));
  outcome.set_type(v1::Outcome::TYPE_DEADLINE);
  outcome.mutable_time()->set_seconds(absl::ToUnixSeconds(hold.deadline));
  outcome.set_tenant(hold.tenant);
  outcome.set_case_id(hold.case_id);
  outcome.set_fallback(hold.fallback);
  *outcome.add_uploads() = hold.upload;
  outcome.set_part(1);
  outcome.set_parts(1);
  return outcome;
}

}  // namespace

absl::StatusOr<bool> OutcomeFeed::CatchUp() {
  std::lock_guard lock(catching_up_);
  ASSIGN_OR_RETURN(const bool events, CatchUpEvents());
  ASSIGN_OR_RETURN(const bool holds, CatchUpHolds());
  return events || holds;
}

absl::StatusOr<bool> OutcomeFeed::CatchUpEvents() {
  ASSIGN_OR_RETURN(uint64_t after, log_->Mark(kEventsMark));
  uint64_t kept = after;
  bool told = false;
  std::vector<v1::Outcome> outcomes;
  const auto append = [&]() -> absl::Status {
    if (after == kept) return absl::OkStatus();
    RETURN_IF_ERROR(log_->Append(outcomes, {{kEventsMark, after}}));
    kept = after;
    told = told || !outcomes.empty();
    outcomes.clear();
    return absl::OkStatus();
  };
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<v1::CaseEvent> events,
                     cases_->Events(after, kEventBatch, absl::ZeroDuration()));
    for (const v1::CaseEvent& event : events) {
      if (EffectiveAt(event) > clock_->Now()) {
        RETURN_IF_ERROR(append());
        return told;
      }
      ASSIGN_OR_RETURN(std::vector<v1::Outcome> parts, OutcomesOf(event));
      outcomes.insert(outcomes.end(), std::make_move_iterator(parts.begin()),
                      std::make_move_iterator(parts.end()));
      after = event.sequence();
      if (outcomes.size() >= kAppendBatch) RETURN_IF_ERROR(append());
    }
    RETURN_IF_ERROR(append());
    if (events.empty()) return told;
  }
}

absl::StatusOr<std::vector<v1::Outcome>> OutcomeFeed::OutcomesOf(
    const v1::CaseEvent& event) const {
  std::vector<v1::Outcome> none;
  if (!IsTold(event.kind())) return none;
  const absl::StatusOr<v1::Case> subject = cases_->Get(event.case_id());
  // Purged meanwhile: nobody can be told whose uploads it was about.
  if (absl::IsNotFound(subject.status())) return none;
  RETURN_IF_ERROR(subject.status());
  switch (event.kind()) {
    case v1::CaseEvent::KIND_DECIDED: {
      const int version = VersionOf(event, *subject);
      if (version == 0) return none;  // Undone.
      return OnPages(event, *subject, version, [&](const std::string& cursor) {
        return cases_->UploadsDecided(event.case_id(), version, cursor,
                                      kUploadPage);
      });
    }
    case v1::CaseEvent::KIND_APPEALED:
      return OnPages(event, *subject, VersionAt(event, *subject),
                     [&](const std::string& cursor) {
                       return cases_->Uploads(event.case_id(), cursor,
                                              kUploadPage, /*undecided=*/false);
                     });
    default:
      return OnOne(event, *subject);
  }
}

// On all uploads of the pages that were decided on.
absl::StatusOr<std::vector<v1::Outcome>> OutcomeFeed::OnPages(
    const v1::CaseEvent& event, const v1::Case& subject, int version,
    const PageAfter& page_after) const {
  OutcomeParts parts(&event, &subject, version);
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const TakedownQueue::UploadPage page, page_after(cursor));
    for (const v1::CaseUpload& upload : page.uploads) {
      if (!upload.decisions().empty()) parts.Add(upload);
    }
    cursor = page.next;
  } while (!cursor.empty());
  return parts.Take();
}

// On the upload that the event names.
absl::StatusOr<std::vector<v1::Outcome>> OutcomeFeed::OnOne(
    const v1::CaseEvent& event, const v1::Case& subject) const {
  const absl::StatusOr<v1::CaseUpload> upload =
      cases_->Upload(event.content_id());
  if (absl::IsNotFound(upload.status())) return std::vector<v1::Outcome>();
  RETURN_IF_ERROR(upload.status());
  int version = VersionAt(event, subject);
  if (event.kind() == v1::CaseEvent::KIND_JOINED) {
    version = InheritedVersionOf(event, subject, *upload);
    if (version == 0) return std::vector<v1::Outcome>();
  }
  OutcomeParts parts(&event, &subject, version);
  parts.Add(*upload);
  return parts.Take();
}

absl::StatusOr<bool> OutcomeFeed::CatchUpHolds() {
  if (!holds_.due) return false;
  ASSIGN_OR_RETURN(const std::vector<DueHold> due, holds_.due(clock_->Now()));
  for (const DueHold& hold : due) {
    RETURN_IF_ERROR(log_->Append({OutcomeOf(hold)}, {}));
    RETURN_IF_ERROR(holds_.told(hold));
  }
  return !due.empty();
}

}  // namespace lenscap
