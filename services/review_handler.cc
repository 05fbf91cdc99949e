#include "services/review_handler.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/proto_time.h"
#include "services/validate.h"
#include "takedown/campaign.h"
#include "takedown/reviewer_figures.h"
#include "takedown/trends.h"

namespace lenscap {
namespace {

constexpr size_t kMaxIdBytes = 64;
constexpr size_t kMaxNoteBytes = 1024;
constexpr int kMaxSteps = 400;
constexpr absl::Duration kMinStep = absl::Minutes(1);
constexpr absl::Duration kMaxStep = absl::Hours(24 * 3660);

template <typename Request>
absl::StatusOr<Period> HalfOpen(const Request& request) {
  Period period;
  if (request.has_start()) period.start = FromProto(request.start());
  if (request.has_end()) period.end = FromProto(request.end());
  if (period.start < period.end) return period;
  return absl::InvalidArgumentError("end: must be after the start");
}

const char* WordFor(v1::Decision::Outcome outcome) {
  return outcome == v1::Decision::OUTCOME_REMOVE ? "remove" : "keep";
}

// Of a change of the pool of golden cases.
AuditEntry EntryOf(const Caller& caller, const char* action,
                   const v1::GoldenCase& golden) {
  return {.actor = ActorOf(caller),
          .action = action,
          .subject = absl::StrCat("case/", golden.case_id()),
          .reason = golden.note(),
          .details = {{"golden_id", golden.golden_id()},
                      {"outcome", WordFor(golden.outcome())}}};
}

}  // namespace

absl::Status RecordReview(const ReviewRooms& rooms, const Caller& caller,
                          const v1::DecideReply& decided) {
  const v1::Case& told = decided.case_();
  if (told.state() != v1::Case::STATE_DECIDED || told.decisions().empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Case now, rooms.cases->Get(told.case_id()));
  if (!now.decisions().empty()) return absl::OkStatus();
  const v1::Decision& decision = *told.decisions().rbegin();
  return rooms.record({.actor = ActorOf(caller),
                       .action = "case.review",
                       .subject = absl::StrCat("case/", told.case_id()),
                       .reason = decision.note(),
                       .details = {{"outcome", WordFor(decision.outcome())}}});
}

absl::StatusOr<v1::GoldenCase> AddGolden(const ReviewRooms& rooms,
                                         const Caller& caller,
                                         const v1::AddGoldenRequest& request) {
  RETURN_IF_ERROR(CheckLength("case_id", request.case_id(), 1, kMaxIdBytes));
  RETURN_IF_ERROR(
      CheckEnum("outcome", request.outcome(), v1::Decision::Outcome_IsValid));
  RETURN_IF_ERROR(CheckLength("note", request.note(), 0, kMaxNoteBytes));
  ASSIGN_OR_RETURN(const v1::GoldenCase golden,
                   rooms.cases->AddGolden(request.case_id(), request.outcome(),
                                          request.note()));
  RETURN_IF_ERROR(rooms.record(EntryOf(caller, "golden.add", golden)));
  return golden;
}

absl::StatusOr<v1::ListGoldenReply> ListGolden(const ReviewRooms& rooms) {
  ASSIGN_OR_RETURN(std::vector<v1::GoldenCase> golden,
                   rooms.cases->ListGolden());
  v1::ListGoldenReply reply;
  for (v1::GoldenCase& one : golden) *reply.add_golden() = std::move(one);
  return reply;
}

absl::StatusOr<v1::GoldenCase> RemoveGolden(
    const ReviewRooms& rooms, const Caller& caller,
    const v1::RemoveGoldenRequest& request) {
  RETURN_IF_ERROR(
      CheckLength("golden_id", request.golden_id(), 1, kMaxIdBytes));
  ASSIGN_OR_RETURN(const v1::GoldenCase golden,
                   rooms.cases->RemoveGolden(request.golden_id()));
  RETURN_IF_ERROR(rooms.record(EntryOf(caller, "golden.remove", golden)));
  return golden;
}

absl::StatusOr<v1::ReviewerStatsReply> CountReviewers(
    const ReviewRooms& rooms, const v1::ReviewerStatsRequest& request) {
  ASSIGN_OR_RETURN(const Period period, HalfOpen(request));
  ReviewerCounter counter(period);
  RETURN_IF_ERROR(rooms.cases->ForEach([&](const v1::Case& opened) {
    counter.Add(opened);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(rooms.cases->ForEachAnswer(
      [&](const takedown::GoldenTurn& turn, const v1::Decision& answer) {
        counter.AddGolden(turn.reviewer(), turn.outcome() == answer.outcome(),
                          FromProto(answer.time()));
      }));
  return counter.Finish();
}

absl::StatusOr<v1::TrendsReply> ReadTrends(const ReviewRooms& rooms,
                                           const v1::TrendsRequest& request) {
  if (!request.has_start() || !request.has_end()) {
    return absl::InvalidArgumentError(
        "start: expected a start and an end, to part into steps");
  }
  ASSIGN_OR_RETURN(const Period period, HalfOpen(request));
  ASSIGN_OR_RETURN(const absl::Duration step,
                   CheckDuration("step", request.step(), kMinStep, kMaxStep));
  if (period.end - period.start > kMaxSteps * step) {
    return absl::InvalidArgumentError(
        absl::StrCat("step: the period has more than ", kMaxSteps, " of them"));
  }
  return CountTrends(*rooms.cases, {period.start, period.end, step});
}

}  // namespace lenscap
