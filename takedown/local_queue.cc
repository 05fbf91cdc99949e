#include "takedown/local_queue.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/lease_queue.h"
#include "base/status_macros.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

// The bounds that takedown.proto gives.
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxTextBytes = 4096;
constexpr int kMaxPriority = 1000;
// Someone waits for the answer to an appeal.
constexpr int kAppealRaises = 100;

using Item = LeaseQueue::Item;

// False for an appeal against the reviewer's own decision, and for a damaged
// case, which must not keep the others from being leased.
bool MayReview(const Item& item, absl::string_view reviewer) {
  const auto decoded = DecodeCase(item);
  if (!decoded.ok()) return false;
  const auto& decisions = decoded->decisions();
  return decisions.empty() || decisions.rbegin()->reviewer() != reviewer;
}

// The case, if it was decided like this.
absl::StatusOr<v1::Case> DecidedLike(const Item& item,
                                     v1::Decision::Outcome outcome,
                                     absl::string_view note) {
  ASSIGN_OR_RETURN(v1::Case decided, DecodeCase(item));
  const auto& decisions = decided.decisions();
  if (!decisions.empty() && decisions.rbegin()->outcome() == outcome &&
      decisions.rbegin()->note() == note) {
    return decided;
  }
  return absl::AbortedError(
      absl::StrCat(item.id, " was decided otherwise under this lease"));
}

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

std::optional<LeaseQueue::State> ToItemState(v1::Case::State state) {
  switch (state) {
    case v1::Case::STATE_UNSPECIFIED:
    case v1::Case::STATE_WAITING:
      return LeaseQueue::State::kWaiting;
    case v1::Case::STATE_LEASED:
      return LeaseQueue::State::kLeased;
    case v1::Case::STATE_DECIDED:
      return LeaseQueue::State::kSettled;
    case v1::Case::STATE_DEAD_LETTER:
      return LeaseQueue::State::kDead;
    default:
      return std::nullopt;
  }
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
  }
  return v1::CaseEvent::KIND_UNSPECIFIED;
}

// The queue of cases, as a thin layer over the queue of items.
class LocalQueue final : public TakedownQueue {
 public:
  LocalQueue(std::unique_ptr<LeaseQueue> items, const Clock* clock)
      : items_(std::move(items)), clock_(clock) {}

  absl::StatusOr<std::string> Submit(const v1::Case& opened) override;
  absl::StatusOr<std::vector<Lease>> LeaseCases(
      absl::string_view reviewer, int max, absl::Duration duration) override;
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration) override {
    return items_->Extend(token, duration);
  }
  absl::Status Release(absl::string_view token) override {
    return items_->Release(token);
  }
  absl::StatusOr<v1::Case> Decide(absl::string_view token,
                                  v1::Decision::Outcome outcome,
                                  absl::string_view note) override;
  absl::StatusOr<v1::Case> Claimed(absl::string_view token) const override {
    ASSIGN_OR_RETURN(const Item item, items_->Claimed(token));
    return DecodeCase(item);
  }
  absl::StatusOr<v1::Case> Appeal(absl::string_view case_id,
                                  absl::string_view statement) override;
  absl::StatusOr<v1::Case> Get(absl::string_view case_id) const override;
  absl::StatusOr<Page> List(v1::Case::State state, absl::string_view after,
                            int limit) const override;
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t after, int limit, absl::Duration timeout) const override;
  absl::StatusOr<v1::StatsReply> Stats() const override;
  absl::StatusOr<int64_t> Purge(absl::Time before) override {
    return items_->Purge(before);
  }

 private:
  absl::StatusOr<v1::CaseEvent> ToCaseEvent(
      const LeaseQueue::Event& event) const;

  const std::unique_ptr<LeaseQueue> items_;
  const Clock* const clock_;
  // Held from reading a decided case until it is reopened: nothing else
  // changes a decided case.
  std::mutex appealing_;
};

absl::StatusOr<std::string> LocalQueue::Submit(const v1::Case& opened) {
  RETURN_IF_ERROR(
      CheckText("content_id", opened.content_id(), 1, kMaxNameBytes));
  RETURN_IF_ERROR(CheckText("account", opened.account(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckText("group", opened.group(), 0, kMaxNameBytes));
  if (opened.priority() < 0 || opened.priority() > kMaxPriority) {
    return absl::InvalidArgumentError(absl::StrCat(
        "priority is ", opened.priority(), "; it must be 0 to ", kMaxPriority));
  }
  v1::Case fresh = opened;
  fresh.clear_decisions();
  fresh.clear_appeal();
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(fresh));
  std::string id = CaseId(opened.content_id());
  RETURN_IF_ERROR(items_->Submit(id, payload, opened.priority()).status());
  return id;
}

absl::StatusOr<std::vector<Lease>> LocalQueue::LeaseCases(
    absl::string_view reviewer, int max, absl::Duration duration) {
  RETURN_IF_ERROR(CheckText("reviewer", reviewer, 1, kMaxNameBytes));
  ASSIGN_OR_RETURN(
      auto claims,
      items_->ClaimItems(reviewer, max, duration, [&](const Item& item) {
        return MayReview(item, reviewer);
      }));
  std::vector<Lease> leases;
  for (LeaseQueue::Claim& claim : claims) {
    ASSIGN_OR_RETURN(v1::Case leased, DecodeCase(claim.item));
    leases.emplace_back(this, std::move(leased), std::move(claim.token));
  }
  return leases;
}

absl::StatusOr<v1::Case> LocalQueue::Decide(absl::string_view token,
                                            v1::Decision::Outcome outcome,
                                            absl::string_view note) {
  if (outcome != v1::Decision::OUTCOME_REMOVE &&
      outcome != v1::Decision::OUTCOME_KEEP) {
    return absl::InvalidArgumentError("outcome must be REMOVE or KEEP");
  }
  RETURN_IF_ERROR(CheckText("note", note, 0, kMaxTextBytes));
  ASSIGN_OR_RETURN(const Item item, items_->Claimed(token));
  if (item.state == LeaseQueue::State::kSettled) {
    return DecidedLike(item, outcome, note);
  }
  ASSIGN_OR_RETURN(v1::Case decided, DecodeCase(item));
  v1::Decision& decision = *decided.add_decisions();
  decision.set_outcome(outcome);
  decision.set_reviewer(item.holder);
  decision.set_note(std::string(note));
  *decision.mutable_time() = ToTimestamp(clock_->Now());
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(decided));
  const auto settled = items_->Settle(token, payload);
  if (absl::IsAborted(settled.status())) {
    // Perhaps the same call came twice at once, and the other was first.
    ASSIGN_OR_RETURN(const Item ended, items_->Claimed(token));
    return DecidedLike(ended, outcome, note);
  }
  RETURN_IF_ERROR(settled.status());
  return DecodeCase(*settled);
}

