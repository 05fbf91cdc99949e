#include "base/lease_queue.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/lease_queue_impl.h"
#include "base/lease_queue_index.h"
#include "base/lease_queue_record.h"
#include "base/lease_queue_store.h"
#include "base/lease_queue_text.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

absl::Status CheckName(absl::string_view name, absl::string_view value) {
  return CheckBytes(name, value, 1, LeaseQueue::kMaxIdBytes);
}

absl::Status CheckPayload(absl::string_view payload) {
  return CheckBytes("payload", payload, 0, LeaseQueue::kMaxPayloadBytes);
}

absl::Status CheckCount(absl::string_view name, int value) {
  if (value >= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is ", value, "; it must be at least 1"));
}

absl::Time Later(absl::Time now, absl::Duration duration) {
  return absl::FromUnixMicros(absl::ToUnixMicros(now + duration));
}

absl::StatusOr<LeaseRecord> Leased(LeaseRecord record, absl::string_view holder,
                                   absl::Time now, absl::Duration duration) {
  record.state = LeaseQueue::State::kLeased;
  record.holder = std::string(holder);
  record.leased_since = now;
  record.lease_end = Later(now, duration);
  ++record.deliveries;
  ASSIGN_OR_RETURN(record.nonce, NewNonce());
  return record;
}

LeaseQueue::Claim ClaimOf(const LeaseRecord& leased, std::string payload) {
  return {ToItem(leased, std::move(payload)),
          ToText(LeaseToken{leased.sequence, leased.nonce})};
}

}  // namespace

absl::StatusOr<std::unique_ptr<LeaseQueue>> LeaseQueue::Open(Options options) {
  RETURN_IF_ERROR(CheckCount("max_deliveries", options.max_deliveries));
  ASSIGN_OR_RETURN(auto store, LeaseStore::Open(options.directory));
  auto impl = std::make_unique<Impl>(std::move(options), std::move(store));
  ASSIGN_OR_RETURN(const uint64_t last, impl->store->LastSequence());
  impl->index.SkipTo(last);
  RETURN_IF_ERROR(impl->store->ForEachRecord([&](const LeaseRecord& record) {
    impl->index.Apply({{std::nullopt, record}});
    return absl::OkStatus();
  }));
  return std::unique_ptr<LeaseQueue>(new LeaseQueue(std::move(impl)));
}

LeaseQueue::LeaseQueue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LeaseQueue::~LeaseQueue() = default;

absl::StatusOr<bool> LeaseQueue::Submit(absl::string_view id,
                                        absl::string_view payload,
                                        int priority) {
  return Submit({.id = std::string(id),
                 .payload = std::string(payload),
                 .priority = priority},
                {});
}

absl::StatusOr<bool> LeaseQueue::Submit(const NewItem& item,
                                        const std::vector<SideWrite>& sides) {
  RETURN_IF_ERROR(CheckName("id", item.id));
  for (const SideWrite& side : sides) {
    RETURN_IF_ERROR(CheckBytes("side key", side.key, 1, kMaxSideKeyBytes));
  }
  const auto hold = impl_->index.Acquire(Key(Keyspace::kSequenceOfId, item.id));
  const absl::Time now = impl_->Now();
  auto change = impl_->Fresh(item, now);
  if (absl::IsAlreadyExists(change.status())) return false;
  RETURN_IF_ERROR(change.status());
  change->sides = sides;
  std::vector<Impl::Change> changes;
  changes.push_back(*std::move(change));
  RETURN_IF_ERROR(impl_->Commit(std::move(changes), now));
  return true;
}

