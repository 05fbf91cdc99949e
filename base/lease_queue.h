#ifndef LENSCAP_BASE_LEASE_QUEUE_H_
#define LENSCAP_BASE_LEASE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace lenscap {

// A durable priority queue of work items on RocksDB, delivered at least once.
// An item waits, is claimed under a lease with a deadline, and is settled by
// the holder of the lease; a lease that runs out puts it back, and after
// `max_deliveries` claims without a settlement it is dead: kept, no longer
// offered. Settled items stay readable until they are purged.
//
// Whatever a call acknowledged is on disk and survives kill -9 and power loss;
// callers that come at the same time share one sync. A call that fails changed
// nothing: RESOURCE_EXHAUSTED where the disk is full (writes work again some
// seconds after 64 MiB are free), INTERNAL where it failed (they do not, until
// the queue is opened again), INVALID_ARGUMENT for arguments out of bounds.
// Thread-safe. One process at a time per directory. Payloads stay on disk. The
// format is documented in lease_queue_format.md.
class LeaseQueue {
 public:
  static constexpr size_t kMaxIdBytes = 512;  // Of an id or a holder; least 1.
  static constexpr size_t kMaxPayloadBytes = size_t{64} << 20;
  static constexpr absl::Duration kMaxLease = absl::Hours(24 * 30);

  struct Options {
    std::string directory;
    int max_deliveries = 5;              // At least 1.
    const Clock* clock = Clock::Real();  // Must outlive the queue.
  };

  // Values are frozen: they are on disk.
  enum class State { kWaiting = 1, kLeased = 2, kSettled = 3, kDead = 4 };

  struct Item {
    std::string id;
    std::string payload;
    int priority = 0;  // Higher is offered first; equals in order of arrival.
    State state = State::kWaiting;
    absl::Time submitted;
    int deliveries = 0;     // Claims since it was submitted or reopened.
    std::string holder;     // While leased: who claimed it.
    absl::Time lease_end;   // While leased: when the claim runs out.
    absl::Time settled;     // When settled, or dead.
    std::string lane = {};  // Which line it stands in.
    absl::Time due = absl::InfiniteFuture();  // Until when, as its user says.
    absl::Time leased_since = {};             // While leased.
    absl::Duration leased_for = {};           // All finished leases together.
    bool set_aside = false;                   // While leased.
  };

  // A claimed item and the token that proves the claim, 1 to 128 bytes.
  struct Claim {
    Item item;
    std::string token;
  };

  enum class EventKind {
    kSubmitted = 1,
    kSettled = 2,
    kReopened = 3,
    kDead = 4,
    kRevised = 5,
  };
  struct Event {
    uint64_t sequence = 0;  // Grows, with gaps.
    EventKind kind = EventKind::kSubmitted;
    std::string id;
    absl::Time time;
    std::string detail = {};  // As its user says.
  };

  // Small records beside the items, which belong to the queue's user and are
  // written in one batch with a change of an item: indexes of what is in the
  // items never part from them. Keys have 1 to 2,048 bytes.
  static constexpr size_t kMaxSideKeyBytes = 2048;
  struct SideWrite {
    std::string key;
    std::optional<std::string> value;  // Absent: it is forgotten.
  };
  // Those of one moment, or of now where the queue's user asks for now. Must
  // not outlive the queue. Thread-safe.
  class Sides {
   public:
    virtual ~Sides() = default;
    virtual absl::StatusOr<std::optional<std::string>> Get(
        absl::string_view key) const = 0;
    // Those whose keys begin with `prefix` and are greater than `after`, in
    // order, until `visit` returns an error, which is passed on.
    using VisitSide = std::function<absl::Status(absl::string_view key,
                                                 absl::string_view value)>;
    virtual absl::Status ForEach(absl::string_view prefix,
                                 absl::string_view after,
                                 const VisitSide& visit) const = 0;
  };

  // An item to be, and what the event of its submission tells.
  struct NewItem {
    std::string id;
    std::string payload = {};
    int priority = 0;
    std::string lane = {};  // At most kMaxSideKeyBytes.
    absl::Time due = absl::InfiniteFuture();
    std::string event = {};
  };

