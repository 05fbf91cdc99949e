// What puts a decision up to be made again: appeals, and lists that take back
// what a removal rested on.

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "takedown/case_event.h"
#include "takedown/case_record.h"
#include "takedown/clocks.h"
#include "takedown/decided.h"
#include "takedown/lane.h"
#include "takedown/local_queue_impl.h"

namespace lenscap {
namespace {

using Revision = LeaseQueue::Revision;

void PutUpAgain(v1::Case& opened) {
  opened.add_rounds(opened.decisions_size());
  opened.set_sure_undecided(opened.grouped_by() ==
                            v1::Case::GROUPED_BY_LIST_ENTRY);
  opened.mutable_reach()->set_undecided(opened.reach().uploads());
  opened.set_priority(
      std::min(kMaxCasePriority, opened.priority() + kAnswerRaises));
}

std::string ToldOfReopening(const v1::Case& reopened) {
  v1::CaseEvent told;
  told.set_kind(v1::CaseEvent::KIND_APPEALED);
  told.set_content_id(reopened.content_id());
  told.set_reopened_by(reopened.reopened_by());
  told.set_appeal(reopened.appeal());
  return EventDetail(std::move(told));
}

// The marks of `opened` on entries that are cited.
void SetMarks(const v1::Case& opened, const std::set<ListEntry>& cited,
              v1::Case& marked) {
  v1::Case kept;
  for (const v1::WithdrawnBasis& mark : opened.withdrawn_basis()) {
    if (cited.contains({mark.list_id(), mark.entry_id()})) {
      *kept.add_withdrawn_basis() = mark;
    }
  }
  *marked.mutable_withdrawn_basis() = kept.withdrawn_basis();
}

// A case of the same kind for uploads that leave `opened`, none of them yet.
v1::Case EmptyCaseLike(const v1::Case& opened, const v1::CaseUpload& first) {
  v1::Case split;
  // An upload leaves a case once.
  split.set_case_id(TakedownQueue::CaseId(
      absl::StrCat("apart\n", opened.case_id(), "\n", first.content_id())));
  split.set_content_id(first.content_id());
  split.set_account(first.account());
  split.set_group(first.group());
  split.set_tenant(opened.tenant());
  split.set_platform_class(first.platform_class());
  split.set_kind(first.kind() == v1::Case::KIND_UNSPECIFIED ? opened.kind()
                                                            : first.kind());
  split.set_language(opened.language());
  split.set_queue(opened.queue());
  split.set_grouped_by(v1::Case::GROUPED_BY_UPLOAD);
  split.set_shared(first.content_id());
  split.set_priority(opened.priority());
  split.set_retrospective(opened.retrospective() &&
                          first.content_id() == opened.content_id());
  split.set_appealed_case_id(opened.case_id());
  *split.mutable_report() = first.report();
  if (first.has_listing()) *split.mutable_listing() = first.listing();
  if (opened.has_reported()) *split.mutable_reported() = opened.reported();
  return split;
}

bool AreOneDecision(const v1::Decision& a, const v1::Decision& b) {
  return FromTimestamp(a.time()) == FromTimestamp(b.time()) &&
         a.reviewer() == b.reviewer() && a.outcome() == b.outcome() &&
         a.note() == b.note();
}

// Adds the decisions on an upload to those of its new case.
void AddDecisions(const v1::CaseUpload& decided, v1::Case& split) {
  for (const v1::Decision& decision : decided.decisions()) {
    auto& decisions = *split.mutable_decisions();
    auto found = std::find_if(
        decisions.begin(), decisions.end(),
        [&](const auto& other) { return AreOneDecision(other, decision); });
    if (found == decisions.end()) {
      v1::Decision& added = *decisions.Add();
      added = decision;
      added.clear_through();
      added.set_standing(false);
      added.clear_content_ids();
      found = std::prev(decisions.end());
    }
    found->add_content_ids(decided.content_id());
  }
}

// Takes the uploads, as they are recorded, out of `opened` into `split`, with
// the decisions on them.
absl::Status Move(const CaseSides& sides,
                  const std::vector<v1::CaseUpload>& leaving, v1::Case& opened,
                  v1::Case& split, SideWrites& writes) {
  NameCounts left;
  NameCounts taken;
  v1::Reach& reach = *split.mutable_reach();
  for (const v1::CaseUpload& recorded : leaving) {
    DropUpload(recorded, writes);
    left.Add(recorded, -1);
    v1::CaseUpload moved = recorded;
    moved.set_case_id(split.case_id());
    moved.mutable_report()->set_case_id(split.case_id());
    if (moved.has_listing()) {
      moved.mutable_listing()->set_case_id(split.case_id());
    }
    moved.set_number(split.last_number() + 1);
    moved.set_inherited(false);
    moved.set_joined_round(0);
    moved.clear_decisions();
    taken.Add(moved, 1);
    RETURN_IF_ERROR(PutUpload(moved, writes));
    split.set_last_number(moved.number());
    AddDecisions(WithDecisions(opened, recorded), split);
    if (!reach.has_first_seen()) *reach.mutable_first_seen() = moved.seen();
    *reach.mutable_last_seen() = moved.seen();
  }
  std::stable_sort(split.mutable_decisions()->begin(),
                   split.mutable_decisions()->end(),
                   [](const v1::Decision& a, const v1::Decision& b) {
                     return FromTimestamp(a.time()) < FromTimestamp(b.time());
                   });
  const auto count = static_cast<int64_t>(leaving.size());
  reach.set_uploads(count);
  opened.mutable_reach()->set_uploads(opened.reach().uploads() - count);
  RETURN_IF_ERROR(
      left.Write(sides, opened.case_id(), *opened.mutable_reach(), writes));
  return taken.Write(sides, split.case_id(), reach, writes);
}

absl::StatusOr<LeaseQueue::NewItem> FreshItem(const v1::Case& split) {
  LeaseQueue::NewItem item;
  item.id = split.case_id();
  item.priority = split.priority();
  item.lane = ToText(LaneOf(split));
  item.due = NextDeadline(split);
  item.event = ToldOfReopening(split);
  ASSIGN_OR_RETURN(item.payload, EncodeCase(split));
  return item;
}

absl::Status NotDecided(absl::string_view case_id) {
  return absl::FailedPreconditionError(absl::StrCat(
      case_id, " is not decided; only a decision can be appealed"));
}

// That somebody decided to remove it, and nobody otherwise since.
bool StandsRemoved(const v1::Case& opened, const v1::CaseUpload& recorded) {
  if (!IsDecided(opened, recorded)) return false;
  const v1::CaseUpload decided = WithDecisions(opened, recorded);
  return decided.decisions().rbegin()->outcome() ==
         v1::Decision::OUTCOME_REMOVE;
}

}  // namespace

absl::StatusOr<UploadPlace> LocalQueue::PlaceOf(
    const Reopening& reopening) const {
  const auto sides = items_->SidesNow();
  if (!reopening.content_id.empty()) {
    ASSIGN_OR_RETURN(const auto place,
                     FindUpload(*sides, reopening.content_id));
    if (place &&
        (reopening.case_id.empty() || place->case_id == reopening.case_id)) {
      return *place;
    }
    return absl::NotFoundError(absl::StrCat(
        "content_id: no case has the upload \"", reopening.content_id, "\""));
  }
  ASSIGN_OR_RETURN(const v1::Case opened, Get(reopening.case_id));
  if (opened.reach().uploads() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("content_id: ", reopening.case_id, " has ",
                     opened.reach().uploads(), " uploads; say which"));
  }
  UploadPlace place{reopening.case_id, 0};
  RETURN_IF_ERROR(ForEachRecord(*sides, reopening.case_id, 0,
                                [&](const v1::CaseUpload& recorded) {
                                  place.number = recorded.number();
                                  return absl::OkStatus();
                                }));
  return place;
}

