// Decisions, and what is done with a claim otherwise.

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "takedown/case_event.h"
#include "takedown/case_record.h"
#include "takedown/clocks.h"
#include "takedown/decided.h"
#include "takedown/lane.h"
#include "takedown/local_queue_impl.h"
#include "takedown/second_review.h"

namespace lenscap {
namespace {

using Revision = LeaseQueue::Revision;

constexpr size_t kMaxNamedUploads = 1000;
constexpr size_t kMaxSkillBytes = 32;
constexpr int kMaxEscalations = 100;
// How long the claim goes on after a decision was taken back.
constexpr absl::Duration kUndoneLease = absl::Minutes(5);

absl::Status CheckRuling(const Ruling& ruling) {
  if (ruling.outcome != v1::Decision::OUTCOME_REMOVE &&
      ruling.outcome != v1::Decision::OUTCOME_KEEP) {
    return absl::InvalidArgumentError("outcome must be REMOVE or KEEP");
  }
  RETURN_IF_ERROR(CheckText("note", ruling.note, 0, kMaxCaseTextBytes));
  RETURN_IF_ERROR(
      CheckText("feedback", ruling.feedback, 0, kMaxCaseReasonBytes));
  if (ruling.content_ids.size() > kMaxNamedUploads) {
    return absl::InvalidArgumentError(
        absl::StrCat("content_ids: at most ", kMaxNamedUploads));
  }
  for (const std::string& id : ruling.content_ids) {
    RETURN_IF_ERROR(CheckText("content_ids", id, 1, kMaxCaseNameBytes));
  }
  return absl::OkStatus();
}

// In order, each once.
std::vector<std::string> Named(const Ruling& ruling) {
  const std::set<std::string> named(ruling.content_ids.begin(),
                                    ruling.content_ids.end());
  return {named.begin(), named.end()};
}

bool IsLike(const v1::Decision& decision, const Ruling& ruling) {
  return decision.outcome() == ruling.outcome &&
         decision.note() == ruling.note &&
         decision.feedback() == ruling.feedback &&
         Named(ruling) ==
             std::vector<std::string>(decision.content_ids().begin(),
                                      decision.content_ids().end());
}

// Whether the last decision of the case is this very one.
bool IsDecidedLike(const v1::Case& decided, const Ruling& ruling) {
  return !decided.decisions().empty() &&
         IsLike(*decided.decisions().rbegin(), ruling);
}

absl::Status DecidedOtherwise(absl::string_view case_id) {
  return absl::AbortedError(
      absl::StrCat(case_id, " was decided otherwise under this lease"));
}

// To whoever made a decision that is hidden the case looks like any other.
void ShowAsDecided(const v1::Decision& decision, v1::Case& shown) {
  shown.clear_reviews();
  *shown.add_decisions() = decision;
  shown.set_state(v1::Case::STATE_DECIDED);
  shown.clear_reviewer();
  shown.clear_lease_end();
  shown.mutable_reach()->set_undecided(0);
  MeetClocks(FromTimestamp(decision.time()), shown);
}

bool IsSkill(absl::string_view skill) {
  return !skill.empty() && skill.size() <= kMaxSkillBytes &&
         std::all_of(skill.begin(), skill.end(), [](char c) {
           return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-';
         });
}

absl::Status NotClaimed(const v1::Case& opened) {
  return absl::AbortedError(
      absl::StrCat(opened.case_id(), " is decided, so nobody claims it"));
}

}  // namespace

absl::StatusOr<v1::Case> LocalQueue::Rule(absl::string_view token,
                                          const Ruling& ruling) {
  RETURN_IF_ERROR(CheckRuling(ruling));
  std::optional<v1::Decision> hidden;
  ASSIGN_OR_RETURN(
      v1::Case ruled,
      ChangeByToken(
          token,
          [&](const Item& item, const CaseSides& sides,
              v1::Case& decided) -> absl::StatusOr<std::optional<Revision>> {
            hidden.reset();
            const bool settled = item.state == LeaseQueue::State::kSettled;
            if (const auto* const review =
                    PendingReview(decided, item.holder, item.leased_since)) {
              if (!IsLike(*review, ruling)) return DecidedOtherwise(item.id);
              hidden = *review;
              return std::nullopt;
            }
            if (IsDecidedLike(decided, ruling) &&
                (settled || !ruling.content_ids.empty())) {
              return std::nullopt;
            }
            if (settled) return DecidedOtherwise(item.id);
            v1::Decision decision = DecisionOf(ruling, item);
            if (ruling.content_ids.empty()) {
              decision.set_through(decided.last_number());
              decision.set_standing(decided.sure_undecided());
              if (TakeReview(ReviewShare(item), decision, decided) ==
                  ReviewStep::kHidden) {
                hidden = decision;
                return AwaitAnother(decided);
              }
            }
            return Make(sides, ruling, std::move(decision), decided);
          }));
  if (hidden) ShowAsDecided(*hidden, ruled);
  return ruled;
}

// A case that was offered so often that it might end as a dead letter before
// three have decided has one decision.
double LocalQueue::ReviewShare(const Item& item) const {
  constexpr int kReviewersToCome = 2;
  return item.deliveries + kReviewersToCome <= options_.max_deliveries
             ? options_.review.second_review_share()
             : 0;
}

v1::Decision LocalQueue::DecisionOf(const Ruling& ruling,
                                    const Item& item) const {
  const absl::Time now = options_.clock->Now();
  v1::Decision decision;
  decision.set_outcome(ruling.outcome);
  decision.set_reviewer(item.holder);
  decision.set_note(ruling.note);
  decision.set_feedback(ruling.feedback);
  *decision.mutable_time() = ToTimestamp(now);
  *decision.mutable_taken() =
      google::protobuf::util::TimeUtil::MicrosecondsToDuration(
          absl::ToInt64Microseconds(now - item.leased_since));
  return decision;
}

// Until the review can no longer be undone its reviewer keeps the case; then
// the lease runs out, and others are offered it.
LeaseQueue::Revision LocalQueue::AwaitAnother(v1::Case& reviewed) const {
  reviewed.clear_assigned_to();
  if (options_.undo_window <= absl::ZeroDuration()) {
    return Revision{.next = Revision::Next::kWait};
  }
  return Revision{.next = Revision::Next::kLease,
                  .lease = options_.undo_window};
}

// Makes the decision the case's.
absl::StatusOr<std::optional<LeaseQueue::Revision>> LocalQueue::Make(
    const CaseSides& sides, const Ruling& ruling, v1::Decision decision,
    v1::Case& decided) const {
  std::optional<Revision> revision = Revision();
  if (ruling.content_ids.empty()) {
    decided.mutable_reach()->set_undecided(0);
    decided.set_sure_undecided(false);
  } else {
    ASSIGN_OR_RETURN(revision, RuleOnSome(sides, ruling, decision, decided));
  }
  *decided.add_decisions() = decision;
  if (decided.reach().undecided() == 0) {
    revision->next = Revision::Next::kSettle;
    decided.clear_assigned_to();
    MeetClocks(FromTimestamp(decision.time()), decided);
  }
  v1::CaseEvent told;
  told.set_kind(v1::CaseEvent::KIND_DECIDED);
  told.set_content_id(decided.content_id());
  *told.mutable_decision() = decision;
  told.set_version(decided.decisions_size());
  *told.mutable_effective() =
      ToTimestamp(FromTimestamp(decision.time()) + options_.undo_window);
  revision->event = EventDetail(std::move(told));
  return revision;
}

// Names in `decision` the uploads that the ruling is on, all of which have to
// be of the case and without a decision.
absl::StatusOr<std::optional<Revision>> LocalQueue::RuleOnSome(
    const CaseSides& sides, const Ruling& ruling, v1::Decision& decision,
    v1::Case& decided) const {
  for (const std::string& id : Named(ruling)) {
    ASSIGN_OR_RETURN(const auto place, FindUpload(sides, id));
    if (!place || place->case_id != decided.case_id()) {
      return absl::NotFoundError(absl::StrCat(
          "content_ids: ", decided.case_id(), " has no upload \"", id, "\""));
    }
    ASSIGN_OR_RETURN(const auto recorded, ReadUpload(sides, *place));
    if (IsDecided(decided, recorded)) {
      return absl::FailedPreconditionError(
          absl::StrCat("content_ids: \"", id, "\" is decided on already"));
    }
    decision.add_content_ids(id);
  }
  v1::Reach& reach = *decided.mutable_reach();
  reach.set_undecided(
      std::max<int64_t>(0, reach.undecided() - decision.content_ids_size()));
  return Revision();
}

absl::StatusOr<v1::Case> LocalQueue::Undo(absl::string_view token) {
  return ChangeByToken(
      token,
      [&](const Item& item, const CaseSides& sides,
          v1::Case& undone) -> absl::StatusOr<std::optional<Revision>> {
        const absl::Time now = options_.clock->Now();
        const bool leased = item.state == LeaseQueue::State::kLeased;
        if (const auto* const review =
                PendingReview(undone, item.holder, item.leased_since);
            leased && review != nullptr && !IsEffective(*review, now)) {
          TakeBackReview(v1::Decision(*review), undone);
          return Revision{.next = Revision::Next::kLease,
                          .lease = kUndoneLease};
        }
        if (undone.decisions().empty()) {
          return absl::FailedPreconditionError(
              absl::StrCat(item.id, " has no decision to undo"));
        }
        const v1::Decision last = *undone.decisions().rbegin();
        if (leased && (last.reviewer() != item.holder ||
                       FromTimestamp(last.time()) < item.leased_since)) {
          return absl::FailedPreconditionError(
              absl::StrCat(item.id, " was not decided under this lease"));
        }
        if (IsEffective(last, now)) {
          return absl::FailedPreconditionError(absl::StrCat(
              "the decision on ", item.id, " can be undone for ",
              absl::FormatDuration(options_.undo_window), " alone"));
        }
        v1::CaseEvent told;
        told.set_kind(v1::CaseEvent::KIND_UNDONE);
        told.set_content_id(undone.content_id());
        *told.mutable_decision() = last;
        told.set_version(undone.decisions_size());
        Revision revision;
        undone.mutable_decisions()->RemoveLast();
        undone.set_sure_undecided(undone.sure_undecided() || last.standing());
        TakeBackReview(last, undone);
        ResumeClocks(FromTimestamp(last.time()), undone);
        int64_t undecided = 0;
        RETURN_IF_ERROR(ForEachRecord(
            sides, item.id, 0, [&](v1::CaseUpload recorded) -> absl::Status {
              // What has taken the decision over meanwhile is undecided again.
              if (recorded.inherited() && recorded.case_id() == item.id &&
                  FromTimestamp(recorded.decisions(0).time()) ==
                      FromTimestamp(last.time()) &&
                  recorded.decisions(0).reviewer() == last.reviewer()) {
                recorded.clear_decisions();
                recorded.set_inherited(false);
                RETURN_IF_ERROR(PutUpload(recorded, revision.sides));
              }
              undecided += IsDecided(undone, recorded) ? 0 : 1;
              return absl::OkStatus();
            }));
        undone.mutable_reach()->set_undecided(undecided);
        if (!leased) {
          revision.next = Revision::Next::kLease;
          revision.holder = last.reviewer();
          revision.lease = kUndoneLease;
        }
        revision.event = EventDetail(std::move(told));
        return revision;
      });
}

absl::StatusOr<v1::Case> LocalQueue::Hold(absl::string_view token,
                                          absl::Duration duration,
                                          absl::string_view reason) {
  RETURN_IF_ERROR(CheckText("reason", reason, 1, kMaxCaseReasonBytes));
  return ChangeByToken(
      token,
      [&](const Item& item, const CaseSides&,
          v1::Case& held) -> absl::StatusOr<std::optional<Revision>> {
        if (item.state != LeaseQueue::State::kLeased ||
            PendingReview(held, item.holder, item.leased_since) != nullptr) {
          return NotClaimed(held);
        }
        v1::CaseHold& hold = *held.mutable_hold();
        *hold.mutable_until() = ToTimestamp(options_.clock->Now() + duration);
        hold.set_reason(std::string(reason));
        hold.set_reviewer(item.holder);
        return Revision{.next = Revision::Next::kLease,
                        .lease = duration,
                        .set_aside = true};
      });
}

absl::StatusOr<v1::Case> LocalQueue::Escalate(absl::string_view token,
                                              absl::string_view reason,
                                              absl::string_view skill) {
  RETURN_IF_ERROR(CheckText("reason", reason, 1, kMaxCaseReasonBytes));
  const std::string wanted = skill.empty() ? "senior" : std::string(skill);
  if (!IsSkill(wanted)) {
    return absl::InvalidArgumentError(
        "skill must be 1 to 32 characters of a-z, 0-9 and '-'");
  }
  return ChangeByToken(
      token,
      [&](const Item& item, const CaseSides&,
          v1::Case& escalated) -> absl::StatusOr<std::optional<Revision>> {
        if (item.state != LeaseQueue::State::kLeased ||
            PendingReview(escalated, item.holder, item.leased_since) !=
                nullptr) {
          return NotClaimed(escalated);
        }
        if (escalated.escalations_size() >= kMaxEscalations) {
          return absl::FailedPreconditionError(
              absl::StrCat(item.id, " was escalated too often"));
        }
        v1::Escalation& escalation = *escalated.add_escalations();
        escalation.set_reviewer(item.holder);
        escalation.set_reason(std::string(reason));
        escalation.set_skill(wanted);
        *escalation.mutable_time() = ToTimestamp(options_.clock->Now());
        std::set<std::string> skills(escalated.skills().begin(),
                                     escalated.skills().end());
        skills.insert(wanted);
        escalated.mutable_skills()->Assign(skills.begin(), skills.end());
        escalated.clear_assigned_to();
        escalated.set_priority(
            std::min(kMaxCasePriority, escalated.priority() + kAnswerRaises));
        v1::CaseEvent told;
        told.set_kind(v1::CaseEvent::KIND_ESCALATED);
        told.set_content_id(escalated.content_id());
        told.set_reopened_by(item.holder);
        told.set_appeal(escalation.reason());
        return Revision{.next = Revision::Next::kWait,
                        .event = EventDetail(std::move(told))};
      });
}

absl::StatusOr<v1::Case> LocalQueue::Reassign(
    const Reassignment& reassignment) {
  RETURN_IF_ERROR(
      CheckText("reviewer", reassignment.reviewer, 0, kMaxCaseNameBytes));
  const ChangeCase change =
      [&](const Item& item, const CaseSides&,
          v1::Case& assigned) -> absl::StatusOr<std::optional<Revision>> {
    if (item.id != reassignment.case_id) {
      return absl::InvalidArgumentError(absl::StrCat(
          "lease_token: it does not claim ", reassignment.case_id));
    }
    const bool leased = item.state == LeaseQueue::State::kLeased;
    if (!leased && item.state != LeaseQueue::State::kWaiting) {
      return absl::FailedPreconditionError(
          absl::StrCat(item.id, " neither waits nor is claimed"));
    }
    if (leased && reassignment.token.empty() && !reassignment.oversees) {
      return absl::FailedPreconditionError(
          absl::StrCat(item.id, " is claimed by somebody else"));
    }
    assigned.set_assigned_to(reassignment.reviewer);
    const CaseLane lane = LaneOf(assigned);
    if (std::find(lane.barred.begin(), lane.barred.end(),
                  reassignment.reviewer) != lane.barred.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("reviewer: ", reassignment.reviewer,
                       " has decided on it or escalated it"));
    }
    return Revision{.next = Revision::Next::kWait};
  };
  return reassignment.token.empty() ? ChangeById(reassignment.case_id, change)
                                    : ChangeByToken(reassignment.token, change);
}

absl::StatusOr<v1::Case> LocalQueue::Alert(absl::string_view case_id) {
  return ChangeById(
      case_id,
      [&](const Item& item, const CaseSides&,
          v1::Case& opened) -> absl::StatusOr<std::optional<Revision>> {
        const int boosted = ClockBoost(opened);
        std::optional<v1::Clock> clock =
            GiveAlert(options_.review, options_.clock->Now(), opened);
        const bool is_open = item.state == LeaseQueue::State::kWaiting ||
                             item.state == LeaseQueue::State::kLeased;
        if (!clock || !is_open) {
          return absl::FailedPreconditionError(
              absl::StrCat(item.id, " has no warning that is due"));
        }
        opened.set_priority(
            std::clamp(opened.priority() + ClockBoost(opened) - boosted, 0,
                       kMaxCasePriority));
        v1::CaseEvent told;
        told.set_kind(v1::CaseEvent::KIND_CLOCK);
        told.set_content_id(opened.content_id());
        *told.mutable_clock() = *std::move(clock);
        return Revision{.event = EventDetail(std::move(told))};
      });
}

}  // namespace lenscap
