// What is asked of the queue: claims, cases, uploads, histories, events.

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "takedown/case_event.h"
#include "takedown/case_record.h"
#include "takedown/decided.h"
#include "takedown/history.h"
#include "takedown/lane.h"
#include "takedown/local_queue_impl.h"
#include "takedown/second_review.h"

namespace lenscap {
namespace {

using Item = LeaseQueue::Item;

// Of an upload page, however large the reports.
constexpr size_t kFullPageBytes = 4 << 20;

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

// A damaged case must not keep the others from being leased.
bool IsReadable(const Item& item) { return DecodeCase(item).ok(); }

absl::StatusOr<int64_t> ParseUploadCursor(absl::string_view after) {
  if (after.empty()) return 0;
  const std::string bytes =
      after.size() == 16 ? absl::HexStringToBytes(after) : "";
  const auto number = static_cast<int64_t>(DecodeUint64(bytes));
  if (number <= 0) return absl::InvalidArgumentError("this is no page cursor");
  return number;
}

std::string UploadCursor(int64_t number) {
  return absl::BytesToHexString(EncodeUint64(static_cast<uint64_t>(number)));
}

void KeepBestMatch(v1::ScanReport& report) {
  auto& matches = *report.mutable_matches();
  if (matches.size() > 1) matches.DeleteSubrange(1, matches.size() - 1);
}

absl::Status Enough() { return absl::CancelledError("the page is full"); }

// Adds what a queue of a tenant has, and that lane has, together.
void AddLane(const LeaseQueue::LaneStats& lane, v1::QueueStats& stats) {
  stats.set_waiting(stats.waiting() + lane.waiting);
  stats.set_leased(stats.leased() + lane.leased);
  stats.set_due_soon(stats.due_soon() + lane.due_soon);
  stats.set_overdue(stats.overdue() + lane.overdue);
  if (lane.oldest_waiting != absl::InfiniteFuture() &&
      (!stats.has_oldest_waiting() ||
       lane.oldest_waiting < FromTimestamp(stats.oldest_waiting()))) {
    *stats.mutable_oldest_waiting() = ToTimestamp(lane.oldest_waiting);
  }
  const int ages = static_cast<int>(lane.waiting_by_age.size());
  while (stats.waiting_by_age_size() < ages) stats.add_waiting_by_age(0);
  for (int i = 0; i < ages; ++i) {
    stats.set_waiting_by_age(i,
                             stats.waiting_by_age(i) + lane.waiting_by_age[i]);
  }
}

}  // namespace

absl::StatusOr<std::vector<Lease>> LocalQueue::LeaseCases(
    const Reviewer& reviewer, const v1::QueueFilter& filter, int max,
    absl::Duration duration) {
  RETURN_IF_ERROR(CheckText("reviewer", reviewer.name, 1, kMaxCaseNameBytes));
  ASSIGN_OR_RETURN(auto claims,
                   items_->ClaimItems(reviewer.name, max, duration, IsReadable,
                                      [&](absl::string_view text) {
                                        const CaseLane lane = ParseLane(text);
                                        return IsShown(lane, filter, {}) &&
                                               MayTake(lane, reviewer);
                                      }));
  std::vector<Lease> leases;
  for (LeaseQueue::Claim& claim : claims) {
    ASSIGN_OR_RETURN(v1::Case leased, DecodeCase(claim.item));
    leases.emplace_back(this, std::move(leased), std::move(claim.token));
  }
  return leases;
}

absl::StatusOr<Lease> LocalQueue::LeaseCase(const Reviewer& reviewer,
                                            absl::string_view case_id,
                                            absl::Duration duration) {
  RETURN_IF_ERROR(CheckText("reviewer", reviewer.name, 1, kMaxCaseNameBytes));
  ASSIGN_OR_RETURN(LeaseQueue::Claim claim,
                   items_->ClaimItem(
                       case_id, reviewer.name, duration, [&](const Item& item) {
                         return MayTake(ParseLane(item.lane), reviewer);
                       }));
  ASSIGN_OR_RETURN(v1::Case leased, DecodeCase(claim.item));
  return Lease(this, std::move(leased), std::move(claim.token));
}

absl::StatusOr<std::vector<v1::LeasedCase>> LocalQueue::Claims(
    absl::string_view reviewer) const {
  RETURN_IF_ERROR(CheckText("reviewer", reviewer, 1, kMaxCaseNameBytes));
  ASSIGN_OR_RETURN(const auto claims, items_->ClaimsOf(reviewer));
  std::vector<v1::LeasedCase> leased;
  for (const LeaseQueue::Claim& claim : claims) {
    ASSIGN_OR_RETURN(const v1::Case record, DecodeRecord(claim.item));
    if (PendingReview(record, reviewer, claim.item.leased_since) != nullptr) {
      continue;  // To its reviewer it is decided.
    }
    v1::LeasedCase& one = leased.emplace_back();
    ASSIGN_OR_RETURN(*one.mutable_case_(), DecodeCase(claim.item));
    one.set_lease_token(claim.token);
  }
  return leased;
}

absl::StatusOr<v1::Case> LocalQueue::Claimed(absl::string_view token) const {
  ASSIGN_OR_RETURN(const Item item, items_->Claimed(token));
  return DecodeCase(item);
}

absl::StatusOr<v1::Case> LocalQueue::Get(absl::string_view case_id) const {
  ASSIGN_OR_RETURN(const Item item, items_->Get(case_id));
  return DecodeCase(item);
}

absl::StatusOr<TakedownQueue::Page> LocalQueue::List(
    v1::Case::State state, const v1::QueueFilter& filter,
    const std::vector<std::string>& tenants, absl::string_view after,
    int limit) const {
  const auto item_state = ToItemState(state);
  if (!item_state) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no case state ", static_cast<int>(state)));
  }
  ASSIGN_OR_RETURN(
      LeaseQueue::Page items,
      items_->List(*item_state, after, limit, [&](absl::string_view lane) {
        return IsShown(ParseLane(lane), filter, tenants);
      }));
  Page page;
  page.next = std::move(items.next);
  for (const Item& item : items.items) {
    ASSIGN_OR_RETURN(v1::Case listed, DecodeCase(item));
    KeepBestMatch(*listed.mutable_report());
    page.cases.push_back(std::move(listed));
  }
  return page;
}

