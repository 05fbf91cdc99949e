#include "tests/base/lease_queue_model.h"

#include <algorithm>
#include <tuple>

namespace lenscap {

using EventKind = LeaseQueue::EventKind;

void LeaseQueueModel::Tell(EventKind kind, const std::string& id) {
  events_.push_back({kind, id, clock_->Now()});
}

void LeaseQueueModel::EndLease(Entry& entry) {
  Item& item = entry.item;
  if (item.state == State::kLeased) {
    item.leased_for +=
        std::min(clock_->Now(), item.lease_end) - item.leased_since;
  }
  item.holder.clear();
  item.lease_end = absl::UnixEpoch();
}

void LeaseQueueModel::PutBack(Entry& entry) {
  entry.token.clear();
  EndLease(entry);
  entry.item.state = State::kWaiting;
  if (entry.item.deliveries < max_deliveries_) return;
  entry.item.state = State::kDead;
  entry.item.settled = clock_->Now();
  Tell(EventKind::kDead, entry.item.id);
}

void LeaseQueueModel::Expire() {
  std::vector<Entry*> leased = InState(State::kLeased);
  std::sort(leased.begin(), leased.end(), [](const Entry* a, const Entry* b) {
    return std::tie(a->item.lease_end, a->arrival) <
           std::tie(b->item.lease_end, b->arrival);
  });
  for (Entry* entry : leased) {
    if (entry->item.lease_end <= clock_->Now()) PutBack(*entry);
  }
}

std::vector<LeaseQueueModel::Entry*> LeaseQueueModel::InState(State state) {
  std::vector<Entry*> found;
  for (auto& [id, entry] : entries_) {
    if (entry.item.state == state) found.push_back(&entry);
  }
  std::sort(found.begin(), found.end(), [&](const Entry* a, const Entry* b) {
    if (state == State::kWaiting && a->item.priority != b->item.priority) {
      return a->item.priority > b->item.priority;
    }
    return a->arrival < b->arrival;
  });
  return found;
}

bool LeaseQueueModel::Submit(const std::string& id, const std::string& payload,
                             int priority) {
  if (entries_.count(id) > 0) return false;
  Entry& entry = entries_[id];
  entry.item = {.id = id,
                .payload = payload,
                .priority = priority,
                .state = State::kWaiting,
                .submitted = clock_->Now(),
                .deliveries = 0,
                .holder = "",
                .lease_end = absl::UnixEpoch(),
                .settled = absl::UnixEpoch()};
  entry.arrival = ++arrivals_;
  entry.since = clock_->Now();
  Tell(EventKind::kSubmitted, id);
  return true;
}

std::vector<std::string> LeaseQueueModel::Claim(
    const std::string& holder, size_t max, absl::Duration duration,
    bool even_only, const std::string& without_lane) {
  Expire();
  std::vector<std::string> ids;
  for (Entry* entry : InState(State::kWaiting)) {
    if (ids.size() == max) break;
    if (!without_lane.empty() && entry->item.lane == without_lane) continue;
    if (even_only && entry->item.payload.size() % 2 != 0) continue;
    Lease(*entry, holder, duration);
    ids.push_back(entry->item.id);
  }
  return ids;
}

void LeaseQueueModel::Lease(Entry& entry, const std::string& holder,
                            absl::Duration duration) {
  entry.item.state = State::kLeased;
  entry.item.holder = holder;
  entry.item.leased_since = clock_->Now();
  entry.item.lease_end = clock_->Now() + duration;
  ++entry.item.deliveries;
}

absl::StatusCode LeaseQueueModel::ClaimItem(const std::string& id,
                                            const std::string& holder,
                                            absl::Duration duration) {
  Expire();
  const auto found = entries_.find(id);
  if (found == entries_.end()) return absl::StatusCode::kNotFound;
  Entry& entry = found->second;
  if (entry.item.state != State::kWaiting) {
    return absl::StatusCode::kFailedPrecondition;
  }
  Lease(entry, holder, duration);
  return absl::StatusCode::kOk;
}

absl::StatusCode LeaseQueueModel::SettleWaiting(const std::string& id,
                                                const std::string& payload) {
  Expire();
  const auto found = entries_.find(id);
  if (found == entries_.end()) return absl::StatusCode::kNotFound;
  Item& item = found->second.item;
  if (item.state != State::kWaiting) {
    return absl::StatusCode::kFailedPrecondition;
  }
  item.state = State::kSettled;
  item.settled = clock_->Now();
  item.payload = payload;
  found->second.token.clear();
  Tell(EventKind::kSettled, id);
  return absl::StatusCode::kOk;
}

absl::StatusCode LeaseQueueModel::AmendPayload(const std::string& id,
                                               const std::string& suffix) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return absl::StatusCode::kNotFound;
  found->second.item.payload += suffix;
  return absl::StatusCode::kOk;
}

void LeaseQueueModel::SetToken(const std::string& id,
                               const std::string& token) {
  entries_.at(id).token = token;
}

LeaseQueueModel::Entry* LeaseQueueModel::Find(const std::string& token) {
  for (auto& [id, entry] : entries_) {
    if (entry.token == token) return &entry;
  }
  return nullptr;
}

LeaseQueueModel::Entry* LeaseQueueModel::FindLeased(const std::string& token) {
  Entry* const entry = Find(token);
  const bool leased = entry != nullptr && entry->item.state == State::kLeased &&
                      entry->item.lease_end > clock_->Now();
  return leased ? entry : nullptr;
}

bool LeaseQueueModel::Extend(const std::string& token,
                             absl::Duration duration) {
  Entry* const entry = FindLeased(token);
  if (entry == nullptr) return false;
  entry->item.lease_end = clock_->Now() + duration;
  return true;
}