absl::StatusOr<v1::Case> LocalQueue::Reopen(const Reopening& reopening) {
  RETURN_IF_ERROR(
      CheckText("statement", reopening.statement, 1, kMaxCaseTextBytes));
  RETURN_IF_ERROR(CheckText("reopened_by", reopening.by, 0, kMaxCaseNameBytes));
  ASSIGN_OR_RETURN(const UploadPlace place, PlaceOf(reopening));
  ASSIGN_OR_RETURN(const v1::Case opened, Get(place.case_id));
  return opened.reach().uploads() == 1 ? ReopenWhole(reopening, place)
                                       : SplitOff(reopening, place);
}

absl::StatusOr<v1::Case> LocalQueue::ReopenWhole(const Reopening& reopening,
                                                 const UploadPlace& place) {
  return ChangeById(
      place.case_id,
      [&](const Item& item, const CaseSides& sides,
          v1::Case& appealed) -> absl::StatusOr<std::optional<Revision>> {
        if (item.state != LeaseQueue::State::kSettled) {
          return NotDecided(item.id);
        }
        if (appealed.reach().uploads() != 1) {
          return absl::AbortedError(absl::StrCat("another upload has joined ",
                                                 item.id, " meanwhile"));
        }
        Revision revision;
        // What comes later waits for no appeal.
        ASSIGN_OR_RETURN(const auto group, FindGroup(sides, appealed));
        if (group == item.id) DropGroup(appealed, revision.sides);
        appealed.set_appeal(reopening.statement);
        appealed.set_reopened_by(reopening.by);
        appealed.set_queue(v1::CASE_QUEUE_APPEAL);
        StartClocks(options_.review, {.detected = options_.clock->Now()},
                    appealed);
        PutUpAgain(appealed);
        revision.next = Revision::Next::kWait;
        revision.event = ToldOfReopening(appealed);
        return revision;
      });
}

