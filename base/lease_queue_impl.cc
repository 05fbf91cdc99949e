#include "base/lease_queue_impl.h"

#include <algorithm>
#include <set>

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
          .settled = record.ended,
          .lane = record.lane,
          .due = record.due,
          .leased_since = record.leased_since,
          .leased_for = record.leased_for,
          .set_aside = record.set_aside};
}

LeaseRecord WithoutLease(LeaseRecord record, absl::Time now) {
  if (record.state == LeaseQueue::State::kLeased &&
      record.leased_since > absl::UnixEpoch()) {
    record.leased_for +=
        std::max(absl::ZeroDuration(),
                 std::min(now, record.lease_end) - record.leased_since);
  }
  record.leased_since = absl::UnixEpoch();
  record.set_aside = false;
  record.holder.clear();
  record.lease_end = absl::UnixEpoch();
  return record;
}

LeaseRecord Anew(const LeaseRecord& record, absl::Time now) {
  LeaseRecord anew;
  anew.sequence = record.sequence;
  anew.id = record.id;
  anew.priority = record.priority;
  anew.submitted = record.submitted;
  anew.lane = record.lane;
  anew.due = record.due;
  anew.leased_for = record.leased_for;
  anew.waiting_since = now;
  return anew;
}

absl::StatusOr<std::optional<std::string>> StoreSides::Get(
    absl::string_view key) const {
  auto value = store_->ReadSide(key, moment_);
  if (absl::IsNotFound(value.status())) return std::nullopt;
  RETURN_IF_ERROR(value.status());
  return *std::move(value);
}

absl::Status CheckBytes(absl::string_view name, absl::string_view value,
                        size_t least, size_t most) {
  if (value.size() >= least && value.size() <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, " has ", value.size(),
                                                 " bytes; it must have ", least,
                                                 " to ", most));
}

absl::Status CheckLeaseDuration(absl::Duration duration) {
  if (duration >= absl::Microseconds(1) && duration <= LeaseQueue::kMaxLease) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("duration is ", absl::FormatDuration(duration),
                   "; it must be more than 0 and at most ",
                   absl::FormatDuration(LeaseQueue::kMaxLease)));
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
      event = Event{sequence, *change.event, change.after->id, now,
                    std::move(change.detail)};
    }
    applied.push_back({change.before, change.after});
    steps.push_back({std::move(change.before), std::move(change.after),
                     change.payload, std::move(event),
                     std::move(change.sides)});
  }
  RETURN_IF_ERROR(store->Write(steps, index.last_sequence()));
  index.Apply(applied);
  return absl::OkStatus();
}