absl::StatusOr<std::vector<LeaseQueue::Claim>> LeaseQueue::ClaimItems(
    absl::string_view holder, int max, absl::Duration duration,
    const Accept& accept, const Lanes& lanes) {
  RETURN_IF_ERROR(CheckName("holder", holder));
  RETURN_IF_ERROR(CheckCount("max", max));
  RETURN_IF_ERROR(CheckLeaseDuration(duration));
  RETURN_IF_ERROR(impl_->ExpireLeases(impl_->Now()));
  ASSIGN_OR_RETURN(auto chosen, impl_->Choose(max, accept, lanes));
  const absl::Time now = impl_->Now();
  std::vector<Claim> claims;
  std::vector<Impl::Change> changes;
  for (Impl::Candidate& candidate : chosen) {
    ASSIGN_OR_RETURN(LeaseRecord leased,
                     Leased(candidate.record, holder, now, duration));
    claims.push_back(ClaimOf(leased, std::move(candidate.item.payload)));
    changes.push_back({candidate.record, std::move(leased)});
  }
  if (!changes.empty()) RETURN_IF_ERROR(impl_->Commit(std::move(changes), now));
  return claims;
}

absl::StatusOr<LeaseQueue::Claim> LeaseQueue::ClaimItem(
    absl::string_view id, absl::string_view holder, absl::Duration duration,
    const Accept& accept) {
  RETURN_IF_ERROR(CheckName("holder", holder));
  RETURN_IF_ERROR(CheckLeaseDuration(duration));
  RETURN_IF_ERROR(impl_->ExpireLeases(impl_->Now()));
  ASSIGN_OR_RETURN(const uint64_t sequence, impl_->SequenceOf(id));
  const auto hold = impl_->HoldItem(sequence);
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadWaiting(sequence, id));
  ASSIGN_OR_RETURN(Item item, impl_->ReadItem(record));
  if (accept && !accept(item)) {
    return absl::FailedPreconditionError(
        absl::StrCat("item \"", absl::Utf8SafeCEscape(id), "\" is not for \"",
                     absl::Utf8SafeCEscape(holder), "\""));
  }
  const absl::Time now = impl_->Now();
  ASSIGN_OR_RETURN(const LeaseRecord leased,
                   Leased(record, holder, now, duration));
  RETURN_IF_ERROR(impl_->Commit({{record, leased}}, now));
  return ClaimOf(leased, std::move(item.payload));
}

absl::StatusOr<absl::Time> LeaseQueue::Extend(absl::string_view token,
                                              absl::Duration duration) {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  RETURN_IF_ERROR(CheckLeaseDuration(duration));
  const auto hold = impl_->HoldItem(parsed.sequence);
  const absl::Time now = impl_->Now();
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadLeased(parsed, now));
  LeaseRecord extended = record;
  extended.set_aside = false;
  extended.lease_end = Later(now, duration);
  RETURN_IF_ERROR(impl_->Commit({{record, extended}}, now));
  return extended.lease_end;
}

absl::Status LeaseQueue::Release(absl::string_view token) {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  const auto hold = impl_->HoldItem(parsed.sequence);
  const absl::Time now = impl_->Now();
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadLeased(parsed, now));
  return impl_->Commit({impl_->PutBack(record, now)}, now);
}