absl::StatusOr<v1::Case> LocalQueue::SplitOff(const Reopening& reopening,
                                              const UploadPlace& place) {
  std::string split_id;
  RETURN_IF_ERROR(
      ChangeById(
          place.case_id,
          [&](const Item& item, const CaseSides& sides,
              v1::Case& opened) -> absl::StatusOr<std::optional<Revision>> {
            ASSIGN_OR_RETURN(const auto recorded, ReadUpload(sides, place));
            if (!IsDecided(opened, recorded)) return NotDecided(item.id);
            Revision revision;
            v1::Case split = EmptyCaseLike(opened, recorded);
            RETURN_IF_ERROR(
                Move(sides, {recorded}, opened, split, revision.sides));
            std::set<ListEntry> cited;
            AddCited(recorded.report(), cited);
            SetMarks(opened, cited, split);
            split.set_queue(v1::CASE_QUEUE_APPEAL);
            StartClocks(options_.review, {.detected = options_.clock->Now()},
                        split);
            split.set_appeal(reopening.statement);
            split.set_reopened_by(reopening.by);
            PutUpAgain(split);
            split_id = split.case_id();
            ASSIGN_OR_RETURN(auto fresh, FreshItem(split));
            revision.fresh.push_back(std::move(fresh));
            return revision;
          })
          .status());
  return Get(split_id);
}

absl::StatusOr<BasisChange> LocalQueue::Recheck(
    absl::string_view case_id, const WithdrawalOf& withdrawal_of) {
  BasisChange result = BasisChange::kNone;
  RETURN_IF_ERROR(
      ChangeById(
          case_id,
          [&](const Item&, const CaseSides& sides,
              v1::Case& opened) -> absl::StatusOr<std::optional<Revision>> {
            result = BasisChange::kNone;
            std::set<ListEntry> cited;
            int64_t removed = 0;
            int64_t kept = 0;
            RETURN_IF_ERROR(ForEachRecord(
                sides, case_id, 0, [&](const v1::CaseUpload& recorded) {
                  const bool gone = StandsRemoved(opened, recorded);
                  removed += gone ? 1 : 0;
                  const bool stays = !gone && IsDecided(opened, recorded);
                  kept += stays ? 1 : 0;
                  // What was kept rests on nothing.
                  if (!stays) AddCited(recorded.report(), cited);
                  return absl::OkStatus();
                }));
            if (kept == opened.reach().uploads()) return std::nullopt;
            ASSIGN_OR_RETURN(const MarkChange marks,
                             UpdateMarks(withdrawal_of, cited,
                                         options_.clock->Now(), opened));
            if (!marks.changed) return std::nullopt;
            result = BasisChange::kMarked;
            Revision revision;
            if (!marks.added || removed == 0) return revision;
            std::vector<v1::CaseUpload> lost;
            std::set<ListEntry> cited_by_lost;
            std::set<ListEntry> cited_by_rest;
            RETURN_IF_ERROR(ForEachRecord(
                sides, case_id, 0, [&](const v1::CaseUpload& recorded) {
                  if (StandsRemoved(opened, recorded) &&
                      HasLostBasis(recorded.report(), opened)) {
                    lost.push_back(recorded);
                    AddCited(recorded.report(), cited_by_lost);
                  } else if (StandsRemoved(opened, recorded) ||
                             !IsDecided(opened, recorded)) {
                    AddCited(recorded.report(), cited_by_rest);
                  }
                  return absl::OkStatus();
                }));
            if (lost.empty()) return revision;
            result = BasisChange::kReopened;
            if (static_cast<int64_t>(lost.size()) == opened.reach().uploads()) {
              opened.set_appeal(LostBasisStatement(opened));
              opened.set_reopened_by(kSystemActor);
              PutUpAgain(opened);
              revision.next = Revision::Next::kWait;
              revision.event = ToldOfReopening(opened);
              return revision;
            }
            v1::Case split = EmptyCaseLike(opened, lost.front());
            RETURN_IF_ERROR(Move(sides, lost, opened, split, revision.sides));
            SetMarks(opened, cited_by_lost, split);
            SetMarks(opened, cited_by_rest, opened);
            split.set_appeal(LostBasisStatement(split));
            split.set_reopened_by(kSystemActor);
            PutUpAgain(split);
            ASSIGN_OR_RETURN(auto fresh, FreshItem(split));
            revision.fresh.push_back(std::move(fresh));
            return revision;
          })
          .status());
  return result;
}

}  // namespace lenscap
