#include "takedown/local_queue.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "takedown/case_event.h"
#include "takedown/case_record.h"
#include "takedown/clocks.h"
#include "takedown/decided.h"
#include "takedown/grouping.h"
#include "takedown/lane.h"
#include "takedown/local_queue_impl.h"

namespace lenscap {
namespace {

constexpr size_t kMaxTenantBytes = 64;
constexpr size_t kMaxLanguageBytes = 32;
// Says that every case has its side records.
constexpr char kUpToDate[] = "version";

absl::Status CheckUpload(const v1::Case& opened) {
  RETURN_IF_ERROR(
      CheckText("content_id", opened.content_id(), 1, kMaxCaseNameBytes));
  RETURN_IF_ERROR(CheckText("account", opened.account(), 0, kMaxCaseNameBytes));
  RETURN_IF_ERROR(CheckText("group", opened.group(), 0, kMaxCaseNameBytes));
  RETURN_IF_ERROR(CheckText("camera", opened.shared(), 0, kMaxCaseNameBytes));
  RETURN_IF_ERROR(CheckText("tenant", opened.tenant(), 0, kMaxTenantBytes));
  RETURN_IF_ERROR(
      CheckText("platform_class", opened.platform_class(), 0, kMaxTenantBytes));
  RETURN_IF_ERROR(
      CheckText("language", opened.language(), 0, kMaxLanguageBytes));
  if (opened.priority() < 0 || opened.priority() > kMaxCasePriority) {
    return absl::InvalidArgumentError(
        absl::StrCat("priority is ", opened.priority(), "; it must be 0 to ",
                     kMaxCasePriority));
  }
  return absl::OkStatus();
}

// The case that the upload would open.
v1::Case FreshCase(const v1::Case& opened) {
  v1::Case fresh;
  fresh.set_content_id(opened.content_id());
  fresh.set_account(opened.account());
  fresh.set_group(opened.group());
  fresh.set_tenant(opened.tenant());
  fresh.set_platform_class(opened.platform_class());
  fresh.set_language(opened.language());
  fresh.set_priority(opened.priority());
  fresh.set_retrospective(opened.retrospective());
  fresh.set_kind(opened.kind() == v1::Case::KIND_UNSPECIFIED
                     ? v1::Case::KIND_UPLOAD
                     : opened.kind());
  if (opened.has_report()) *fresh.mutable_report() = opened.report();
  if (opened.has_listing()) *fresh.mutable_listing() = opened.listing();
  if (opened.has_reported()) *fresh.mutable_reported() = opened.reported();
  fresh.set_queue(QueueOf(opened));
  CaseGroup group = GroupOf(opened);
  fresh.set_grouped_by(group.by);
  fresh.set_shared(std::move(group.shared));
  return fresh;
}

v1::CaseUpload RecordOf(const v1::Case& fresh, absl::Time now) {
  v1::CaseUpload recorded;
  recorded.set_number(1);
  recorded.set_content_id(fresh.content_id());
  recorded.set_account(fresh.account());
  recorded.set_group(fresh.group());
  recorded.set_tenant(fresh.tenant());
  recorded.set_platform_class(fresh.platform_class());
  *recorded.mutable_seen() = ToTimestamp(now);
  recorded.set_kind(fresh.kind());
  if (fresh.has_listing()) *recorded.mutable_listing() = fresh.listing();
  *recorded.mutable_report() = fresh.report();
  recorded.mutable_report()->clear_shadow_cues();
  if (fresh.report().has_cues()) {
    recorded.mutable_report()->mutable_cues()->clear_stills();
  }
  return recorded;
}

void AddToReach(const v1::CaseUpload& recorded, bool undecided,
                v1::Reach& reach) {
  reach.set_uploads(reach.uploads() + 1);
  if (undecided) reach.set_undecided(reach.undecided() + 1);
  if (!reach.has_first_seen()) *reach.mutable_first_seen() = recorded.seen();
  *reach.mutable_last_seen() = recorded.seen();
}

ClockStarts StartsOf(const v1::Case& fresh, absl::Time now) {
  ClockStarts starts = {.detected = now};
  if (fresh.has_reported()) starts.reported = FromTimestamp(fresh.reported());
  return starts;
}

std::string ToldOf(v1::CaseEvent::Kind kind, const v1::Case& fresh) {
  v1::CaseEvent told;
  told.set_kind(kind);
  told.set_content_id(fresh.content_id());
  told.set_advised(fresh.report().verdict().action());
  return EventDetail(std::move(told));
}

// The decision that stands for what comes later: the last one on all uploads,
// where they were not all put up again since.
const v1::Decision* StandingDecision(const v1::Case& opened) {
  const int put_up = opened.rounds().empty() ? 0 : *opened.rounds().rbegin();
  for (int i = opened.decisions_size() - 1; i >= put_up; --i) {
    if (opened.decisions(i).standing()) return &opened.decisions(i);
  }
  return nullptr;
}

}  // namespace

void Place(const v1::Case& changed, LeaseQueue::Revision& revision) {
  revision.lane = ToText(LaneOf(changed));
  revision.due = NextDeadline(changed);
  revision.priority = changed.priority();
}

absl::StatusOr<v1::Case> LocalQueue::ChangeById(absl::string_view case_id,
                                                const ChangeCase& change) {
  ASSIGN_OR_RETURN(
      const Item item,
      items_->ReviseItem(
          case_id,
          [&](const Item& item, const CaseSides& sides)
              -> absl::StatusOr<std::optional<Revision>> {
            ASSIGN_OR_RETURN(v1::Case changed, DecodeRecord(item));
            ASSIGN_OR_RETURN(auto revision, change(item, sides, changed));
            if (!revision) return std::nullopt;
            Place(changed, *revision);
            ASSIGN_OR_RETURN(revision->payload, EncodeCase(changed));
            return revision;
          }));
  return DecodeCase(item);
}

absl::StatusOr<v1::Case> LocalQueue::ChangeByToken(absl::string_view token,
                                                   const ChangeCase& change) {
  ASSIGN_OR_RETURN(
      const Item item,
      items_->ReviseClaim(
          token,
          [&](const Item& item, const CaseSides& sides)
              -> absl::StatusOr<std::optional<Revision>> {
            ASSIGN_OR_RETURN(v1::Case changed, DecodeRecord(item));
            ASSIGN_OR_RETURN(auto revision, change(item, sides, changed));
            if (!revision) return std::nullopt;
            Place(changed, *revision);
            ASSIGN_OR_RETURN(revision->payload, EncodeCase(changed));
            return revision;
          }));
  return DecodeCase(item);
}

LocalQueue::Turns LocalQueue::TakeTurn(const v1::Case& fresh) {
  const std::set<size_t> stripes = {
      absl::HashOf(fresh.content_id()) % kStripes,
      absl::HashOf(fresh.tenant(), fresh.queue(), fresh.shared()) % kStripes};
  Turns turns;
  for (const size_t stripe : stripes) turns.emplace_back(stripes_[stripe]);
  return turns;
}

absl::StatusOr<std::string> LocalQueue::Submit(const v1::Case& opened) {
  RETURN_IF_ERROR(CheckUpload(opened));
  v1::Case fresh = FreshCase(opened);
  const Turns turns = TakeTurn(fresh);
  const auto sides = items_->SidesNow();
  ASSIGN_OR_RETURN(const auto known, FindUpload(*sides, fresh.content_id()));
  if (known) {
    if (fresh.has_reported()) {
      RETURN_IF_ERROR(NoteReport(known->case_id, fresh.reported()));
    }
    return known->case_id;
  }
  if (!options_.apart) {
    ASSIGN_OR_RETURN(const auto joined, Join(fresh, opened.case_id()));
    if (joined) return *joined;
  }
  return Open(std::move(fresh));
}

// Of an upload of the case, by a person. The case starts no clock for it where
// it is decided, and the earliest report counts.
absl::Status LocalQueue::NoteReport(
    const std::string& case_id, const google::protobuf::Timestamp& reported) {
  return ChangeById(
             case_id,
             [&](const Item& item, const CaseSides&,
                 v1::Case& opened) -> absl::StatusOr<std::optional<Revision>> {
               const absl::Time time = FromTimestamp(reported);
               if (opened.has_reported() &&
                   FromTimestamp(opened.reported()) <= time) {
                 return std::nullopt;
               }
               *opened.mutable_reported() = reported;
               if (item.state != LeaseQueue::State::kSettled) {
                 StartClocks(
                     options_.review,
                     {.detected = options_.clock->Now(), .reported = time},
                     opened);
               }
               return Revision();
             })
      .status();
}

absl::StatusOr<std::optional<std::string>> LocalQueue::Join(
    const v1::Case& fresh, const std::string& named) {
  const auto sides = items_->SidesNow();
  ASSIGN_OR_RETURN(const auto same_file,
                   FindFile(*sides, fresh.tenant(), fresh.report().sha256()));
  if (same_file) {
    ASSIGN_OR_RETURN(const auto place, FindUpload(*sides, *same_file));
    if (place) {
      ASSIGN_OR_RETURN(const bool joined,
                       JoinCase(place->case_id, fresh, JoinBy::kFile));
      if (joined) return place->case_id;
    }
  }
  if (!named.empty() && fresh.grouped_by() != v1::Case::GROUPED_BY_LIST_ENTRY) {
    ASSIGN_OR_RETURN(const bool joined, JoinCase(named, fresh, JoinBy::kName));
    if (joined) return named;
  }
  if (fresh.grouped_by() == v1::Case::GROUPED_BY_UPLOAD) return std::nullopt;
  ASSIGN_OR_RETURN(const auto group, FindGroup(*sides, fresh));
  if (!group) return std::nullopt;
  ASSIGN_OR_RETURN(const bool joined, JoinCase(*group, fresh, JoinBy::kGroup));
  return joined ? group : std::nullopt;
}

bool LocalQueue::IsEffective(const v1::Decision& decision,
                             absl::Time now) const {
  return FromTimestamp(decision.time()) + options_.undo_window <= now;
}

// Whether a case whose group the upload is of, or that it names, takes it.
bool LocalQueue::Takes(const v1::Case& opened, JoinBy by,
                       absl::Time now) const {
  if (opened.state() == v1::Case::STATE_DEAD_LETTER) return false;
  if (by == JoinBy::kGroup &&
      opened.grouped_by() == v1::Case::GROUPED_BY_LIST_ENTRY) {
    return true;
  }
  return opened.state() != v1::Case::STATE_DECIDED &&
         FromTimestamp(opened.opened()) + options_.grouping_window > now &&
         opened.reach().uploads() < options_.max_case_uploads;
}

// Into the case of the same file only where that was decided on for good.
absl::StatusOr<bool> LocalQueue::JoinCase(const std::string& case_id,
                                          const v1::Case& fresh, JoinBy by) {
  const bool of_same_file = by == JoinBy::kFile;
  bool joined = false;
  const auto changed = ChangeById(
      case_id,
      [&](const Item& item, const CaseSides& sides,
          v1::Case& opened) -> absl::StatusOr<std::optional<Revision>> {
        const absl::Time now = options_.clock->Now();
        const v1::Decision* inherited = nullptr;
        v1::CaseUpload same;
        if (of_same_file) {
          ASSIGN_OR_RETURN(const auto file, FindFile(sides, fresh.tenant(),
                                                     fresh.report().sha256()));
          ASSIGN_OR_RETURN(const auto place,
                           FindUpload(sides, file.value_or("")));
          if (!place || place->case_id != case_id) return std::nullopt;
          ASSIGN_OR_RETURN(const auto recorded, ReadUpload(sides, *place));
          if (!IsDecided(opened, recorded)) return std::nullopt;
          same = WithDecisions(opened, recorded);
          inherited = &*same.decisions().rbegin();
          if (!IsEffective(*inherited, now)) return std::nullopt;
        } else {
          if (opened.tenant() != fresh.tenant() || !Takes(opened, by, now)) {
            return std::nullopt;
          }
          inherited = StandingDecision(opened);
          if (inherited != nullptr && !Inherits(fresh, opened, *inherited)) {
            inherited = nullptr;
          }
        }
        joined = true;
        v1::CaseEvent told;
        told.set_kind(v1::CaseEvent::KIND_JOINED);
        told.set_content_id(fresh.content_id());
        told.set_advised(fresh.report().verdict().action());
        v1::CaseUpload recorded = RecordOf(fresh, now);
        recorded.set_case_id(case_id);
        recorded.mutable_report()->set_case_id(case_id);
        if (recorded.has_listing()) {
          recorded.mutable_listing()->set_case_id(case_id);
        }
        recorded.set_number(opened.last_number() + 1);
        recorded.set_joined_round(opened.rounds_size());
        if (inherited != nullptr) {
          v1::Decision& decision = *recorded.add_decisions();
          decision = *inherited;
          decision.clear_content_ids();
          recorded.set_inherited(true);
          *told.mutable_decision() = decision;
          told.set_version(opened.decisions_size());
          *told.mutable_effective() = ToTimestamp(std::max(
              now, FromTimestamp(decision.time()) + options_.undo_window));
        }
        Revision revision;
        opened.set_last_number(recorded.number());
        AddToReach(recorded, inherited == nullptr, *opened.mutable_reach());
        NameCounts names;
        names.Add(recorded, 1);
        RETURN_IF_ERROR(names.Write(sides, case_id, *opened.mutable_reach(),
                                    revision.sides));
        RETURN_IF_ERROR(PutUpload(recorded, revision.sides));
        if (!of_same_file) PutFile(recorded, revision.sides);
        if (fresh.has_reported() &&
            (!opened.has_reported() || FromTimestamp(fresh.reported()) <
                                           FromTimestamp(opened.reported()))) {
          *opened.mutable_reported() = fresh.reported();
        }
        if (inherited == nullptr) {
          StartClocks(options_.review, StartsOf(fresh, now), opened);
          opened.set_sure_undecided(opened.sure_undecided() ||
                                    IsSure(fresh, opened));
          opened.set_priority(std::max(
              opened.priority(),
              std::min(kMaxCasePriority,
                       fresh.priority() + ReachRaises(opened.reach()))));
        }
        if (item.state == LeaseQueue::State::kSettled) {
          revision.next = inherited == nullptr ? Revision::Next::kWait
                                               : Revision::Next::kSettle;
        }
        revision.event = EventDetail(std::move(told));
        return revision;
      });
  if (absl::IsNotFound(changed.status())) return false;  // Purged.
  RETURN_IF_ERROR(changed.status());
  return joined;
}

absl::StatusOr<std::string> LocalQueue::Open(v1::Case fresh) {
  const std::string id = CaseId(fresh.content_id());
  if (fresh.has_report()) fresh.mutable_report()->set_case_id(id);
  if (fresh.has_listing()) fresh.mutable_listing()->set_case_id(id);
  const absl::Time now = options_.clock->Now();
  v1::CaseUpload recorded = RecordOf(fresh, now);
  recorded.set_case_id(id);
  fresh.set_last_number(1);
  fresh.set_sure_undecided(IsSure(fresh, fresh));
  AddToReach(recorded, /*undecided=*/true, *fresh.mutable_reach());
  StartClocks(options_.review, StartsOf(fresh, now), fresh);
  SideWrites writes;
  NameCounts names;
  names.Add(recorded, 1);
  RETURN_IF_ERROR(
      names.Write(*items_->SidesNow(), id, *fresh.mutable_reach(), writes));
  RETURN_IF_ERROR(PutUpload(recorded, writes));
  PutFile(recorded, writes);
  if (fresh.grouped_by() != v1::Case::GROUPED_BY_UPLOAD) {
    PutGroup(fresh, id, writes);
  }
  ASSIGN_OR_RETURN(std::string payload, EncodeCase(fresh));
  RETURN_IF_ERROR(
      items_
          ->Submit({.id = id,
                    .payload = std::move(payload),
                    .priority = fresh.priority(),
                    .lane = ToText(LaneOf(fresh)),
                    .due = NextDeadline(fresh),
                    .event = ToldOf(v1::CaseEvent::KIND_OPENED, fresh)},
                   writes)
          .status());
  return id;
}

absl::Status LocalQueue::BringUpToDate() {
  ASSIGN_OR_RETURN(const auto done, items_->SidesNow()->Get(kUpToDate));
  if (done) return absl::OkStatus();
  RETURN_IF_ERROR(items_->ReviseAll(
      [&](const Item& item,
          const CaseSides& sides) -> absl::StatusOr<std::optional<Revision>> {
        auto opened = DecodeRecord(item);
        // A damaged case is refused when it is asked for, and it alone.
        if (!opened.ok() || opened->last_number() > 0) return std::nullopt;
        opened->set_last_number(1);
        opened->set_queue(QueueOf(*opened));
        CaseGroup group = GroupOf(*opened);
        opened->set_grouped_by(group.by);
        opened->set_shared(std::move(group.shared));
        for (v1::Decision& decision : *opened->mutable_decisions()) {
          decision.set_through(1);
        }
        opened->set_sure_undecided(item.state != LeaseQueue::State::kSettled &&
                                   IsSure(*opened, *opened));
        // Every decision but the first was made because the case was put up
        // again.
        const bool decided = item.state == LeaseQueue::State::kSettled;
        const int rounds = opened->decisions_size() - (decided ? 1 : 0);
        for (int i = 1; i <= rounds; ++i) opened->add_rounds(i);
        if (rounds > 0 && !decided && opened->reopened_by() != kSystemActor) {
          opened->set_queue(v1::CASE_QUEUE_APPEAL);
        }
        v1::CaseUpload recorded = RecordOf(*opened, item.submitted);
        recorded.set_case_id(item.id);
        AddToReach(recorded, !decided, *opened->mutable_reach());
        Revision revision;
        NameCounts names;
        names.Add(recorded, 1);
        RETURN_IF_ERROR(names.Write(sides, item.id, *opened->mutable_reach(),
                                    revision.sides));
        RETURN_IF_ERROR(PutUpload(recorded, revision.sides));
        PutFile(recorded, revision.sides);
        if (!decided) PutGroup(*opened, item.id, revision.sides);
        Place(*opened, revision);
        ASSIGN_OR_RETURN(revision.payload, EncodeCase(*opened));
        return revision;
      }));
  return items_->WriteSides({{kUpToDate, "1"}});
}

absl::StatusOr<int64_t> LocalQueue::Purge(absl::Time before) {
  return items_->Purge(
      before,
      [](const Item& item,
         const CaseSides& sides) -> absl::StatusOr<SideWrites> {
        ASSIGN_OR_RETURN(const v1::Case opened, DecodeCase(item));
        return ForgetCase(sides, opened);
      });
}

absl::StatusOr<std::unique_ptr<TakedownQueue>> OpenLocalQueue(
    LocalQueueOptions options) {
  ASSIGN_OR_RETURN(auto items,
                   LeaseQueue::Open({.directory = options.directory,
                                     .max_deliveries = options.max_deliveries,
                                     .clock = options.clock}));
  auto queue =
      std::make_unique<LocalQueue>(std::move(items), std::move(options));
  RETURN_IF_ERROR(queue->BringUpToDate());
  return queue;
}

}  // namespace lenscap