absl::StatusOr<v1::CaseUpload> LocalQueue::Upload(
    absl::string_view content_id) const {
  const auto sides = items_->SidesNow();
  // It may move to another case between the reads.
  while (true) {
    ASSIGN_OR_RETURN(const auto place, FindUpload(*sides, content_id));
    if (!place) {
      return absl::NotFoundError(absl::StrCat("no case has the upload \"",
                                              absl::Utf8SafeCEscape(content_id),
                                              "\""));
    }
    const auto recorded = ReadUpload(*sides, *place);
    if (absl::IsNotFound(recorded.status())) continue;
    RETURN_IF_ERROR(recorded.status());
    ASSIGN_OR_RETURN(const v1::Case opened, Get(place->case_id));
    return WithDecisions(opened, *recorded);
  }
}

absl::StatusOr<TakedownQueue::UploadPage> LocalQueue::UploadsThat(
    absl::string_view case_id, absl::string_view after, int limit,
    const Holds& holds) const {
  if (limit < 1) return absl::InvalidArgumentError("limit must be at least 1");
  ASSIGN_OR_RETURN(const int64_t start, ParseUploadCursor(after));
  ASSIGN_OR_RETURN(const v1::Case opened, Get(case_id));
  UploadPage page;
  size_t bytes = 0;
  const absl::Status read = ForEachRecord(
      *items_->SidesNow(), case_id, start,
      [&](const v1::CaseUpload& recorded) -> absl::Status {
        ASSIGN_OR_RETURN(const bool wanted, holds(opened, recorded));
        if (!wanted) return absl::OkStatus();
        if (page.uploads.size() == static_cast<size_t>(limit) ||
            bytes >= kFullPageBytes) {
          page.next = UploadCursor(page.uploads.back().number());
          return Enough();
        }
        page.uploads.push_back(WithDecisions(opened, recorded));
        bytes += page.uploads.back().ByteSizeLong();
        return absl::OkStatus();
      });
  if (!absl::IsCancelled(read)) RETURN_IF_ERROR(read);
  return page;
}

absl::StatusOr<TakedownQueue::UploadPage> LocalQueue::Uploads(
    absl::string_view case_id, absl::string_view after, int limit,
    bool undecided) const {
  return UploadsThat(
      case_id, after, limit,
      [&](const v1::Case& opened,
          const v1::CaseUpload& recorded) -> absl::StatusOr<bool> {
        return !undecided || !IsDecided(opened, recorded);
      });
}

absl::StatusOr<TakedownQueue::UploadPage> LocalQueue::UploadsDecided(
    absl::string_view case_id, int version, absl::string_view after,
    int limit) const {
  return UploadsThat(
      case_id, after, limit,
      [&](const v1::Case& opened,
          const v1::CaseUpload& recorded) -> absl::StatusOr<bool> {
        const std::vector<int> places = FindDecisions(opened, recorded).places;
        return std::find(places.begin(), places.end(), version - 1) !=
               places.end();
      });
}