LeaseQueue::Impl::Change LeaseQueue::Impl::PutBack(const LeaseRecord& record,
                                                   absl::Time now) const {
  Change change{.before = record, .after = WithoutLease(record, now)};
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
LeaseQueue::Impl::Choose(size_t max, const Accept& accept, const Lanes& lanes) {
  std::vector<Candidate> chosen;
  while (true) {
    std::optional<uint64_t> passed_over;
    size_t bytes = 0;
    LeaseIndex::Place place;
    while (chosen.size() < max && bytes < kFullBytes) {
      auto hold = index.AcquireWaiting(place, passed_over, lanes);
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
    State state, LeaseIndex::Place after, size_t limit,
    const Lanes& lanes) const {
  if (state == State::kWaiting) return index.Waiting(after, limit, lanes);
  if (state == State::kLeased) return index.Leased(after, limit, lanes);
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
                                                     absl::Time before,
                                                     const Forget& forget) {
  const StoreSides sides(store.get(), nullptr);
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
      if (!forget) continue;
      ASSIGN_OR_RETURN(const Item item, ReadItem(*record));
      ASSIGN_OR_RETURN(changes.back().sides, forget(item, sides));
    }
    const auto count = static_cast<int64_t>(changes.size());
    if (count > 0) RETURN_IF_ERROR(Commit(std::move(changes), before));
    purged += count;
  }
}

absl::StatusOr<LeaseQueue::Impl::Change> LeaseQueue::Impl::Fresh(
    const NewItem& item, absl::Time now) const {
  RETURN_IF_ERROR(CheckBytes("id", item.id, 1, kMaxIdBytes));
  RETURN_IF_ERROR(CheckBytes("payload", item.payload, 0, kMaxPayloadBytes));
  RETURN_IF_ERROR(CheckBytes("lane", item.lane, 0, kMaxSideKeyBytes));
  const auto known = store->SequenceOf(item.id);
  if (known.ok()) {
    return absl::AlreadyExistsError(absl::StrCat("the queue has an item \"",
                                                 absl::Utf8SafeCEscape(item.id),
                                                 "\" already"));
  }
  if (!absl::IsNotFound(known.status())) return known.status();
  LeaseRecord record;
  record.id = item.id;
  record.priority = item.priority;
  record.submitted = now;
  record.waiting_since = now;
  record.lane = item.lane;
  record.due = item.due;
  return Change{.before = std::nullopt,
                .after = std::move(record),
                .payload = item.payload,
                .event = EventKind::kSubmitted,
                .detail = item.event};
}

absl::StatusOr<LeaseQueue::Impl::Change> LeaseQueue::Impl::ChangeBy(
    const LeaseRecord& record, const Revision& revision, bool claimed,
    absl::Time now) const {
  const auto refuse = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat("item \"", absl::Utf8SafeCEscape(record.id), "\" ", why));
  };
  const bool leased = record.state == State::kLeased;
  const bool ended =
      record.state == State::kSettled || record.state == State::kDead;
  Change change{.before = record, .after = record};
  LeaseRecord& after = *change.after;
  std::optional<EventKind> event;
  if (revision.event) event = EventKind::kRevised;
  switch (revision.next) {
    case Revision::Next::kStay:
      break;
    case Revision::Next::kWait:
      if (ended) {
        after = Anew(record, now);
        event = EventKind::kReopened;
      } else if (leased) {
        after = WithoutLease(record, now);
        after.nonce.clear();
        after.state = State::kWaiting;
        --after.deliveries;
      }
      break;
    case Revision::Next::kLease:
      if (!claimed) return refuse("is not revised by the token of a lease");
      RETURN_IF_ERROR(CheckLeaseDuration(revision.lease));
      if (!leased) {
        RETURN_IF_ERROR(CheckBytes("holder", revision.holder, 1, kMaxIdBytes));
        after.state = State::kLeased;
        after.holder = revision.holder;
        after.leased_since = now;
        after.ended = absl::UnixEpoch();
      }
      after.set_aside = revision.set_aside;
      after.lease_end =
          absl::FromUnixMicros(absl::ToUnixMicros(now + revision.lease));
      break;
    case Revision::Next::kSettle:
      if (leased && !claimed) return refuse("is leased");
      if (record.state == State::kDead) return refuse("is dead");
      if (!ended) event = EventKind::kSettled;
      after = WithoutLease(record, now);
      after.state = State::kSettled;
      after.ended = now;
      break;
  }
  if (revision.priority) after.priority = *revision.priority;
  if (revision.lane) after.lane = *revision.lane;
  if (revision.due) after.due = *revision.due;
  if (revision.payload) change.payload = *revision.payload;
  change.event = event;
  change.detail = revision.event.value_or("");
  change.sides = revision.sides;
  return change;
}

absl::StatusOr<LeaseQueue::Item> LeaseQueue::Impl::ReviseHeld(
    const LeaseRecord& record, const Revise& revise, bool claimed) {
  ASSIGN_OR_RETURN(Item item, ReadItem(record));
  const StoreSides sides(store.get(), nullptr);
  ASSIGN_OR_RETURN(const std::optional<Revision> revision, revise(item, sides));
  if (!revision) return item;
  if (revision->payload) {
    RETURN_IF_ERROR(
        CheckBytes("payload", *revision->payload, 0, kMaxPayloadBytes));
  }
  RETURN_IF_ERROR(
      CheckBytes("lane", revision->lane.value_or(""), 0, kMaxSideKeyBytes));
  for (const SideWrite& side : revision->sides) {
    RETURN_IF_ERROR(CheckBytes("side key", side.key, 1, kMaxSideKeyBytes));
  }
  // In one order for everybody, so that no two wait for each other; whoever
  // submits waits for nothing.
  std::set<std::string> ids;
  for (const NewItem& fresh : revision->fresh) ids.insert(fresh.id);
  std::vector<LeaseIndex::Hold> holds;
  for (const std::string& id : ids) {
    holds.push_back(index.Acquire(Key(Keyspace::kSequenceOfId, id)));
  }
  const absl::Time now = Now();
  std::vector<Change> changes;
  ASSIGN_OR_RETURN(Change change, ChangeBy(record, *revision, claimed, now));
  const LeaseRecord after = *change.after;
  changes.push_back(std::move(change));
  for (const NewItem& fresh : revision->fresh) {
    ASSIGN_OR_RETURN(Change submitted, Fresh(fresh, now));
    changes.push_back(std::move(submitted));
  }
  RETURN_IF_ERROR(Commit(std::move(changes), now));
  return ToItem(
      after, revision->payload ? *revision->payload : std::move(item.payload));
}

}  // namespace lenscap
