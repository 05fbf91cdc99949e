#ifndef LENSCAP_BASE_LEASE_QUEUE_IMPL_H_
#define LENSCAP_BASE_LEASE_QUEUE_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"
#include "base/lease_queue_index.h"
#include "base/lease_queue_record.h"
#include "base/lease_queue_store.h"
#include "base/lease_queue_text.h"

namespace lenscap {

// Every change is made the same way: take hold of the item, read it from disk,
// decide, write one batch with a sync, then tell the index. Nobody holds a
// lock over the write, so writes of different items share syncs; the hold
// keeps the writes of one item in order.
struct LeaseQueue::Impl {
  // Payload bytes after which a page, or a set of claims, is full.
  static constexpr size_t kFullBytes = kMaxPayloadBytes;

  Impl(Options given, std::unique_ptr<LeaseStore> opened)
      : options(std::move(given)), store(std::move(opened)) {}

  // The clock's time, as precise as the disk keeps it.
  absl::Time Now() const;
  LeaseIndex::Hold HoldItem(uint64_t sequence);

  // NOT_FOUND, naming the item.
  absl::StatusOr<uint64_t> SequenceOf(absl::string_view id,
                                      LeaseStore::Moment moment = nullptr);
  absl::StatusOr<Item> ReadItem(const LeaseRecord& record,
                                LeaseStore::Moment moment = nullptr) const;
  // The item that the token leases at `now`, or has settled; ABORTED if none.
  absl::StatusOr<LeaseRecord> ReadClaimed(
      const LeaseToken& token, absl::Time now,
      LeaseStore::Moment moment = nullptr) const;
  // The item that it leases; ABORTED if none.
  absl::StatusOr<LeaseRecord> ReadLeased(const LeaseToken& token,
                                         absl::Time now) const;
  // FAILED_PRECONDITION unless it waits, NOT_FOUND if it is gone.
  absl::StatusOr<LeaseRecord> ReadWaiting(uint64_t sequence,
                                          absl::string_view id) const;

  // `before` is absent for a new item, which gets its event's sequence, and
  // `after` for one that is forgotten.
  struct Change {
    std::optional<LeaseRecord> before;
    std::optional<LeaseRecord> after;
    std::optional<absl::string_view> payload = std::nullopt;
    std::optional<EventKind> event = std::nullopt;
    std::string detail = {};
    std::vector<SideWrite> sides = {};
  };
  // Makes all of the changes at `now`, or none. The caller holds the items.
  absl::Status Commit(std::vector<Change> changes, absl::Time now);

  // What `revision`, which must outlive it, makes of an item; `claimed` where
  // it is revised by its token.
  absl::StatusOr<Change> ChangeBy(const LeaseRecord& record,
                                  const Revision& revision, bool claimed,
                                  absl::Time now) const;
  // Revises the item, which the caller holds, and submits what is fresh.
  absl::StatusOr<Item> ReviseHeld(const LeaseRecord& record,
                                  const Revise& revise, bool claimed);
  absl::StatusOr<Change> Fresh(const NewItem& item, absl::Time now) const;

  // What becomes of an item whose lease brought no settlement.
  Change PutBack(const LeaseRecord& record, absl::Time now) const;
  // Puts back what ran out of its lease by `end`.
  absl::Status ExpireLeases(absl::Time end);

  struct Candidate {
    LeaseIndex::Hold hold;
    LeaseRecord record;
    Item item;
  };
  // The items to claim. Waits for those who hold waiting items where it would
  // otherwise come back with none.
  absl::StatusOr<std::vector<Candidate>> Choose(size_t max,
                                                const Accept& accept,
                                                const Lanes& lanes);

  absl::StatusOr<std::vector<LeaseIndex::Place>> Places(
      State state, LeaseIndex::Place after, size_t limit,
      const Lanes& lanes) const;
  absl::StatusOr<int64_t> PurgeEnded(State state, absl::Time before,
                                     const Forget& forget);

  const Options options;
  const std::unique_ptr<LeaseStore> store;
  LeaseIndex index;
  // Taken by the one who puts back what expired, who waits for items while
  // holding others.
  std::mutex expiring;
};

// What is on disk of an item, as its users see it.
LeaseQueue::Item ToItem(const LeaseRecord& record, std::string payload);
// The record of an item that is no longer leased, from `now` on.
LeaseRecord WithoutLease(LeaseRecord record, absl::Time now);
// One that has not been claimed since it came, or came again, at `now`.
LeaseRecord Anew(const LeaseRecord& record, absl::Time now);

// The side records of the store as of `moment`.
class StoreSides final : public LeaseQueue::Sides {
 public:
  StoreSides(const LeaseStore* store, LeaseStore::Moment moment)
      : store_(store), moment_(moment) {}
  absl::StatusOr<std::optional<std::string>> Get(
      absl::string_view key) const override;
  absl::Status ForEach(absl::string_view prefix, absl::string_view after,
                       const VisitSide& visit) const override {
    return store_->ForEachSide(prefix, after, visit, moment_);
  }

 private:
  const LeaseStore* const store_;
  const LeaseStore::Moment moment_;
};

absl::Status CheckBytes(absl::string_view name, absl::string_view value,
                        size_t least, size_t most);
absl::Status CheckLeaseDuration(absl::Duration duration);
absl::Status LeaseLost();
absl::Status UnknownItem(absl::string_view id);

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_IMPL_H_