  // What becomes of an item; what is absent stays as it is.
  struct Revision {
    std::optional<std::string> payload = {};
    std::optional<int> priority = {};
    std::optional<std::string> lane = {};
    std::optional<absl::Time> due = {};
    enum class Next {
      kStay,
      // Waits, as if it had not been claimed; one that was settled or is dead,
      // as if it came anew.
      kWait,
      // Leased for `lease` from now under the token that claims it or has
      // settled it, by `holder` where it was settled.
      kLease,
      // Settled; one that nobody has claimed too. A settled one as of now.
      kSettle,
    };
    Next next = Next::kStay;
    absl::Duration lease = {};
    std::string holder = {};
    bool set_aside = false;  // Marks the lease.
    std::vector<SideWrite> sides = {};
    // Submitted at the same moment. ALREADY_EXISTS where an id is known.
    std::vector<NewItem> fresh = {};
    // Of the event that tells of it. Without one, a settlement and a reopening
    // are told without a detail, and others are not told.
    std::optional<std::string> event = {};
  };
  // Says what becomes of the item, nothing for no change; its error is passed
  // on. It must not call the queue.
  using Revise = std::function<absl::StatusOr<std::optional<Revision>>(
      const Item& item, const Sides& sides)>;

  // Which lanes to look in; null means all. It must not call the queue.
  using Lanes = std::function<bool(absl::string_view lane)>;

  struct Stats {
    int64_t waiting = 0;
    int64_t leased = 0;
    int64_t settled = 0;
    int64_t dead = 0;
    absl::Time oldest_waiting = absl::InfiniteFuture();
  };

  // FAILED_PRECONDITION where another process has the directory open.
  static absl::StatusOr<std::unique_ptr<LeaseQueue>> Open(Options options);
  ~LeaseQueue();

  // Adds an item; false, and nothing changed, if the id is known, in whatever
  // state.
  absl::StatusOr<bool> Submit(absl::string_view id, absl::string_view payload,
                              int priority);

  // The same, with side records in one batch.
  absl::StatusOr<bool> Submit(const NewItem& item,
                              const std::vector<SideWrite>& sides);

  // Claims up to `max` waiting items for `duration`, best first, of those in
  // `lanes` that `accept` accepts (null accepts all; it must not call the
  // queue). Lanes are asked once each, items one by one, so what leaves out
  // many should be a lane. Returns without waiting for work; fewer than `max`
  // once the payloads are large.
  using Accept = std::function<bool(const Item&)>;
  absl::StatusOr<std::vector<Claim>> ClaimItems(absl::string_view holder,
                                                int max,
                                                absl::Duration duration,
                                                const Accept& accept = nullptr,
                                                const Lanes& lanes = nullptr);

  // Claims this one item, as above. FAILED_PRECONDITION unless it waits and is
  // accepted, NOT_FOUND if unknown.
  absl::StatusOr<Claim> ClaimItem(absl::string_view id,
                                  absl::string_view holder,
                                  absl::Duration duration,
                                  const Accept& accept = nullptr);

  // What the holder has claimed now, in order of arrival.
  absl::StatusOr<std::vector<Claim>> ClaimsOf(absl::string_view holder) const;

