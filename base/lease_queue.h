#ifndef LENSCAP_BASE_LEASE_QUEUE_H_
#define LENSCAP_BASE_LEASE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
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
    int deliveries = 0;    // Claims since it was submitted or reopened.
    std::string holder;    // While leased: who claimed it.
    absl::Time lease_end;  // While leased: when the claim runs out.
    absl::Time settled;    // When settled, or dead.
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
    kDead = 4
  };
  struct Event {
    uint64_t sequence = 0;  // Grows, with gaps.
    EventKind kind = EventKind::kSubmitted;
    std::string id;
    absl::Time time;
  };

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

  // Claims up to `max` waiting items for `duration`, best first, of those that
  // `accept` accepts (null accepts all; it must not call the queue). Returns
  // without waiting for work; fewer than `max` once the payloads are large.
  absl::StatusOr<std::vector<Claim>> ClaimItems(
      absl::string_view holder, int max, absl::Duration duration,
      const std::function<bool(const Item&)>& accept = nullptr);

  // Claims this one item, as above. FAILED_PRECONDITION unless it waits,
  // NOT_FOUND if unknown.
  absl::StatusOr<Claim> ClaimItem(absl::string_view id,
                                  absl::string_view holder,
                                  absl::Duration duration);

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

  absl::StatusOr<Item> Get(absl::string_view id) const;

  // Calls `visit` with every item, as of one moment and in order of arrival,
  // until it returns an error, which is passed on. It may call the queue.
  absl::Status ForEach(
      const std::function<absl::Status(const Item&)>& visit) const;

  // Items in `state`, in order of arrival (waiting items: best first), after
  // the cursor `after` of an earlier page ("" for the first). `next` is "" at
  // the end; a page may be shorter than `limit` before that.
  struct Page {
    std::vector<Item> items;
    std::string next;
  };
  absl::StatusOr<Page> List(State state, absl::string_view after,
                            int limit) const;

  // Up to `limit` events with a sequence above `after`, oldest first. Waits
  // until there is one or `timeout` has passed (then none).
  absl::StatusOr<std::vector<Event>> Events(uint64_t after, int limit,
                                            absl::Duration timeout) const;

  // Waits until an item may be waiting, or `timeout` has passed.
  void WaitForWork(absl::Duration timeout) const;

  // Forgets items settled or dead before `before`, and events before it.
  // Returns how many items went.
  absl::StatusOr<int64_t> Purge(absl::Time before);

  // Puts back what ran out of its lease. ClaimItems, Get, List and GetStats do
  // so themselves (the last three as far as the disk lets them).
  absl::Status ExpireLeases();
  // The same of every lease, whenever it would run out: for the start of a
  // process whose own workers are the only holders.
  absl::Status ReleaseAll();

  absl::StatusOr<Stats> GetStats() const;

 private:
  struct Impl;
  explicit LeaseQueue(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_H_