namespace {

// Counts uploads of which the case says the decisions; each case is read once.
class UploadCounter {
 public:
  using ReadCase =
      std::function<absl::StatusOr<v1::Case>(const std::string& case_id)>;
  UploadCounter(absl::Duration strike_expiry, ReadCase read)
      : history_(strike_expiry), read_(std::move(read)) {}

  absl::Status Add(const v1::CaseUpload& brief, const std::string& neighbour) {
    auto found = cases_.find(brief.case_id());
    if (found == cases_.end()) {
      auto opened = read_(brief.case_id());
      if (absl::IsNotFound(opened.status())) return absl::OkStatus();
      RETURN_IF_ERROR(opened.status());
      found = cases_.emplace(brief.case_id(), *std::move(opened)).first;
    }
    history_.Add(WithDecisions(found->second, brief),
                 IsDecided(found->second, brief), neighbour);
    return absl::OkStatus();
  }

  absl::StatusOr<v1::History> Finish(absl::string_view tenant,
                                     absl::string_view name) const {
    v1::History history = history_.Finish();
    if (history.uploads() == 0) {
      return absl::NotFoundError(absl::StrCat(
          "no case knows of \"", absl::Utf8SafeCEscape(name), "\""));
    }
    history.set_tenant(std::string(tenant));
    history.set_name(std::string(name));
    return history;
  }

 private:
  HistoryCounter history_;
  const ReadCase read_;
  std::map<std::string, v1::Case> cases_;
};

}  // namespace

absl::StatusOr<v1::History> LocalQueue::Account(absl::string_view tenant,
                                                absl::string_view name) const {
  UploadCounter counter(options_.strike_expiry,
                        [this](const std::string& id) { return Get(id); });
  RETURN_IF_ERROR(ForEachOfAccount(*items_->SidesNow(), tenant, name,
                                   [&](const v1::CaseUpload& brief) {
                                     return counter.Add(brief, brief.group());
                                   }));
  return counter.Finish(tenant, name);
}

absl::StatusOr<v1::History> LocalQueue::Group(absl::string_view tenant,
                                              absl::string_view name) const {
  UploadCounter counter(options_.strike_expiry,
                        [this](const std::string& id) { return Get(id); });
  RETURN_IF_ERROR(ForEachOfGroup(*items_->SidesNow(), tenant, name,
                                 [&](const v1::CaseUpload& brief) {
                                   return counter.Add(brief, brief.account());
                                 }));
  return counter.Finish(tenant, name);
}

absl::Status LocalQueue::ForEachUpload(const VisitUpload& visit) const {
  return items_->ForEach(
      [&](const Item& item, const CaseSides& sides) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::Case opened, DecodeCase(item));
        return ForEachRecord(
            sides, item.id, 0, [&](const v1::CaseUpload& recorded) {
              return visit(opened, WithDecisions(opened, recorded));
            });
      });
}

absl::Status LocalQueue::ForEach(const Visit& visit) const {
  return items_->ForEach([&](const Item& item) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Case opened, DecodeCase(item));
    return visit(opened);
  });
}

absl::StatusOr<std::vector<v1::CaseEvent>> LocalQueue::Events(
    uint64_t after, int limit, absl::Duration timeout) const {
  ASSIGN_OR_RETURN(const auto events, items_->Events(after, limit, timeout));
  std::vector<v1::CaseEvent> told;
  for (const LeaseQueue::Event& event : events) {
    std::optional<Item> item;
    if (event.detail.empty()) {
      auto read = items_->Get(event.id);
      if (!absl::IsNotFound(read.status())) RETURN_IF_ERROR(read.status());
      if (read.ok()) item = *std::move(read);
    }
    ASSIGN_OR_RETURN(v1::CaseEvent case_event,
                     ToCaseEvent(event, item ? &*item : nullptr));
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
  const auto lanes =
      items_->GetLaneStats({absl::Hours(1), absl::Hours(4), absl::Hours(24),
                            absl::Hours(48), absl::Hours(24 * 7)},
                           absl::Hours(24));
  std::map<std::pair<std::string, v1::CaseQueue>, v1::QueueStats> queues;
  for (const auto& [text, lane_stats] : lanes) {
    const CaseLane lane = ParseLane(text);
    v1::QueueStats& queue = queues[{lane.tenant, lane.queue}];
    queue.set_queue(lane.queue);
    queue.set_tenant(lane.tenant);
    AddLane(lane_stats, queue);
    reply.set_held(reply.held() + lane_stats.set_aside);
  }
  for (auto& [key, queue] : queues) *reply.add_queues() = std::move(queue);
  return reply;
}

}  // namespace lenscap
