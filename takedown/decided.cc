#include "takedown/decided.h"

#include <algorithm>
#include <utility>

#include "takedown/queue.h"

namespace lenscap {
namespace {

bool IsOn(const v1::Decision& decision, const v1::CaseUpload& upload,
          bool undecided) {
  const auto& named = decision.content_ids();
  if (named.empty()) {
    return undecided && upload.number() <= decision.through();
  }
  return std::find(named.begin(), named.end(), upload.content_id()) !=
         named.end();
}

}  // namespace

DecisionsOn FindDecisions(const v1::Case& opened,
                          const v1::CaseUpload& recorded) {
  DecisionsOn found;
  found.undecided = recorded.decisions().empty();
  int round = recorded.joined_round();
  const auto put_up_again = [&](int decisions) {
    while (round < opened.rounds_size() && opened.rounds(round) <= decisions) {
      found.undecided = true;
      ++round;
    }
  };
  for (int i = 0; i < opened.decisions_size(); ++i) {
    put_up_again(i);
    if (!IsOn(opened.decisions(i), recorded, found.undecided)) continue;
    found.places.push_back(i);
    found.undecided = false;
  }
  put_up_again(opened.decisions_size());
  return found;
}

v1::CaseUpload WithDecisions(const v1::Case& opened, v1::CaseUpload recorded) {
  const DecisionsOn found = FindDecisions(opened, recorded);
  for (const int place : found.places) {
    *recorded.add_decisions() = opened.decisions(place);
  }
  return recorded;
}

bool IsDecided(const v1::Case& opened, const v1::CaseUpload& recorded) {
  return !FindDecisions(opened, recorded).undecided;
}

v1::CaseUpload AsRecorded(v1::CaseUpload upload) {
  if (!upload.inherited()) {
    upload.clear_decisions();
  } else if (upload.decisions_size() > 1) {
    upload.mutable_decisions()->DeleteSubrange(1, upload.decisions_size() - 1);
  }
  return upload;
}

bool IsKept(const v1::Case& opened, const v1::CaseUpload& upload) {
  return IsDecided(opened, AsRecorded(upload)) &&
         upload.decisions().rbegin()->outcome() == v1::Decision::OUTCOME_KEEP;
}

v1::Case AsCase(const v1::Case& opened, const v1::CaseUpload& upload) {
  v1::Case alone;
  alone.set_case_id(TakedownQueue::CaseId(upload.content_id()));
  alone.set_content_id(upload.content_id());
  alone.set_account(upload.account());
  alone.set_group(upload.group());
  alone.set_tenant(upload.tenant());
  alone.set_platform_class(upload.platform_class());
  // Records of earlier versions have none: their case was of one kind.
  alone.set_kind(upload.kind() == v1::Case::KIND_UNSPECIFIED ? opened.kind()
                                                             : upload.kind());
  alone.set_priority(opened.priority());
  alone.set_state(IsDecided(opened, AsRecorded(upload))
                      ? v1::Case::STATE_DECIDED
                      : opened.state());
  alone.set_appeal(opened.appeal());
  alone.set_reopened_by(opened.reopened_by());
  alone.set_retrospective(
      upload.report().retrospective() ||
      (upload.content_id() == opened.content_id() && opened.retrospective()));
  *alone.mutable_opened() = upload.seen();
  *alone.mutable_report() = upload.report();
  if (upload.has_listing()) *alone.mutable_listing() = upload.listing();
  *alone.mutable_decisions() = upload.decisions();
  *alone.mutable_withdrawn_basis() = opened.withdrawn_basis();
  return alone;
}

}  // namespace lenscap
