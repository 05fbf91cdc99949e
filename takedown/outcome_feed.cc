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

// Calls `add` with the uploads of each page that `page_after` has.
template <typename PageAfter, typename Add>
absl::Status ForEachPage(const PageAfter& page_after, const Add& add) {
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const TakedownQueue::UploadPage page, page_after(cursor));
    for (const v1::CaseUpload& upload : page.uploads) add(upload);
    cursor = page.next;
  } while (!cursor.empty());
  return absl::OkStatus();
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
  const bool decides = event.has_decision();
  if (!decides && event.kind() != v1::CaseEvent::KIND_APPEALED &&
      event.kind() != v1::CaseEvent::KIND_CLOCK) {
    return std::vector<v1::Outcome>();
  }
  const absl::StatusOr<v1::Case> subject = cases_->Get(event.case_id());
  // Purged meanwhile: nobody can be told whose uploads it was about.
  if (absl::IsNotFound(subject.status())) return std::vector<v1::Outcome>();
  RETURN_IF_ERROR(subject.status());
  const int version = VersionOf(event, *subject);
  if (decides && version == 0) return std::vector<v1::Outcome>();  // Undone.
  OutcomeParts parts(&event, &*subject, version);
  RETURN_IF_ERROR(AddUploads(
      event, version,
      [&parts](const v1::CaseUpload& upload) { parts.Add(upload); }));
  return parts.Take();
}

// Those that the event is about: the one that it names where it is of one
// alone, else those that the decision is on, else those that were decided.
absl::Status OutcomeFeed::AddUploads(
    const v1::CaseEvent& event, int version,
    const std::function<void(const v1::CaseUpload&)>& add) const {
  if (event.kind() == v1::CaseEvent::KIND_JOINED ||
      event.kind() == v1::CaseEvent::KIND_CLOCK) {
    const absl::StatusOr<v1::CaseUpload> upload =
        cases_->Upload(event.content_id());
    if (absl::IsNotFound(upload.status())) return absl::OkStatus();
    RETURN_IF_ERROR(upload.status());
    add(*upload);
    return absl::OkStatus();
  }
  if (event.kind() == v1::CaseEvent::KIND_DECIDED) {
    return ForEachPage(
        [&](const std::string& cursor) {
          return cases_->UploadsDecided(event.case_id(), version, cursor,
                                        kUploadPage);
        },
        add);
  }
  return ForEachPage(
      [&](const std::string& cursor) {
        return cases_->Uploads(event.case_id(), cursor, kUploadPage,
                               /*undecided=*/false);
      },
      [&](const v1::CaseUpload& upload) {
        if (!upload.decisions().empty()) add(upload);
      });
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