absl::Status LeaseQueue::Unclaim(absl::string_view token) {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  const auto hold = impl_->HoldItem(parsed.sequence);
  const absl::Time now = impl_->Now();
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadLeased(parsed, now));
  LeaseRecord unclaimed = WithoutLease(record, now);
  unclaimed.nonce.clear();
  unclaimed.state = State::kWaiting;
  --unclaimed.deliveries;
  return impl_->Commit({{record, unclaimed}}, now);
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Claimed(
    absl::string_view token) const {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  auto moment = impl_->store->Now();
  ASSIGN_OR_RETURN(const LeaseRecord record,
                   impl_->ReadClaimed(parsed, impl_->Now(), moment.snapshot()));
  return impl_->ReadItem(record, moment.snapshot());
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Settle(absl::string_view token,
                                                    absl::string_view payload) {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  RETURN_IF_ERROR(CheckPayload(payload));
  const auto hold = impl_->HoldItem(parsed.sequence);
  const absl::Time now = impl_->Now();
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadClaimed(parsed, now));
  if (record.state == State::kSettled) {
    ASSIGN_OR_RETURN(Item item, impl_->ReadItem(record));
    if (item.payload != payload) return LeaseLost();
    return item;
  }
  LeaseRecord settled = WithoutLease(record, now);
  settled.state = State::kSettled;
  settled.ended = now;
  RETURN_IF_ERROR(impl_->Commit({{.before = record,
                                  .after = settled,
                                  .payload = payload,
                                  .event = EventKind::kSettled}},
                                now));
  return ToItem(settled, std::string(payload));
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::SettleWaiting(
    absl::string_view id, absl::string_view payload) {
  RETURN_IF_ERROR(CheckPayload(payload));
  RETURN_IF_ERROR(impl_->ExpireLeases(impl_->Now()));
  ASSIGN_OR_RETURN(const uint64_t sequence, impl_->SequenceOf(id));
  const auto hold = impl_->HoldItem(sequence);
  ASSIGN_OR_RETURN(const LeaseRecord record, impl_->ReadWaiting(sequence, id));
  const absl::Time now = impl_->Now();
  LeaseRecord settled = record;
  settled.state = State::kSettled;
  settled.ended = now;
  RETURN_IF_ERROR(impl_->Commit({{.before = record,
                                  .after = settled,
                                  .payload = payload,
                                  .event = EventKind::kSettled}},
                                now));
  return ToItem(settled, std::string(payload));
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Reopen(absl::string_view id,
                                                    absl::string_view payload,
                                                    int priority) {
  RETURN_IF_ERROR(CheckPayload(payload));
  ASSIGN_OR_RETURN(const uint64_t sequence, impl_->SequenceOf(id));
  const auto hold = impl_->HoldItem(sequence);
  auto record = impl_->store->ReadRecord(sequence);
  if (absl::IsNotFound(record.status())) return UnknownItem(id);
  RETURN_IF_ERROR(record.status());
  if (record->state != State::kSettled && record->state != State::kDead) {
    return absl::FailedPreconditionError(
        absl::StrCat("item \"", absl::Utf8SafeCEscape(id),
                     "\" is neither settled nor dead"));
  }
  const absl::Time now = impl_->Now();
  LeaseRecord reopened = Anew(*record, now);
  reopened.priority = priority;
  RETURN_IF_ERROR(impl_->Commit({{.before = *record,
                                  .after = reopened,
                                  .payload = payload,
                                  .event = EventKind::kReopened}},
                                now));
  return ToItem(reopened, std::string(payload));
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::AmendPayload(absl::string_view id,
                                                          const Amend& amend) {
  ASSIGN_OR_RETURN(const uint64_t sequence, impl_->SequenceOf(id));
  const auto hold = impl_->HoldItem(sequence);
  const auto record = impl_->store->ReadRecord(sequence);
  if (absl::IsNotFound(record.status())) return UnknownItem(id);
  RETURN_IF_ERROR(record.status());
  ASSIGN_OR_RETURN(Item item, impl_->ReadItem(*record));
  ASSIGN_OR_RETURN(std::optional<std::string> payload, amend(item));
  if (!payload) return item;
  RETURN_IF_ERROR(CheckPayload(*payload));
  RETURN_IF_ERROR(impl_->Commit(
      {{.before = *record, .after = *record, .payload = *payload}},
      impl_->Now()));
  item.payload = *std::move(payload);
  return item;
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::ReviseItem(absl::string_view id,
                                                        const Revise& revise) {
  RETURN_IF_ERROR(impl_->ExpireLeases(impl_->Now()));
  ASSIGN_OR_RETURN(const uint64_t sequence, impl_->SequenceOf(id));
  const auto hold = impl_->HoldItem(sequence);
  const auto record = impl_->store->ReadRecord(sequence);
  if (absl::IsNotFound(record.status())) return UnknownItem(id);
  RETURN_IF_ERROR(record.status());
  return impl_->ReviseHeld(*record, revise, /*claimed=*/false);
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::ReviseClaim(
    absl::string_view token, const Revise& revise) {
  ASSIGN_OR_RETURN(const LeaseToken parsed, ParseToken(token));
  const auto hold = impl_->HoldItem(parsed.sequence);
  ASSIGN_OR_RETURN(const LeaseRecord record,
                   impl_->ReadClaimed(parsed, impl_->Now()));
  return impl_->ReviseHeld(record, revise, /*claimed=*/true);
}

absl::Status LeaseQueue::ReviseAll(const Revise& revise) {
  constexpr size_t kAtOnce = 1000;
  std::lock_guard lock(impl_->expiring);
  std::vector<uint64_t> sequences;
  RETURN_IF_ERROR(impl_->store->ForEachRecord([&](const LeaseRecord& record) {
    sequences.push_back(record.sequence);
    return absl::OkStatus();
  }));
  const StoreSides sides(impl_->store.get(), nullptr);
  for (size_t begin = 0; begin < sequences.size(); begin += kAtOnce) {
    const size_t end = std::min(begin + kAtOnce, sequences.size());
    const absl::Time now = impl_->Now();
    std::vector<LeaseIndex::Hold> holds;
    std::deque<Revision> revisions;  // Which changes point into.
    std::vector<Impl::Change> changes;
    for (size_t i = begin; i < end; ++i) {
      holds.push_back(impl_->HoldItem(sequences[i]));
      const auto record = impl_->store->ReadRecord(sequences[i]);
      if (absl::IsNotFound(record.status())) continue;
      RETURN_IF_ERROR(record.status());
      ASSIGN_OR_RETURN(const Item item, impl_->ReadItem(*record));
      ASSIGN_OR_RETURN(auto revision, revise(item, sides));
      if (!revision) continue;
      revisions.push_back(*std::move(revision));
      ASSIGN_OR_RETURN(Impl::Change change,
                       impl_->ChangeBy(*record, revisions.back(),
                                       /*claimed=*/false, now));
      changes.push_back(std::move(change));
    }
    if (changes.empty()) continue;
    RETURN_IF_ERROR(impl_->Commit(std::move(changes), now));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LeaseQueue::Claim>> LeaseQueue::ClaimsOf(
    absl::string_view holder) const {
  impl_->ExpireLeases(impl_->Now()).IgnoreError();
  auto moment = impl_->store->Now();
  std::vector<Claim> claims;
  size_t bytes = 0;
  for (const uint64_t sequence : impl_->index.LeasedBy(holder)) {
    if (bytes >= Impl::kFullBytes) break;
    const auto record = impl_->store->ReadRecord(sequence, moment.snapshot());
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    if (record->state != State::kLeased || record->holder != holder) continue;
    ASSIGN_OR_RETURN(Item item, impl_->ReadItem(*record, moment.snapshot()));
    bytes += item.payload.size();
    claims.push_back(ClaimOf(*record, std::move(item.payload)));
  }
  return claims;
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Get(absl::string_view id) const {
  impl_->ExpireLeases(impl_->Now()).IgnoreError();
  auto moment = impl_->store->Now();
  ASSIGN_OR_RETURN(const uint64_t sequence,
                   impl_->SequenceOf(id, moment.snapshot()));
  ASSIGN_OR_RETURN(const LeaseRecord record,
                   impl_->store->ReadRecord(sequence, moment.snapshot()));
  return impl_->ReadItem(record, moment.snapshot());
}

absl::Status LeaseQueue::ForEach(
    const std::function<absl::Status(const Item&)>& visit) const {
  return ForEach([&](const Item& item, const Sides&) { return visit(item); });
}

absl::Status LeaseQueue::ForEach(
    const std::function<absl::Status(const Item&, const Sides&)>& visit) const {
  impl_->ExpireLeases(impl_->Now()).IgnoreError();
  auto moment = impl_->store->Now();
  const StoreSides sides(impl_->store.get(), moment.snapshot());
  return impl_->store->ForEachRecord(
      [&](const LeaseRecord& record) -> absl::Status {
        ASSIGN_OR_RETURN(const Item item,
                         impl_->ReadItem(record, moment.snapshot()));
        return visit(item, sides);
      },
      moment.snapshot());
}

absl::Status LeaseQueue::WriteSides(const std::vector<SideWrite>& sides) {
  for (const SideWrite& side : sides) {
    RETURN_IF_ERROR(CheckBytes("side key", side.key, 1, kMaxSideKeyBytes));
  }
  LeaseStore::Step step;
  step.sides = sides;
  return impl_->store->Write({std::move(step)}, impl_->index.last_sequence());
}

std::unique_ptr<LeaseQueue::Sides> LeaseQueue::SidesNow() const {
  return std::make_unique<StoreSides>(impl_->store.get(), nullptr);
}

absl::StatusOr<LeaseQueue::Page> LeaseQueue::List(State state,
                                                  absl::string_view after,
                                                  int limit,
                                                  const Lanes& lanes) const {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  ASSIGN_OR_RETURN(const LeaseIndex::Place start, ParseCursor(after));
  impl_->ExpireLeases(impl_->Now()).IgnoreError();
  const size_t most = limit;
  // Places from memory may have been left by the moment that items are read.
  ASSIGN_OR_RETURN(const auto places,
                   impl_->Places(state, start, most + 1, lanes));
  auto moment = impl_->store->Now();
  Page page;
  size_t bytes = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    if (i == most || bytes >= Impl::kFullBytes) {
      page.next = ToText(places[i - 1]);
      break;
    }
    const auto record =
        impl_->store->ReadRecord(places[i].sequence, moment.snapshot());
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    if (record->state != state) continue;
    if (lanes && !lanes(record->lane)) continue;
    ASSIGN_OR_RETURN(Item item, impl_->ReadItem(*record, moment.snapshot()));
    bytes += item.payload.size();
    page.items.push_back(std::move(item));
  }
  return page;
}

absl::StatusOr<std::vector<LeaseQueue::Event>> LeaseQueue::Events(
    uint64_t after, int limit, absl::Duration timeout) const {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  const auto deadline = LeaseIndex::After(timeout);
  uint64_t seen = after;
  while (true) {
    const uint64_t visible = impl_->index.visible_sequence();
    ASSIGN_OR_RETURN(auto events, impl_->store->Events(after, visible, limit));
    if (!events.empty()) return events;
    seen = std::max(seen, visible);
    if (!impl_->index.WaitForSequence(seen, deadline)) return events;
  }
}

void LeaseQueue::WaitForWork(absl::Duration timeout) const {
  impl_->index.WaitForWork(*impl_->options.clock, LeaseIndex::After(timeout));
}

absl::StatusOr<int64_t> LeaseQueue::Purge(absl::Time before,
                                          const Forget& forget) {
  ASSIGN_OR_RETURN(const int64_t settled,
                   impl_->PurgeEnded(State::kSettled, before, forget));
  ASSIGN_OR_RETURN(const int64_t dead,
                   impl_->PurgeEnded(State::kDead, before, forget));
  const uint64_t visible = impl_->index.visible_sequence();
  RETURN_IF_ERROR(impl_->store->ForgetEvents(before, visible,
                                             impl_->index.last_sequence()));
  return settled + dead;
}

absl::Status LeaseQueue::ExpireLeases() {
  return impl_->ExpireLeases(impl_->Now());
}

absl::Status LeaseQueue::ReleaseAll() {
  return impl_->ExpireLeases(absl::InfiniteFuture());
}

absl::StatusOr<LeaseQueue::Stats> LeaseQueue::GetStats() const {
  impl_->ExpireLeases(impl_->Now()).IgnoreError();
  return impl_->index.stats();
}

std::map<std::string, LeaseQueue::LaneStats> LeaseQueue::GetLaneStats(
    const std::vector<absl::Duration>& ages, absl::Duration soon) const {
  const absl::Time now = impl_->Now();
  impl_->ExpireLeases(now).IgnoreError();
  return impl_->index.lane_stats(ages, soon, now);
}

absl::StatusOr<std::vector<std::string>> LeaseQueue::Due(absl::Time before,
                                                         int limit) const {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  std::vector<std::string> ids;
  for (const uint64_t sequence : impl_->index.Due(before, limit)) {
    const auto record = impl_->store->ReadRecord(sequence);
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    ids.push_back(record->id);
  }
  return ids;
}

}  // namespace lenscap
