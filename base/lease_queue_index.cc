#include "base/lease_queue_index.h"

#include <algorithm>
#include <limits>
#include <queue>

namespace lenscap {
namespace {

using State = LeaseQueue::State;

LeaseIndex::Place PlaceOf(const LeaseRecord& record) {
  const int64_t rank =
      int64_t{std::numeric_limits<int>::max()} - record.priority;
  return {static_cast<uint64_t>(rank), record.sequence};
}

bool IsOpen(const LeaseRecord& record) {
  return record.state == State::kWaiting || record.state == State::kLeased;
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
    Place& place, std::optional<uint64_t>& passed_over,
    const LeaseQueue::Lanes& lanes) {
  std::lock_guard lock(mutex_);
  std::optional<Place> best;
  for (const auto& [lane, line] : lines_) {
    auto it = line.waiting.upper_bound(place);
    if (it == line.waiting.end() || (best && *best < *it)) continue;
    if (lanes && !lanes(lane)) continue;
    for (; it != line.waiting.end() && (!best || *it < *best); ++it) {
      if (!held_.contains(Key(Keyspace::kRecord, it->sequence))) {
        best = *it;
        break;
      }
      passed_over = it->sequence;
    }
  }
  if (!best) return std::nullopt;
  place = *best;
  std::string key = Key(Keyspace::kRecord, place.sequence);
  held_.insert(key);
  return Hold(this, std::move(key));
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
  if (!IsOpen(record)) return;
  Line& line = lines_[record.lane];
  if (record.state == State::kWaiting) {
    line.waiting.insert(PlaceOf(record));
    line.waiting_since.Add(record.waiting_since);
  } else {
    ++line.leased;
    line.set_aside += record.set_aside ? 1 : 0;
    leased_[record.sequence] = {record.lane, record.holder};
    by_holder_[record.holder].insert(record.sequence);
    by_lease_end_.emplace(record.lease_end, record.sequence);
  }
  if (record.due == absl::InfiniteFuture()) return;
  line.due.Add(record.due);
  by_due_.emplace(record.due, record.sequence);
}

void LeaseIndex::Remove(const LeaseRecord& record) {
  --counts_[record.state];
  if (!IsOpen(record)) return;
  const auto found = lines_.find(record.lane);
  Line& line = found->second;
  if (record.state == State::kWaiting) {
    line.waiting.erase(PlaceOf(record));
    line.waiting_since.Remove(record.waiting_since);
  } else {
    --line.leased;
    line.set_aside -= record.set_aside ? 1 : 0;
    leased_.erase(record.sequence);
    const auto holder = by_holder_.find(record.holder);
    holder->second.erase(record.sequence);
    if (holder->second.empty()) by_holder_.erase(holder);
    by_lease_end_.erase({record.lease_end, record.sequence});
  }
  if (record.due != absl::InfiniteFuture()) {
    line.due.Remove(record.due);
    by_due_.erase({record.due, record.sequence});
  }
  if (line.empty()) lines_.erase(found);
}

std::vector<LeaseIndex::Place> LeaseIndex::Waiting(
    Place after, size_t limit, const LeaseQueue::Lanes& lanes) const {
  std::lock_guard lock(mutex_);
  // The next one of each line, the best on top.
  struct Next {
    std::set<Place>::const_iterator at;
    std::set<Place>::const_iterator end;
    bool operator<(const Next& other) const { return *other.at < *at; }
  };
  std::priority_queue<Next> lines;
  for (const auto& [lane, line] : lines_) {
    const Next next{line.waiting.upper_bound(after), line.waiting.end()};
    if (next.at != next.end && (!lanes || lanes(lane))) lines.push(next);
  }
  std::vector<Place> places;
  while (!lines.empty() && places.size() < limit) {
    Next next = lines.top();
    lines.pop();
    places.push_back(*next.at);
    if (++next.at != next.end) lines.push(next);
  }
  return places;
}

std::vector<LeaseIndex::Place> LeaseIndex::Leased(
    Place after, size_t limit, const LeaseQueue::Lanes& lanes) const {
  std::lock_guard lock(mutex_);
  std::vector<Place> places;
  for (auto it = leased_.upper_bound(after.sequence);
       it != leased_.end() && places.size() < limit; ++it) {
    if (lanes && !lanes(it->second.lane)) continue;
    places.push_back({.rank = 0, .sequence = it->first});
  }
  return places;
}

std::vector<uint64_t> LeaseIndex::LeasedBy(absl::string_view holder) const {
  std::lock_guard lock(mutex_);
  const auto found = by_holder_.find(holder);
  if (found == by_holder_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<uint64_t> LeaseIndex::Due(absl::Time before, size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<uint64_t> sequences;
  for (const auto& [due, sequence] : by_due_) {
    if (due >= before || sequences.size() >= limit) break;
    sequences.push_back(sequence);
  }
  return sequences;
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
  while (counts_[State::kWaiting] == 0 && !timed_out) {
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
  LeaseQueue::Stats stats{.waiting = count(State::kWaiting),
                          .leased = count(State::kLeased),
                          .settled = count(State::kSettled),
                          .dead = count(State::kDead)};
  for (const auto& [lane, line] : lines_) {
    stats.oldest_waiting =
        std::min(stats.oldest_waiting, line.waiting_since.earliest());
  }
  return stats;
}

std::map<std::string, LeaseQueue::LaneStats> LeaseIndex::lane_stats(
    const std::vector<absl::Duration>& ages, absl::Duration soon,
    absl::Time now) const {
  std::lock_guard lock(mutex_);
  std::map<std::string, LeaseQueue::LaneStats> all;
  for (const auto& [lane, line] : lines_) {
    LeaseQueue::LaneStats& stats = all[lane];
    stats.waiting = static_cast<int64_t>(line.waiting.size());
    stats.leased = line.leased;
    stats.set_aside = line.set_aside;
    stats.oldest_waiting = line.waiting_since.earliest();
    int64_t younger = stats.waiting;
    for (const absl::Duration age : ages) {
      const int64_t older = line.waiting_since.CountUpTo(now - age);
      stats.waiting_by_age.push_back(younger - older);
      younger = older;
    }
    stats.waiting_by_age.push_back(younger);
    stats.overdue = line.due.CountUpTo(now);
    stats.due_soon = line.due.CountUpTo(now + soon) - stats.overdue;
  }
  return all;
}

}  // namespace lenscap