bool LeaseQueueModel::Release(const std::string& token) {
  Entry* const entry = FindLeased(token);
  if (entry == nullptr) return false;
  PutBack(*entry);
  return true;
}

bool LeaseQueueModel::Unclaim(const std::string& token) {
  Entry* const entry = FindLeased(token);
  if (entry == nullptr) return false;
  --entry->item.deliveries;
  PutBack(*entry);
  return true;
}

bool LeaseQueueModel::Settle(const std::string& token,
                             const std::string& payload) {
  Entry* const entry = Find(token);
  if (entry == nullptr) return false;
  if (entry->item.state == State::kSettled) {
    return entry->item.payload == payload;
  }
  if (FindLeased(token) == nullptr) return false;
  EndLease(*entry);
  entry->item.state = State::kSettled;
  entry->item.payload = payload;
  entry->item.settled = clock_->Now();
  Tell(EventKind::kSettled, entry->item.id);
  return true;
}

bool LeaseQueueModel::Claimed(const std::string& token) {
  const Entry* const entry = Find(token);
  return entry != nullptr &&
         (entry->item.state == State::kSettled || FindLeased(token) != nullptr);
}

absl::StatusCode LeaseQueueModel::Reopen(const std::string& id,
                                         const std::string& payload,
                                         int priority) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return absl::StatusCode::kNotFound;
  Entry& entry = found->second;
  if (entry.item.state != State::kSettled && entry.item.state != State::kDead) {
    return absl::StatusCode::kFailedPrecondition;
  }
  entry.token.clear();
  entry.since = clock_->Now();
  entry.item.state = State::kWaiting;
  entry.item.payload = payload;
  entry.item.priority = priority;
  entry.item.deliveries = 0;
  entry.item.settled = absl::UnixEpoch();
  Tell(EventKind::kReopened, id);
  return absl::StatusCode::kOk;
}

absl::StatusCode LeaseQueueModel::Apply(Entry& entry, const Change& change,
                                        bool claimed) {
  using Next = LeaseQueue::Revision::Next;
  Item& item = entry.item;
  const bool leased = item.state == State::kLeased;
  const bool ended =
      item.state == State::kSettled || item.state == State::kDead;
  if ((change.next == Next::kLease && !claimed) ||
      (change.next == Next::kSettle &&
       ((leased && !claimed) || item.state == State::kDead))) {
    return absl::StatusCode::kFailedPrecondition;
  }
  bool told = false;
  if (change.next == Next::kWait && ended) {
    entry.since = clock_->Now();
    entry.token.clear();
    item.state = State::kWaiting;
    item.deliveries = 0;
    item.settled = absl::UnixEpoch();
    Tell(EventKind::kReopened, item.id);
    told = true;
  } else if (change.next == Next::kWait && leased) {
    EndLease(entry);
    entry.token.clear();
    item.state = State::kWaiting;
    --item.deliveries;
  } else if (change.next == Next::kLease) {
    if (!leased) {
      item.state = State::kLeased;
      item.holder = "holder";
      item.leased_since = clock_->Now();
      item.settled = absl::UnixEpoch();
    }
    item.lease_end = clock_->Now() + change.lease;
  } else if (change.next == Next::kSettle) {
    EndLease(entry);
    item.state = State::kSettled;
    item.settled = clock_->Now();
    if (!ended) Tell(EventKind::kSettled, item.id);
    told = !ended;
  }
  if (change.tell && !told) Tell(EventKind::kRevised, item.id);
  item.payload += change.suffix;
  item.priority = change.priority;
  item.lane = change.lane;
  return absl::StatusCode::kOk;
}

absl::StatusCode LeaseQueueModel::ReviseItem(const std::string& id,
                                             const Change& change) {
  Expire();
  const auto found = entries_.find(id);
  if (found == entries_.end()) return absl::StatusCode::kNotFound;
  return Apply(found->second, change, /*claimed=*/false);
}

absl::StatusCode LeaseQueueModel::ReviseClaim(const std::string& token,
                                              const Change& change) {
  if (!Claimed(token)) return absl::StatusCode::kAborted;
  return Apply(*Find(token), change, /*claimed=*/true);
}

int64_t LeaseQueueModel::Purge(absl::Time before) {
  const size_t purged = std::erase_if(entries_, [&](const auto& entry) {
    const Item& item = entry.second.item;
    return (item.state == State::kSettled || item.state == State::kDead) &&
           item.settled < before;
  });
  const auto kept =
      std::find_if(events_.begin(), events_.end(),
                   [&](const Told& event) { return event.time >= before; });
  events_.erase(events_.begin(), kept);
  return static_cast<int64_t>(purged);
}

const LeaseQueue::Item* LeaseQueueModel::Get(const std::string& id) {
  Expire();
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.item;
}

std::vector<std::string> LeaseQueueModel::List(State state) {
  Expire();
  std::vector<std::string> ids;
  for (const Entry* entry : InState(state)) ids.push_back(entry->item.id);
  return ids;
}

LeaseQueue::Stats LeaseQueueModel::GetStats() {
  Expire();
  LeaseQueue::Stats stats;
  stats.waiting = static_cast<int64_t>(InState(State::kWaiting).size());
  stats.leased = static_cast<int64_t>(InState(State::kLeased).size());
  stats.settled = static_cast<int64_t>(InState(State::kSettled).size());
  stats.dead = static_cast<int64_t>(InState(State::kDead).size());
  for (const Entry* entry : InState(State::kWaiting)) {
    stats.oldest_waiting = std::min(stats.oldest_waiting, entry->since);
  }
  return stats;
}

const std::vector<LeaseQueueModel::Told>& LeaseQueueModel::events() {
  Expire();
  return events_;
}

}  // namespace lenscap
