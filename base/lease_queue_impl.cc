#include "base/lease_queue_impl.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

// Changes of one write where there may be many.
constexpr size_t kBatch = 1000;

}  // namespace

LeaseQueue::Item ToItem(const LeaseRecord& record, std::string payload) {
  return {.id = record.id,
          .payload = std::move(payload),
          .priority = record.priority,
          .state = record.state,
          .submitted = record.submitted,
          .deliveries = record.deliveries,
          .holder = record.holder,
          .lease_end = record.lease_end,
          .settled = record.ended};
}

LeaseRecord WithoutLease(LeaseRecord record) {
  record.holder.clear();
  record.lease_end = absl::UnixEpoch();
  return record;
}

absl::Status LeaseLost() {
  return absl::AbortedError(
      "the lease was lost: it ran out, was given back or has been settled");
}

absl::Status UnknownItem(absl::string_view id) {
  return absl::NotFoundError(absl::StrCat("the queue has no item \"",
                                          absl::Utf8SafeCEscape(id), "\""));
}

absl::Time LeaseQueue::Impl::Now() const {
  return absl::FromUnixMicros(absl::ToUnixMicros(options.clock->Now()));
}

LeaseIndex::Hold LeaseQueue::Impl::HoldItem(uint64_t sequence) {
  return index.Acquire(Key(Keyspace::kRecord, sequence));
}

