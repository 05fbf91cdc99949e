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

int VersionOf(const v1::CaseEvent& event, const v1::Case& subject) {
  if (!event.has_decision()) return 0;
  const auto& decisions = subject.decisions();
  if (event.version() > 0) {
    const int version = event.version();
    const bool stands =
        version <= decisions.size() && TimeOf(decisions[version - 1].time()) ==
                                           TimeOf(event.decision().time());
    return stands ? version : 0;
  }
  for (int i = decisions.size(); i > 0; --i) {
    if (SameDecision(decisions[i - 1], event.decision())) return i;
  }
  return 0;
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
  v1::Outcome::Type type = CommonType(event_->kind());
  if (type == v1::Outcome::TYPE_UNSPECIFIED) {
    type = OutcomeTypeOf(event_->decision(), upload);
  }
  v1::UploadName& name = names_[type].emplace_back();
  name.set_content_id(upload.content_id());
  name.set_account(upload.account());
  name.set_group(upload.group());
}

v1::Outcome OutcomeParts::NewPart(v1::Outcome::Type type) const {
  v1::Outcome part;
  part.set_type(type);
  *part.mutable_time() = event_->time();
  part.set_tenant(subject_->tenant());
  part.set_case_id(event_->case_id());
  part.set_version(version_);
  part.set_outcome(event_->decision().outcome());
  if (event_->has_clock()) *part.mutable_clock() = event_->clock();
  return part;
}

std::vector<v1::Outcome> OutcomeParts::Take() {
  std::vector<v1::Outcome> parts;
  for (size_t type = 0; type < names_.size(); ++type) {
    std::vector<v1::UploadName> names = std::move(names_[type]);
    for (size_t i = 0; i < names.size(); ++i) {
      if (i % kMaxOutcomeUploads == 0) {
        parts.push_back(NewPart(static_cast<v1::Outcome::Type>(type)));
      }
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
