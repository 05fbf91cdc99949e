#include "base/lease_queue_index.h"

#include <algorithm>
#include <limits>

namespace lenscap {
namespace {

using State = LeaseQueue::State;

LeaseIndex::Place PlaceOf(const LeaseRecord& record) {
  const int64_t rank =
      int64_t{std::numeric_limits<int>::max()} - record.priority;
  return {static_cast<uint64_t>(rank), record.sequence};
}

}  // namespace

LeaseIndex::Deadline LeaseIndex::After(absl::Duration timeout) {
  const absl::Duration bounded =
      std::clamp(timeout, absl::ZeroDuration(), absl::Hours(24 * 365));
  return std::chrono::steady_clock::now() +
         std::chrono::ceil<std::chrono::steady_clock::duration>(
             absl::ToChronoNanoseconds(bounded));
}

LeaseIndex::Hold LeaseIndex::Acquire(std::string key) {
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return held_.insert(key).second; });
  return Hold(this, std::move(key));
}

std::optional<LeaseIndex::Hold> LeaseIndex::TryAcquire(std::string key) {
  std::lock_guard lock(mutex_);
  if (!held_.insert(key).second) return std::nullopt;
  return Hold(this, std::move(key));
}

std::optional<LeaseIndex::Hold> LeaseIndex::AcquireWaiting(
    Place& place, std::optional<uint64_t>& passed_over) {
  std::lock_guard lock(mutex_);
  for (auto it = waiting_.upper_bound(place); it != waiting_.end(); ++it) {
    std::string key = Key(Keyspace::kRecord, it->sequence);
    if (held_.insert(key).second) {
      place = *it;
      return Hold(this, std::move(key));
    }
    passed_over = it->sequence;
  }
  return std::nullopt;
}

void LeaseIndex::WaitForRelease(uint64_t sequence) const {
  const std::string key = Key(Keyspace::kRecord, sequence);
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return !held_.contains(key); });
}

void LeaseIndex::Release(const std::string& key) {
  std::lock_guard lock(mutex_);
  held_.erase(key);
  released_.notify_all();
}

LeaseIndex::Pending LeaseIndex::NextSequence() {
  std::lock_guard lock(mutex_);
  pending_.insert(++last_sequence_);
  return Pending(this, last_sequence_);
}

void LeaseIndex::Finish(uint64_t sequence) {
  std::lock_guard lock(mutex_);
  pending_.erase(sequence);
  changed_.notify_all();
}

void LeaseIndex::SkipTo(uint64_t sequence) {
  std::lock_guard lock(mutex_);
  last_sequence_ = std::max(last_sequence_, sequence);
}

uint64_t LeaseIndex::last_sequence() const {
  std::lock_guard lock(mutex_);
  return last_sequence_;
}

uint64_t LeaseIndex::VisibleLocked() const {
  return pending_.empty() ? last_sequence_ : *pending_.begin() - 1;
}

uint64_t LeaseIndex::visible_sequence() const {
  std::lock_guard lock(mutex_);
  return VisibleLocked();
}

bool LeaseIndex::WaitForSequence(uint64_t sequence, Deadline deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline,
                             [&] { return VisibleLocked() > sequence; });
}

void LeaseIndex::Apply(const std::vector<Change>& changes) {
  std::lock_guard lock(mutex_);
  for (const Change& change : changes) {
    if (change.before) Remove(*change.before);
    if (change.after) Add(*change.after);
  }
  changed_.notify_all();
}

void LeaseIndex::Add(const LeaseRecord& record) {
  ++counts_[record.state];
  last_sequence_ = std::max(last_sequence_, record.sequence);
  if (record.state == State::kWaiting) {
    waiting_.insert(PlaceOf(record));
    waiting_since_.insert(record.waiting_since);
  } else if (record.state == State::kLeased) {
    leased_.emplace(record.sequence, record.lease_end);
    by_lease_end_.emplace(record.lease_end, record.sequence);
  }
}

void LeaseIndex::Remove(const LeaseRecord& record) {
  --counts_[record.state];
  if (record.state == State::kWaiting) {
    waiting_.erase(PlaceOf(record));
    waiting_since_.erase(waiting_since_.find(record.waiting_since));
  } else if (record.state == State::kLeased) {
    leased_.erase(record.sequence);
    by_lease_end_.erase({record.lease_end, record.sequence});
  }
}

std::vector<LeaseIndex::Place> LeaseIndex::Waiting(Place after,
                                                   size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<Place> places;
  for (auto it = waiting_.upper_bound(after);
       it != waiting_.end() && places.size() < limit; ++it) {
    places.push_back(*it);
  }
  return places;
}

std::vector<LeaseIndex::Place> LeaseIndex::Leased(Place after,
                                                  size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<Place> places;
  for (auto it = leased_.upper_bound(after.sequence);
       it != leased_.end() && places.size() < limit; ++it) {
    places.push_back({.rank = 0, .sequence = it->first});
  }
  return places;
}

std::vector<uint64_t> LeaseIndex::Expired(absl::Time now, size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<uint64_t> sequences;
  for (const auto& [lease_end, sequence] : by_lease_end_) {
    if (lease_end > now || sequences.size() >= limit) break;
    sequences.push_back(sequence);
  }
  return sequences;
}

void LeaseIndex::WaitForWork(const Clock& clock, Deadline deadline) const {
  std::unique_lock lock(mutex_);
  bool timed_out = false;
  while (waiting_.empty() && !timed_out) {
    Deadline wake = deadline;
    if (!by_lease_end_.empty()) {
      const absl::Duration left = by_lease_end_.begin()->first - clock.Now();
      if (left <= absl::ZeroDuration()) return;
      wake = std::min(wake, After(left));
    }
    timed_out = changed_.wait_until(lock, wake) == std::cv_status::timeout;
  }
}

LeaseQueue::Stats LeaseIndex::stats() const {
  std::lock_guard lock(mutex_);
  const auto count = [&](State state) {
    const auto found = counts_.find(state);
    return found == counts_.end() ? 0 : found->second;
  };
  return {.waiting = count(State::kWaiting),
          .leased = count(State::kLeased),
          .settled = count(State::kSettled),
          .dead = count(State::kDead),
          .oldest_waiting = waiting_since_.empty() ? absl::InfiniteFuture()
                                                   : *waiting_since_.begin()};
}

}  // namespace lenscap
