#include "takedown/local_queue.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/lease_queue.h"
#include "base/status_macros.h"
#include "takedown/basis.h"
#include "takedown/case_event.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

// The bounds that takedown.proto gives.
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxTextBytes = 4096;
constexpr size_t kMaxFeedbackBytes = 1024;
constexpr size_t kMaxTenantBytes = 64;
constexpr int kMaxPriority = 1000;
// Someone waits for the answer to an appeal.
constexpr int kAppealRaises = 100;
// Who reopens what has lost its basis.
constexpr char kSystem[] = "system";

using Item = LeaseQueue::Item;

// False for somebody's appeal against the reviewer's own decision, and for a
// damaged case, which must not keep the others from being leased.
bool MayReview(const Item& item, absl::string_view reviewer) {
  const auto decoded = DecodeCase(item);
  if (!decoded.ok()) return false;
  const auto& decisions = decoded->decisions();
  return decisions.empty() || decisions.rbegin()->reviewer() != reviewer ||
         decoded->reopened_by() == kSystem;
}

bool IsOfTenant(const Item& item, const v1::QueueFilter& filter) {
  const auto decoded = DecodeCase(item);
  return filter.tenant().empty() ||
         (decoded.ok() && decoded->tenant() == filter.tenant());
}

// The one upload of a case.
v1::CaseUpload UploadOf(const v1::Case& opened) {
  v1::CaseUpload upload;
  upload.set_case_id(opened.case_id());
  upload.set_number(1);
  upload.set_content_id(opened.content_id());
  upload.set_account(opened.account());
  upload.set_group(opened.group());
  upload.set_tenant(opened.tenant());
  upload.set_platform_class(opened.platform_class());
  *upload.mutable_seen() = opened.opened();
  *upload.mutable_report() = opened.report();
  *upload.mutable_decisions() = opened.decisions();
  return upload;
}

// The case, if it was decided like this.
absl::StatusOr<v1::Case> DecidedLike(const Item& item, const Ruling& ruling) {
  ASSIGN_OR_RETURN(v1::Case decided, DecodeCase(item));
  if (!decided.decisions().empty()) {
    const v1::Decision& last = *decided.decisions().rbegin();
    if (last.outcome() == ruling.outcome && last.note() == ruling.note &&
        last.feedback() == ruling.feedback) {
      return decided;
    }
  }
  return absl::AbortedError(
      absl::StrCat(item.id, " was decided otherwise under this lease"));
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

// The queue of cases, as a thin layer over the queue of items.
class LocalQueue final : public TakedownQueue {
 public:
  LocalQueue(std::unique_ptr<LeaseQueue> items, const Clock* clock)
      : items_(std::move(items)), clock_(clock) {}

  absl::StatusOr<std::string> Submit(const v1::Case& opened) override;
  using TakedownQueue::LeaseCases;
  absl::StatusOr<std::vector<Lease>> LeaseCases(
      const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
      absl::Duration duration) override;
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration) override {
    return items_->Extend(token, duration);
  }
  absl::Status Release(absl::string_view token) override {
    return items_->Release(token);
  }
  absl::StatusOr<v1::Case> Rule(absl::string_view token,
                                const Ruling& ruling) override;
  absl::StatusOr<v1::Case> Reopen(absl::string_view case_id,
                                  absl::string_view statement,
                                  absl::string_view by) override;
  absl::StatusOr<BasisChange> Recheck(
      absl::string_view case_id, const WithdrawalOf& withdrawal_of) override;
  absl::StatusOr<v1::Case> Claimed(absl::string_view token) const override {
    ASSIGN_OR_RETURN(const Item item, items_->Claimed(token));
    return DecodeCase(item);
  }
  absl::StatusOr<v1::Case> Get(absl::string_view case_id) const override;
  absl::StatusOr<Page> List(v1::Case::State state, absl::string_view after,
                            int limit) const override;
  absl::StatusOr<v1::CaseUpload> Upload(
      absl::string_view content_id) const override {
    ASSIGN_OR_RETURN(const v1::Case opened, Get(CaseId(content_id)));
    return UploadOf(opened);
  }
  absl::StatusOr<UploadPage> Uploads(absl::string_view case_id,
                                     absl::string_view after, int limit,
                                     bool undecided) const override;
  absl::StatusOr<UploadPage> UploadsDecided(absl::string_view case_id,
                                            int version,
                                            absl::string_view after,
                                            int limit) const override;
  absl::Status ForEachUpload(const VisitUpload& visit) const override {
    return ForEach([&](const v1::Case& opened) {
      return visit(opened, UploadOf(opened));
    });
  }
  absl::Status ForEach(const Visit& visit) const override;
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t after, int limit, absl::Duration timeout) const override;
  absl::StatusOr<v1::StatsReply> Stats() const override;
  absl::StatusOr<int64_t> Purge(absl::Time before) override {
    return items_->Purge(before);
  }

 private:
  const std::unique_ptr<LeaseQueue> items_;
  const Clock* const clock_;
  absl::StatusOr<v1::Case> PutBack(const Item& item, const v1::Case& reopened);

  // Held from reading a decided case until it is changed or reopened: nothing
  // else changes a decided case.
  std::mutex reopening_;
};

