#include "takedown/case_event.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

// The last decision up to `time`; each decision was made just before the event
// that tells of it.
std::optional<v1::Decision> DecisionAt(const v1::Case& decided,
                                       absl::Time time) {
  const auto micros = [](const google::protobuf::Timestamp& timestamp) {
    return timestamp.seconds() * 1'000'000 + timestamp.nanos() / 1000;
  };
  std::optional<v1::Decision> found;
  for (const v1::Decision& decision : decided.decisions()) {
    if (!found || micros(decision.time()) <= absl::ToUnixMicros(time)) {
      found = decision;
    }
  }
  return found;
}

v1::CaseEvent::Kind ToCaseEventKind(LeaseQueue::EventKind kind) {
  switch (kind) {
    case LeaseQueue::EventKind::kSubmitted:
      return v1::CaseEvent::KIND_OPENED;
    case LeaseQueue::EventKind::kSettled:
      return v1::CaseEvent::KIND_DECIDED;
    case LeaseQueue::EventKind::kReopened:
      return v1::CaseEvent::KIND_APPEALED;
    case LeaseQueue::EventKind::kDead:
      return v1::CaseEvent::KIND_DEAD_LETTER;
    case LeaseQueue::EventKind::kRevised:
      break;  // Always with a detail.
  }
  return v1::CaseEvent::KIND_UNSPECIFIED;
}

}  // namespace

std::string EventDetail(v1::CaseEvent told) {
  told.clear_sequence();
  told.clear_case_id();
  told.clear_time();
  return told.SerializeAsString();
}

absl::StatusOr<v1::CaseEvent> ToCaseEvent(const LeaseQueue::Event& event,
                                          const LeaseQueue::Item* item) {
  v1::CaseEvent told;
  if (!event.detail.empty()) {
    if (!told.ParseFromString(event.detail)) {
      return absl::DataLossError(absl::StrCat(
          "the event ", event.sequence,
          " is damaged: restore the data directory from a backup"));
    }
    told.set_sequence(event.sequence);
    told.set_case_id(event.id);
    *told.mutable_time() = ToTimestamp(event.time);
    return told;
  }
  told.set_sequence(event.sequence);
  told.set_kind(ToCaseEventKind(event.kind));
  told.set_case_id(event.id);
  *told.mutable_time() = ToTimestamp(event.time);
  if (item == nullptr) return told;
  ASSIGN_OR_RETURN(const v1::Case subject, DecodeCase(*item));
  told.set_content_id(subject.content_id());
  if (told.kind() == v1::CaseEvent::KIND_OPENED) {
    told.set_advised(subject.report().verdict().action());
  }
  if (told.kind() == v1::CaseEvent::KIND_DECIDED) {
    const auto decision = DecisionAt(subject, event.time);
    if (decision) *told.mutable_decision() = *decision;
  }
  if (told.kind() == v1::CaseEvent::KIND_APPEALED) {
    told.set_reopened_by(subject.reopened_by());
    told.set_appeal(subject.appeal());
  }
  return told;
}

}  // namespace lenscap
