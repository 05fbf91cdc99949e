#include "takedown/outcome.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

bool SameDecision(const v1::Decision& one, const v1::Decision& other) {
  return TimeOf(one.time()) == TimeOf(other.time()) &&
         one.outcome() == other.outcome() && one.reviewer() == other.reviewer();
}

// The number of this decision within the case; 0 where it has none such.
int FindVersion(const v1::Decision& decision, const v1::Case& subject) {
  const auto& decisions = subject.decisions();
  for (int i = decisions.size(); i > 0; --i) {
    if (SameDecision(decisions[i - 1], decision)) return i;
  }
  return 0;
}

// The decision on the upload that held before this one; null where none did.
const v1::Decision* DecisionBefore(const v1::Decision& decision,
                                   const v1::CaseUpload& upload) {
  const auto& decisions = upload.decisions();
  for (int i = decisions.size() - 1; i >= 0; --i) {
    if (SameDecision(decisions[i], decision)) {
      return i == 0 ? nullptr : &decisions[i - 1];
    }
  }
  return nullptr;
}

// How many of the decisions, oldest first, were made by the time of the event.
int DecisionsBy(
    const google::protobuf::RepeatedPtrField<v1::Decision>& decisions,
    const v1::CaseEvent& event) {
  return static_cast<int>(std::count_if(
      decisions.begin(), decisions.end(), [&event](const v1::Decision& one) {
        return TimeOf(one.time()) <= TimeOf(event.time());
      }));
}

// What an event means for every upload alike; unspecified where that depends on
// the upload, or platforms are told nothing.
v1::Outcome::Type CommonType(v1::CaseEvent::Kind kind) {
  switch (kind) {
    case v1::CaseEvent::KIND_APPEALED:
      return v1::Outcome::TYPE_REOPENED;
    case v1::CaseEvent::KIND_CLOCK:
      return v1::Outcome::TYPE_CLOCK;
    default:
      return v1::Outcome::TYPE_UNSPECIFIED;
  }
}

}  // namespace

bool IsTold(v1::CaseEvent::Kind kind) {
  return kind == v1::CaseEvent::KIND_DECIDED ||
         kind == v1::CaseEvent::KIND_JOINED ||
         CommonType(kind) != v1::Outcome::TYPE_UNSPECIFIED;
}

int VersionOf(const v1::CaseEvent& event, const v1::Case& subject) {
  const auto& decisions = subject.decisions();
  if (event.version() > 0) {
    const int version = event.version();
    const bool stands =
        version <= decisions.size() && TimeOf(decisions[version - 1].time()) ==
                                           TimeOf(event.decision().time());
    return stands ? version : 0;
  }
  return FindVersion(event.decision(), subject);
}

int InheritedVersionOf(const v1::CaseEvent& event, const v1::Case& subject,
                       const v1::CaseUpload& upload) {
  const auto& decisions = upload.decisions();
  if (!event.has_decision() ||
      std::none_of(decisions.begin(), decisions.end(),
                   [&event](const v1::Decision& decision) {
                     return SameDecision(decision, event.decision());
                   })) {
    return 0;
  }
  // Another case may have decided on the same file.
  const int version = FindVersion(event.decision(), subject);
  return version > 0 ? version : event.version();
}

int VersionAt(const v1::CaseEvent& event, const v1::Case& subject) {
  return DecisionsBy(subject.decisions(), event);
}

absl::Time EffectiveAt(const v1::CaseEvent& event) {
  return TimeOf(event.has_effective() ? event.effective() : event.time());
}

v1::Outcome::Type OutcomeTypeOf(const v1::Decision& decision,
                                const v1::CaseUpload& upload) {
  const v1::Decision* const before = DecisionBefore(decision, upload);
  const bool was_removed =
      before != nullptr
          ? before->outcome() == v1::Decision::OUTCOME_REMOVE
          : upload.report().verdict().action() == v1::ACTION_BLOCK;
  const bool was_kept =
      before != nullptr && before->outcome() == v1::Decision::OUTCOME_KEEP;
  if (decision.outcome() == v1::Decision::OUTCOME_KEEP && was_removed) {
    return v1::Outcome::TYPE_RESTORED;
  }
  if (decision.outcome() == v1::Decision::OUTCOME_REMOVE && was_kept) {
    return v1::Outcome::TYPE_REVERSED;
  }
  return v1::Outcome::TYPE_DECIDED;
}

void OutcomeParts::Add(const v1::CaseUpload& upload) {
  Meaning meaning = {CommonType(event_->kind()), event_->decision().outcome()};
  if (meaning.first == v1::Outcome::TYPE_UNSPECIFIED) {
    meaning.first = OutcomeTypeOf(event_->decision(), upload);
  } else if (meaning.first == v1::Outcome::TYPE_REOPENED &&
             DecisionsBy(upload.decisions(), *event_) > 0) {
    // What holds until it is decided again, whatever came since.
    const int held = DecisionsBy(upload.decisions(), *event_);
    meaning.second = upload.decisions(held - 1).outcome();
  }
  v1::UploadName& name = names_[meaning].emplace_back();
  name.set_content_id(upload.content_id());
  name.set_account(upload.account());
  name.set_group(upload.group());
}

v1::Outcome OutcomeParts::NewPart(const Meaning& meaning) const {
  v1::Outcome part;
  part.set_type(meaning.first);
  *part.mutable_time() = event_->time();
  part.set_tenant(subject_->tenant());
  part.set_case_id(event_->case_id());
  part.set_version(version_);
  part.set_outcome(meaning.second);
  if (event_->has_clock()) *part.mutable_clock() = event_->clock();
  return part;
}

std::vector<v1::Outcome> OutcomeParts::Take() {
  std::vector<v1::Outcome> parts;
  for (auto& [meaning, names] : names_) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (i % kMaxOutcomeUploads == 0) parts.push_back(NewPart(meaning));
      *parts.back().add_uploads() = std::move(names[i]);
    }
  }
  // A decision has a number within its case, what else happens has one among
  // all events.
  const bool of_version = event_->kind() == v1::CaseEvent::KIND_DECIDED;
  const std::string event = of_version ? absl::StrCat("v", version_)
                                       : absl::StrCat("s", event_->sequence());
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i].set_part(static_cast<int>(i) + 1);
    parts[i].set_parts(static_cast<int>(parts.size()));
    parts[i].set_id(
        absl::StrCat("out_", event_->case_id(), "_", event, "_", i + 1));
  }
  return parts;
}

}  // namespace lenscap