absl::StatusOr<uint64_t> LeaseQueue::Impl::SequenceOf(
    absl::string_view id, LeaseStore::Moment moment) {
  auto sequence = store->SequenceOf(id, moment);
  if (absl::IsNotFound(sequence.status())) return UnknownItem(id);
  return sequence;
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Impl::ReadItem(
    const LeaseRecord& record, LeaseStore::Moment moment) const {
  ASSIGN_OR_RETURN(std::string payload,
                   store->ReadPayload(record.sequence, moment));
  return ToItem(record, std::move(payload));
}

absl::StatusOr<LeaseRecord> LeaseQueue::Impl::ReadClaimed(
    const LeaseToken& token, absl::Time now, LeaseStore::Moment moment) const {
  auto record = store->ReadRecord(token.sequence, moment);
  if (absl::IsNotFound(record.status())) return LeaseLost();
  RETURN_IF_ERROR(record.status());
  const bool claimed =
      record->state == State::kSettled ||
      (record->state == State::kLeased && record->lease_end > now);
  if (!claimed || record->nonce != token.nonce) return LeaseLost();
  return record;
}

absl::StatusOr<LeaseRecord> LeaseQueue::Impl::ReadLeased(
    const LeaseToken& token, absl::Time now) const {
  ASSIGN_OR_RETURN(LeaseRecord record, ReadClaimed(token, now));
  if (record.state != State::kLeased) return LeaseLost();
  return record;
}

absl::StatusOr<LeaseRecord> LeaseQueue::Impl::ReadWaiting(
    uint64_t sequence, absl::string_view id) const {
  auto record = store->ReadRecord(sequence);
  if (absl::IsNotFound(record.status())) return UnknownItem(id);
  RETURN_IF_ERROR(record.status());
  if (record->state == State::kWaiting) return record;
  return absl::FailedPreconditionError(
      absl::StrCat("item \"", absl::Utf8SafeCEscape(id), "\" does not wait"));
}

absl::Status LeaseQueue::Impl::Commit(std::vector<Change> changes,
                                      absl::Time now) {
  std::vector<LeaseIndex::Pending> pending;
  std::vector<LeaseStore::Step> steps;
  std::vector<LeaseIndex::Change> applied;
  for (Change& change : changes) {
    std::optional<Event> event;
    if (change.event) {
      pending.push_back(index.NextSequence());
      const uint64_t sequence = pending.back().sequence();
      if (!change.before) change.after->sequence = sequence;
      event = Event{sequence, *change.event, change.after->id, now};
    }
    applied.push_back({change.before, change.after});
    steps.push_back({std::move(change.before), std::move(change.after),
                     change.payload, std::move(event)});
  }
  RETURN_IF_ERROR(store->Write(steps, index.last_sequence()));
  index.Apply(applied);
  return absl::OkStatus();
}

LeaseQueue::Impl::Change LeaseQueue::Impl::PutBack(const LeaseRecord& record,
                                                   absl::Time now) const {
  Change change{.before = record, .after = WithoutLease(record)};
  change.after->nonce.clear();
  change.after->state = State::kWaiting;
  if (record.deliveries >= options.max_deliveries) {
    change.after->state = State::kDead;
    change.after->ended = now;
    change.event = EventKind::kDead;
  }
  return change;
}

absl::Status LeaseQueue::Impl::ExpireLeases(absl::Time end) {
  if (index.Expired(end, 1).empty()) return absl::OkStatus();
  std::lock_guard lock(expiring);
  const absl::Time now = Now();
  for (auto expired = index.Expired(end, kBatch); !expired.empty();
       expired = index.Expired(end, kBatch)) {
    std::vector<LeaseIndex::Hold> holds;
    std::vector<Change> changes;
    for (const uint64_t sequence : expired) {
      holds.push_back(HoldItem(sequence));
      ASSIGN_OR_RETURN(const LeaseRecord record, store->ReadRecord(sequence));
      // Until it was held it may have been extended or settled.
      if (record.state == State::kLeased && record.lease_end <= end) {
        changes.push_back(PutBack(record, now));
      }
    }
    RETURN_IF_ERROR(Commit(std::move(changes), now));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LeaseQueue::Impl::Candidate>>
LeaseQueue::Impl::Choose(size_t max,
                         const std::function<bool(const Item&)>& accept) {
  std::vector<Candidate> chosen;
  while (true) {
    std::optional<uint64_t> passed_over;
    size_t bytes = 0;
    LeaseIndex::Place place;
    while (chosen.size() < max && bytes < kFullBytes) {
      auto hold = index.AcquireWaiting(place, passed_over);
      if (!hold) break;
      ASSIGN_OR_RETURN(LeaseRecord record, store->ReadRecord(place.sequence));
      ASSIGN_OR_RETURN(Item item, ReadItem(record));
      if (accept && !accept(item)) continue;
      bytes += item.payload.size();
      chosen.push_back({*std::move(hold), std::move(record), std::move(item)});
    }
    if (!chosen.empty() || !passed_over) return chosen;
    index.WaitForRelease(*passed_over);
  }
}

absl::StatusOr<std::vector<LeaseIndex::Place>> LeaseQueue::Impl::Places(
    State state, LeaseIndex::Place after, size_t limit) const {
  if (state == State::kWaiting) return index.Waiting(after, limit);
  if (state == State::kLeased) return index.Leased(after, limit);
  ASSIGN_OR_RETURN(const auto sequences,
                   store->Ended(state, after.sequence, limit));
  std::vector<LeaseIndex::Place> places;
  places.reserve(sequences.size());
  for (const uint64_t sequence : sequences) {
    places.push_back({.rank = 0, .sequence = sequence});
  }
  return places;
}

absl::StatusOr<int64_t> LeaseQueue::Impl::PurgeEnded(State state,
                                                     absl::Time before) {
  int64_t purged = 0;
  uint64_t last = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto sequences, store->Ended(state, last, kBatch));
    if (sequences.empty()) return purged;
    last = sequences.back();
    std::vector<LeaseIndex::Hold> holds;
    std::vector<Change> changes;
    for (const uint64_t sequence : sequences) {
      // Whoever holds it now is reopening it.
      auto hold = index.TryAcquire(Key(Keyspace::kRecord, sequence));
      if (!hold) continue;
      const auto record = store->ReadRecord(sequence);
      if (absl::IsNotFound(record.status())) continue;
      RETURN_IF_ERROR(record.status());
      if (record->state != state || record->ended >= before) continue;
      holds.push_back(*std::move(hold));
      changes.push_back({*record, std::nullopt});
    }
    const auto count = static_cast<int64_t>(changes.size());
    if (count > 0) RETURN_IF_ERROR(Commit(std::move(changes), before));
    purged += count;
  }
}

}  // namespace lenscap