  // The new end of the lease, `duration` from now. ABORTED if the lease was
  // lost or settled, INVALID_ARGUMENT if the token is not one.
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration);

  // Puts the item back; the delivery counts. ABORTED as above.
  absl::Status Release(absl::string_view token);
  // Puts the item back as if it had never been claimed. ABORTED as above.
  absl::Status Unclaim(absl::string_view token);

  // The item that the token claims or, once it has settled it, the settled
  // item. ABORTED as above.
  absl::StatusOr<Item> Claimed(absl::string_view token) const;

  // Settles the item and replaces its payload. Again with the same token and
  // payload: OK, nothing changed. ABORTED if the lease was lost, or settled
  // with another payload.
  absl::StatusOr<Item> Settle(absl::string_view token,
                              absl::string_view payload);

  // Settles an item that nobody has claimed, and replaces its payload.
  // FAILED_PRECONDITION unless it waits, NOT_FOUND if unknown.
  absl::StatusOr<Item> SettleWaiting(absl::string_view id,
                                     absl::string_view payload);

  // Puts a settled or dead item back to wait, with a new payload and priority.
  // FAILED_PRECONDITION in another state, NOT_FOUND if unknown.
  absl::StatusOr<Item> Reopen(absl::string_view id, absl::string_view payload,
                              int priority);

  // Replaces the payload of an item in whatever state, and nothing else, by
  // what `amend` makes of it; nothing changes where that is nothing. No event
  // tells of it. `amend` must not call the queue; its error is passed on. A
  // holder who settles the item replaces the payload in turn, and a settlement
  // that is repeated later is no longer known for the same. NOT_FOUND if
  // unknown.
  using Amend =
      std::function<absl::StatusOr<std::optional<std::string>>(const Item&)>;
  absl::StatusOr<Item> AmendPayload(absl::string_view id, const Amend& amend);

  // Makes of the item what `revise` says, at once or not at all; the item that
  // it is then. FAILED_PRECONDITION where it would be leased, or is leased and
  // would be settled; NOT_FOUND if unknown.
  absl::StatusOr<Item> ReviseItem(absl::string_view id, const Revise& revise);
  // The same by the token that claims the item or has settled it. ABORTED as
  // above.
  absl::StatusOr<Item> ReviseClaim(absl::string_view token,
                                   const Revise& revise);
  // The same of every item, many with one sync: for the start of a process.
  // `fresh` must be empty.
  absl::Status ReviseAll(const Revise& revise);

  absl::StatusOr<Item> Get(absl::string_view id) const;

  // Side records that no item's change comes with.
  absl::Status WriteSides(const std::vector<SideWrite>& sides);
  // The side records of now: each read sees what is there when it is made.
  std::unique_ptr<Sides> SidesNow() const;

  // Calls `visit` with every item, as of one moment and in order of arrival,
  // until it returns an error, which is passed on. It may call the queue.
  absl::Status ForEach(
      const std::function<absl::Status(const Item&)>& visit) const;
  absl::Status ForEach(
      const std::function<absl::Status(const Item&, const Sides&)>& visit)
      const;

  // Items in `state`, in order of arrival (waiting items: best first), after
  // the cursor `after` of an earlier page ("" for the first). `next` is "" at
  // the end; a page may be shorter than `limit` before that.
  struct Page {
    std::vector<Item> items;
    std::string next;
  };
  absl::StatusOr<Page> List(State state, absl::string_view after, int limit,
                            const Lanes& lanes = nullptr) const;

  // Up to `limit` events with a sequence above `after`, oldest first. Waits
  // until there is one or `timeout` has passed (then none).
  absl::StatusOr<std::vector<Event>> Events(uint64_t after, int limit,
                                            absl::Duration timeout) const;

  // Waits until an item may be waiting, or `timeout` has passed.
  void WaitForWork(absl::Duration timeout) const;

  // Forgets items settled or dead before `before`, and events before it; with
  // each item the side writes that `forget` names, which must not call the
  // queue. Returns how many items went.
  using Forget = std::function<absl::StatusOr<std::vector<SideWrite>>(
      const Item& item, const Sides& sides)>;
  absl::StatusOr<int64_t> Purge(absl::Time before,
                                const Forget& forget = nullptr);

  // Puts back what ran out of its lease. ClaimItems, Get, List and GetStats do
  // so themselves (the last three as far as the disk lets them).
  absl::Status ExpireLeases();
  // The same of every lease, whenever it would run out: for the start of a
  // process whose own workers are the only holders.
  absl::Status ReleaseAll();

  absl::StatusOr<Stats> GetStats() const;

  // Of the items of one lane that wait or are leased.
  struct LaneStats {
    int64_t waiting = 0;
    int64_t leased = 0;
    int64_t set_aside = 0;  // Of the leased ones.
    absl::Time oldest_waiting = absl::InfiniteFuture();
    // Waiting ones whose age is below the first bound, the second, and so on,
    // each counted once, and last those above all bounds.
    std::vector<int64_t> waiting_by_age;
    int64_t overdue = 0;
    int64_t due_soon = 0;  // Not overdue, but within `soon`.
  };
  // By lane. The bounds on the ages grow.
  std::map<std::string, LaneStats> GetLaneStats(
      const std::vector<absl::Duration>& ages, absl::Duration soon) const;

  // Up to `limit` waiting or leased items that are due before `before`, the
  // earliest first.
  absl::StatusOr<std::vector<std::string>> Due(absl::Time before,
                                               int limit) const;

 private:
  struct Impl;
  explicit LeaseQueue(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_H_
