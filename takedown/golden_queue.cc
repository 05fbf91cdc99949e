#include "takedown/golden_queue.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "takedown/lane.h"

namespace lenscap {
namespace {

// What was answered in the turn, by whose turn it was, and not undone; null
// where nothing was.
const v1::Decision* AnswerIn(const v1::Case& shown,
                             const takedown::GoldenTurn& turn) {
  for (const v1::Decision& decision : shown.decisions()) {
    if (decision.reviewer() == turn.reviewer()) return &decision;
  }
  return nullptr;
}

}  // namespace

TakedownQueue& GoldenQueue::OfCase(absl::string_view case_id) const {
  const auto turn = options_.golden->TurnOf(case_id);
  return turn.ok() && turn->has_value() ? *options_.shown : *options_.real;
}

TakedownQueue& GoldenQueue::OfToken(absl::string_view token) const {
  return options_.shown->Claimed(token).ok() ? *options_.shown : *options_.real;
}

absl::StatusOr<v1::GoldenCase> GoldenQueue::AddGolden(
    absl::string_view case_id, v1::Decision::Outcome outcome,
    absl::string_view note) {
  ASSIGN_OR_RETURN(const v1::Case decided, options_.real->Get(case_id));
  if (decided.state() != v1::Case::STATE_DECIDED) {
    return absl::FailedPreconditionError(
        absl::StrCat("case_id: ", case_id, " is not decided"));
  }
  return options_.golden->Add(decided, outcome, note);
}

absl::StatusOr<std::vector<v1::GoldenCase>> GoldenQueue::ListGolden() const {
  std::vector<v1::GoldenCase> listed = options_.golden->List();
  std::map<std::string, v1::GoldenCase*> by_id;
  for (v1::GoldenCase& golden : listed) by_id[golden.golden_id()] = &golden;
  RETURN_IF_ERROR(ForEachAnswer(
      [&](const takedown::GoldenTurn& turn, const v1::Decision& answer) {
        const auto found = by_id.find(turn.golden_id());
        if (found == by_id.end()) return;
        v1::GoldenCase& golden = *found->second;
        golden.set_answered(golden.answered() + 1);
        if (answer.outcome() == turn.outcome()) {
          golden.set_answered_rightly(golden.answered_rightly() + 1);
        }
      }));
  return listed;
}

absl::StatusOr<v1::GoldenCase> GoldenQueue::RemoveGolden(
    absl::string_view golden_id) {
  return options_.golden->Remove(golden_id);
}

absl::Status GoldenQueue::ForEachAnswer(const VisitAnswer& visit) const {
  return options_.shown->ForEach([&](const v1::Case& shown) -> absl::Status {
    ASSIGN_OR_RETURN(const auto turn, options_.golden->TurnOf(shown.case_id()));
    if (!turn) return absl::OkStatus();
    const v1::Decision* const answer = AnswerIn(shown, *turn);
    if (answer != nullptr) visit(*turn, *answer);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<std::string>> GoldenQueue::OriginalOf(
    absl::string_view case_id) const {
  ASSIGN_OR_RETURN(const auto turn, options_.golden->TurnOf(case_id));
  if (!turn) return std::nullopt;
  return turn->original_case_id();
}

absl::StatusOr<std::vector<Lease>> GoldenQueue::LeaseCases(
    const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
    absl::Duration duration) {
  std::vector<Lease> leases;
  for (int i = 0; i < max; ++i) {
    if (options_.draw() >= options_.share) continue;
    // A case from an empty queue would be no secret.
    ASSIGN_OR_RETURN(const v1::StatsReply stats, options_.real->Stats());
    if (stats.waiting() == 0) break;
    ASSIGN_OR_RETURN(auto golden, LeaseGolden(reviewer, filter, duration));
    if (!golden) break;
    leases.push_back(*std::move(golden));
  }
  const int rest = max - static_cast<int>(leases.size());
  if (rest == 0) return leases;
  ASSIGN_OR_RETURN(auto real,
                   options_.real->LeaseCases(reviewer, filter, rest, duration));
  std::move(real.begin(), real.end(), std::back_inserter(leases));
  std::stable_sort(leases.begin(), leases.end(),
                   [](const Lease& a, const Lease& b) {
                     return a.leased().priority() > b.leased().priority();
                   });
  return leases;
}

absl::StatusOr<std::optional<Lease>> GoldenQueue::LeaseGolden(
    const Reviewer& reviewer, const v1::QueueFilter& filter,
    absl::Duration duration) {
  // What was given back undecided is offered to the same reviewer again.
  ASSIGN_OR_RETURN(auto again,
                   options_.shown->LeaseCases(reviewer, filter, 1, duration));
  if (!again.empty()) return std::move(again.front());
  ASSIGN_OR_RETURN(
      const auto drawn,
      options_.golden->Draw(reviewer.name, [&](const v1::Case& original) {
        const CaseLane lane = LaneOf(original);
        return IsShown(lane, filter, {}) && MayTake(lane, reviewer);
      }));
  if (!drawn) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string case_id,
                   options_.shown->Submit(drawn->shown));
  RETURN_IF_ERROR(
      options_.shown
          ->Reassign(
              {.case_id = case_id, .reviewer = reviewer.name, .oversees = true})
          .status());
  ASSIGN_OR_RETURN(Lease lease,
                   options_.shown->LeaseCase(reviewer, case_id, duration));
  return lease;
}

absl::StatusOr<std::vector<v1::LeasedCase>> GoldenQueue::Claims(
    absl::string_view reviewer) const {
  ASSIGN_OR_RETURN(auto claims, options_.real->Claims(reviewer));
  ASSIGN_OR_RETURN(auto golden, options_.shown->Claims(reviewer));
  std::move(golden.begin(), golden.end(), std::back_inserter(claims));
  return claims;
}

absl::StatusOr<v1::CaseUpload> GoldenQueue::Upload(
    absl::string_view content_id) const {
  auto upload = options_.real->Upload(content_id);
  return absl::IsNotFound(upload.status()) ? options_.shown->Upload(content_id)
                                           : upload;
}

absl::StatusOr<v1::History> GoldenQueue::Account(absl::string_view tenant,
                                                 absl::string_view name) const {
  auto history = options_.real->Account(tenant, name);
  return absl::IsNotFound(history.status())
             ? options_.shown->Account(tenant, name)
             : history;
}

absl::StatusOr<v1::History> GoldenQueue::Group(absl::string_view tenant,
                                               absl::string_view name) const {
  auto history = options_.real->Group(tenant, name);
  return absl::IsNotFound(history.status())
             ? options_.shown->Group(tenant, name)
             : history;
}

absl::StatusOr<int64_t> GoldenQueue::Purge(absl::Time before) {
  RETURN_IF_ERROR(options_.shown->Purge(before).status());
  return options_.real->Purge(before);
}

}  // namespace lenscap
