#ifndef LENSCAP_BASE_LEASE_QUEUE_INDEX_H_
#define LENSCAP_BASE_LEASE_QUEUE_INDEX_H_

#include <chrono>
#include <compare>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/lease_queue.h"
#include "base/lease_queue_record.h"
#include "base/time_tally.h"

namespace lenscap {

// What LeaseQueue keeps in memory, with the waiting for it: which items wait,
// in order of offering, which leases run out when, who is changing what, and
// which sequence numbers are in use. It follows the disk: a change is applied
// here once it is durable, so nothing here is ever taken back. No call holds
// the lock over I/O. Thread-safe.
class LeaseIndex {
 public:
  // The right to change what one database key stands for. Move-only; ends when
  // destroyed. The index must outlive it.
  class Hold {
   public:
    Hold(Hold&& other) noexcept
        : index_(std::exchange(other.index_, nullptr)),
          key_(std::move(other.key_)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (index_ != nullptr) index_->Release(key_);
    }

   private:
    friend class LeaseIndex;
    Hold(LeaseIndex* index, std::string key)
        : index_(index), key_(std::move(key)) {}
    LeaseIndex* index_;
    std::string key_;
  };

  // A sequence number that is being written. Events above it are not shown
  // before it is gone, so that no reader skips it. Move-only, as Hold.
  class Pending {
   public:
    Pending(Pending&& other) noexcept
        : index_(std::exchange(other.index_, nullptr)),
          sequence_(other.sequence_) {}
    Pending& operator=(Pending&&) = delete;
    ~Pending() {
      if (index_ != nullptr) index_->Finish(sequence_);
    }
    uint64_t sequence() const { return sequence_; }

   private:
    friend class LeaseIndex;
    Pending(LeaseIndex* index, uint64_t sequence)
        : index_(index), sequence_(sequence) {}
    LeaseIndex* index_;
    uint64_t sequence_;
  };

  // A waiting item's place in the order of offering.
  struct Place {
    uint64_t rank = 0;  // 0 for the highest priority there can be.
    uint64_t sequence = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  struct Change {
    std::optional<LeaseRecord> before;
    std::optional<LeaseRecord> after;
  };

  // Waiting ends by the machine's steady clock, whatever clock leases run by.
  using Deadline = std::chrono::steady_clock::time_point;
  static Deadline After(absl::Duration timeout);

  // Waits until nobody else holds the key. Whoever waits here while holding
  // another key must be the only one to do so.
  Hold Acquire(std::string key);
  std::optional<Hold> TryAcquire(std::string key);

  // The best waiting item in `lanes` behind `place` that nobody holds, and
  // moves `place` to it. Sets `passed_over` to one that it skipped because it
  // is held.
  std::optional<Hold> AcquireWaiting(Place& place,
                                     std::optional<uint64_t>& passed_over,
                                     const LeaseQueue::Lanes& lanes = nullptr);
  // Waits until nobody holds the item.
  void WaitForRelease(uint64_t sequence) const;

  Pending NextSequence();
  // Numbers up to this are used up.
  void SkipTo(uint64_t sequence);
  uint64_t last_sequence() const;
  // Every event up to here is on disk or will never be.
  uint64_t visible_sequence() const;
  // Waits until it is above `sequence`: false where the deadline came first.
  bool WaitForSequence(uint64_t sequence, Deadline deadline) const;

  // In one step for all who look.
  void Apply(const std::vector<Change>& changes);

  // At most `limit` waiting items in `lanes` behind `after`, best first.
  std::vector<Place> Waiting(Place after, size_t limit,
                             const LeaseQueue::Lanes& lanes = nullptr) const;
  // The same of leased items, in order of sequence; their rank is 0.
  std::vector<Place> Leased(Place after, size_t limit,
                            const LeaseQueue::Lanes& lanes = nullptr) const;
  // What `holder` has leased, in order of sequence.
  std::vector<uint64_t> LeasedBy(absl::string_view holder) const;
  // At most `limit` waiting or leased items that are due before `before`, the
  // earliest first.
  std::vector<uint64_t> Due(absl::Time before, size_t limit) const;
  // At most `limit` leases that ran out by `now`, the oldest first.
  std::vector<uint64_t> Expired(absl::Time now, size_t limit) const;

  // Waits until an item waits or a lease has run out by `clock`, or the
  // deadline.
  void WaitForWork(const Clock& clock, Deadline deadline) const;

  LeaseQueue::Stats stats() const;
  // As LeaseQueue::GetLaneStats, at `now`.
  std::map<std::string, LeaseQueue::LaneStats> lane_stats(
      const std::vector<absl::Duration>& ages, absl::Duration soon,
      absl::Time now) const;

 private:
  // What waits or is leased of one lane.
  struct Line {
    std::set<Place> waiting;
    TimeTally waiting_since;
    TimeTally due;
    int64_t leased = 0;
    int64_t set_aside = 0;
    bool empty() const { return waiting.empty() && leased == 0; }
  };
  struct LeasedItem {
    std::string lane;
    std::string holder;
  };
  using Lines = std::map<std::string, Line, std::less<>>;

  void Release(const std::string& key);
  void Finish(uint64_t sequence);
  uint64_t VisibleLocked() const;
  void Add(const LeaseRecord& record);
  void Remove(const LeaseRecord& record);

  mutable std::mutex mutex_;  // Guards everything below.
  mutable std::condition_variable released_;
  mutable std::condition_variable changed_;
  absl::flat_hash_set<std::string> held_;
  uint64_t last_sequence_ = 0;
  std::set<uint64_t> pending_;
  Lines lines_;  // None is empty.
  std::map<uint64_t, LeasedItem> leased_;
  std::map<std::string, std::set<uint64_t>, std::less<>> by_holder_;
  std::set<std::pair<absl::Time, uint64_t>> by_due_;
  std::set<std::pair<absl::Time, uint64_t>> by_lease_end_;
  mutable std::map<LeaseQueue::State, int64_t> counts_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_INDEX_H_