absl::StatusOr<std::string> LocalQueue::Submit(const v1::Case& opened) {
  RETURN_IF_ERROR(
      CheckText("content_id", opened.content_id(), 1, kMaxNameBytes));
  RETURN_IF_ERROR(CheckText("account", opened.account(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckText("group", opened.group(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckText("tenant", opened.tenant(), 0, kMaxTenantBytes));
  RETURN_IF_ERROR(
      CheckText("platform_class", opened.platform_class(), 0, kMaxTenantBytes));
  if (opened.priority() < 0 || opened.priority() > kMaxPriority) {
    return absl::InvalidArgumentError(absl::StrCat(
        "priority is ", opened.priority(), "; it must be 0 to ", kMaxPriority));
  }
  v1::Case fresh = opened;
  fresh.clear_decisions();
  fresh.clear_appeal();
  fresh.clear_reopened_by();
  fresh.clear_withdrawn_basis();
  if (fresh.kind() == v1::Case::KIND_UNSPECIFIED) {
    fresh.set_kind(v1::Case::KIND_UPLOAD);
  }
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(fresh));
  std::string id = CaseId(opened.content_id());
  RETURN_IF_ERROR(items_->Submit(id, payload, opened.priority()).status());
  return id;
}

absl::StatusOr<std::vector<Lease>> LocalQueue::LeaseCases(
    const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
    absl::Duration duration) {
  RETURN_IF_ERROR(CheckText("reviewer", reviewer.name, 1, kMaxNameBytes));
  ASSIGN_OR_RETURN(
      auto claims,
      items_->ClaimItems(reviewer.name, max, duration, [&](const Item& item) {
        return MayReview(item, reviewer.name) && IsOfTenant(item, filter);
      }));
  std::vector<Lease> leases;
  for (LeaseQueue::Claim& claim : claims) {
    ASSIGN_OR_RETURN(v1::Case leased, DecodeCase(claim.item));
    leases.emplace_back(this, std::move(leased), std::move(claim.token));
  }
  return leases;
}

absl::StatusOr<v1::Case> LocalQueue::Rule(absl::string_view token,
                                          const Ruling& ruling) {
  if (ruling.outcome != v1::Decision::OUTCOME_REMOVE &&
      ruling.outcome != v1::Decision::OUTCOME_KEEP) {
    return absl::InvalidArgumentError("outcome must be REMOVE or KEEP");
  }
  RETURN_IF_ERROR(CheckText("note", ruling.note, 0, kMaxTextBytes));
  RETURN_IF_ERROR(CheckText("feedback", ruling.feedback, 0, kMaxFeedbackBytes));
  ASSIGN_OR_RETURN(const Item item, items_->Claimed(token));
  if (item.state == LeaseQueue::State::kSettled) {
    return DecidedLike(item, ruling);
  }
  ASSIGN_OR_RETURN(v1::Case decided, DecodeCase(item));
  v1::Decision& decision = *decided.add_decisions();
  decision.set_outcome(ruling.outcome);
  decision.set_reviewer(item.holder);
  decision.set_note(ruling.note);
  decision.set_feedback(ruling.feedback);
  *decision.mutable_time() = ToTimestamp(clock_->Now());
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(decided));
  const auto settled = items_->Settle(token, payload);
  if (absl::IsAborted(settled.status())) {
    // Perhaps the same call came twice at once, and the other was first.
    ASSIGN_OR_RETURN(const Item ended, items_->Claimed(token));
    return DecidedLike(ended, ruling);
  }
  RETURN_IF_ERROR(settled.status());
  return DecodeCase(*settled);
}

absl::StatusOr<v1::Case> LocalQueue::Reopen(absl::string_view case_id,
                                            absl::string_view statement,
                                            absl::string_view by) {
  RETURN_IF_ERROR(CheckText("statement", statement, 1, kMaxTextBytes));
  RETURN_IF_ERROR(CheckText("reopened_by", by, 0, kMaxNameBytes));
  std::lock_guard lock(reopening_);
  ASSIGN_OR_RETURN(const Item item, items_->Get(case_id));
  if (item.state != LeaseQueue::State::kSettled) {
    return absl::FailedPreconditionError(absl::StrCat(
        case_id, " is not decided; only a decision can be appealed"));
  }
  ASSIGN_OR_RETURN(v1::Case appealed, DecodeCase(item));
  appealed.set_appeal(std::string(statement));
  appealed.set_reopened_by(std::string(by));
  return PutBack(item, appealed);
}

// `reopened` is what becomes of the decided case.
absl::StatusOr<v1::Case> LocalQueue::PutBack(const Item& item,
                                             const v1::Case& reopened) {
  ASSIGN_OR_RETURN(const std::string payload, EncodeCase(reopened));
  ASSIGN_OR_RETURN(
      const Item waiting,
      items_->Reopen(item.id, payload,
                     std::min(kMaxPriority, item.priority + kAppealRaises)));
  return DecodeCase(waiting);
}

absl::StatusOr<BasisChange> LocalQueue::Recheck(
    absl::string_view case_id, const WithdrawalOf& withdrawal_of) {
  std::lock_guard lock(reopening_);
  BasisChange change = BasisChange::kNone;
  v1::Case rechecked;
  ASSIGN_OR_RETURN(
      const Item item,
      items_->AmendPayload(
          case_id,
          [&](const Item& item) -> absl::StatusOr<std::optional<std::string>> {
            ASSIGN_OR_RETURN(rechecked, DecodeCase(item));
            ASSIGN_OR_RETURN(
                change, UpdateBasis(withdrawal_of, clock_->Now(), rechecked));
            // A reopening writes the marks itself: both or neither.
            if (change != BasisChange::kMarked) return std::nullopt;
            ASSIGN_OR_RETURN(std::string payload, EncodeCase(rechecked));
            return payload;
          }));
  if (change == BasisChange::kReopened) {
    rechecked.set_reopened_by(kSystem);
    RETURN_IF_ERROR(PutBack(item, rechecked).status());
  }
  return change;
}

absl::StatusOr<TakedownQueue::UploadPage> LocalQueue::Uploads(
    absl::string_view case_id, absl::string_view, int, bool undecided) const {
  ASSIGN_OR_RETURN(const v1::Case opened, Get(case_id));
  UploadPage page;
  if (!undecided || opened.decisions().empty()) {
    page.uploads.push_back(UploadOf(opened));
  }
  return page;
}

absl::StatusOr<TakedownQueue::UploadPage> LocalQueue::UploadsDecided(
    absl::string_view case_id, int version, absl::string_view, int) const {
  ASSIGN_OR_RETURN(const v1::Case opened, Get(case_id));
  UploadPage page;
  if (version >= 1 && version <= opened.decisions_size()) {
    page.uploads.push_back(UploadOf(opened));
  }
  return page;
}

absl::Status LocalQueue::ForEach(const Visit& visit) const {
  return items_->ForEach([&](const Item& item) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Case opened, DecodeCase(item));
    return visit(opened);
  });
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

absl::StatusOr<std::vector<v1::CaseEvent>> LocalQueue::Events(
    uint64_t after, int limit, absl::Duration timeout) const {
  ASSIGN_OR_RETURN(const auto events, items_->Events(after, limit, timeout));
  std::vector<v1::CaseEvent> told;
  for (const LeaseQueue::Event& event : events) {
    const auto item = items_->Get(event.id);
    if (!absl::IsNotFound(item.status())) RETURN_IF_ERROR(item.status());
    ASSIGN_OR_RETURN(v1::CaseEvent case_event,
                     ToCaseEvent(event, item.ok() ? &*item : nullptr));
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