absl::StatusOr<v1::Case> LocalQueue::Appeal(absl::string_view case_id,
                                            absl::string_view statement) {
  RETURN_IF_ERROR(CheckText("statement", statement, 1, kMaxTextBytes));
  std::lock_guard lock(appealing_);
  ASSIGN_OR_RETURN(const Item item, items_->Get(case_id));
  if (item.state != LeaseQueue::State::kSettled) {
    return absl::FailedPreconditionError(absl::StrCat(
        case_id, " is not decided; only a decision can be appealed"));
  }
  ASSIGN_OR_RETURN(v1::Case appealed, DecodeCase(item));
  appealed.set_appeal(std::string(statement));
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(appealed));
  ASSIGN_OR_RETURN(
      const Item reopened,
      items_->Reopen(case_id, payload,
                     std::min(kMaxPriority, item.priority + kAppealRaises)));
  return DecodeCase(reopened);
}

absl::StatusOr<v1::Case> LocalQueue::Get(absl::string_view case_id) const {
  ASSIGN_OR_RETURN(const Item item, items_->Get(case_id));
  return DecodeCase(item);
}

absl::StatusOr<TakedownQueue::Page> LocalQueue::List(v1::Case::State state,
                                                     absl::string_view after,
                                                     int limit) const {
  const auto item_state = ToItemState(state);
  if (!item_state) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no case state ", static_cast<int>(state)));
  }
  ASSIGN_OR_RETURN(LeaseQueue::Page items,
                   items_->List(*item_state, after, limit));
  Page page;
  page.next = std::move(items.next);
  for (const Item& item : items.items) {
    ASSIGN_OR_RETURN(v1::Case listed, DecodeCase(item));
    auto& matches = *listed.mutable_report()->mutable_matches();
    if (matches.size() > 1) matches.DeleteSubrange(1, matches.size() - 1);
    page.cases.push_back(std::move(listed));
  }
  return page;
}

absl::StatusOr<v1::CaseEvent> LocalQueue::ToCaseEvent(
    const LeaseQueue::Event& event) const {
  v1::CaseEvent told;
  told.set_sequence(event.sequence);
  told.set_kind(ToCaseEventKind(event.kind));
  told.set_case_id(event.id);
  *told.mutable_time() = ToTimestamp(event.time);
  const auto item = items_->Get(event.id);
  // It may have been purged since.
  if (absl::IsNotFound(item.status())) return told;
  RETURN_IF_ERROR(item.status());
  ASSIGN_OR_RETURN(const v1::Case subject, DecodeCase(*item));
  told.set_content_id(subject.content_id());
  if (told.kind() == v1::CaseEvent::KIND_OPENED) {
    told.set_advised(subject.report().verdict().action());
  }
  if (told.kind() == v1::CaseEvent::KIND_DECIDED) {
    const auto decision = DecisionAt(subject, event.time);
    if (decision) *told.mutable_decision() = *decision;
  }
  return told;
}

absl::StatusOr<std::vector<v1::CaseEvent>> LocalQueue::Events(
    uint64_t after, int limit, absl::Duration timeout) const {
  ASSIGN_OR_RETURN(const auto events, items_->Events(after, limit, timeout));
  std::vector<v1::CaseEvent> told;
  for (const LeaseQueue::Event& event : events) {
    ASSIGN_OR_RETURN(v1::CaseEvent case_event, ToCaseEvent(event));
    told.push_back(std::move(case_event));
  }
  return told;
}

absl::StatusOr<v1::StatsReply> LocalQueue::Stats() const {
  ASSIGN_OR_RETURN(const LeaseQueue::Stats stats, items_->GetStats());
  v1::StatsReply reply;
  reply.set_waiting(stats.waiting);
  reply.set_leased(stats.leased);
  reply.set_decided(stats.settled);
  reply.set_dead_letter(stats.dead);
  if (stats.oldest_waiting != absl::InfiniteFuture()) {
    *reply.mutable_oldest_waiting() = ToTimestamp(stats.oldest_waiting);
  }
  return reply;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TakedownQueue>> OpenLocalQueue(
    LocalQueueOptions options) {
  ASSIGN_OR_RETURN(auto items,
                   LeaseQueue::Open({.directory = std::move(options.directory),
                                     .max_deliveries = options.max_deliveries,
                                     .clock = options.clock}));
  return std::make_unique<LocalQueue>(std::move(items), options.clock);
}

}  // namespace lenscap
