#ifndef LENSCAP_BASE_LEASE_QUEUE_STORE_H_
#define LENSCAP_BASE_LEASE_QUEUE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"
#include "base/lease_queue_record.h"
#include "base/rocksdb.h"
#include "rocksdb/db.h"
#include "rocksdb/snapshot.h"

namespace lenscap {

// What LeaseQueue has on disk. It keeps the keyspaces of the format in step
// with each other and decides nothing; who may change what is the queue's
// matter. Thread-safe.
class LeaseStore {
 public:
  // One item's change. `before` is absent for a new item, `after` for one that
  // is forgotten; both are where side records alone are written.
  struct Step {
    std::optional<LeaseRecord> before;
    std::optional<LeaseRecord> after;
    std::optional<absl::string_view> payload;  // Where it is replaced.
    std::optional<LeaseQueue::Event> event;
    std::vector<LeaseQueue::SideWrite> sides = {};
  };

  // Reads as of one moment where it is given, else as of now.
  using Moment = const rocksdb::Snapshot*;

  // FAILED_PRECONDITION where another process has it open, or a later version
  // of the format wrote it.
  static absl::StatusOr<std::unique_ptr<LeaseStore>> Open(
      const std::string& directory);

  // In order, until `visit` returns an error, which is passed on.
  absl::Status ForEachRecord(
      const std::function<absl::Status(const LeaseRecord&)>& visit,
      Moment moment = nullptr) const;
  // No item or event, kept or forgotten, has a greater sequence.
  absl::StatusOr<uint64_t> LastSequence() const;

  rocksdb::ManagedSnapshot Now() const;
  // NOT_FOUND if there is none.
  absl::StatusOr<uint64_t> SequenceOf(absl::string_view id,
                                      Moment moment = nullptr) const;
  absl::StatusOr<LeaseRecord> ReadRecord(uint64_t sequence,
                                         Moment moment = nullptr) const;
  absl::StatusOr<std::string> ReadPayload(uint64_t sequence,
                                          Moment moment = nullptr) const;
  // Up to `limit` settled or dead items above `after`, in order.
  absl::StatusOr<std::vector<uint64_t>> Ended(LeaseQueue::State state,
                                              uint64_t after, size_t limit,
                                              Moment moment = nullptr) const;
  // Up to `limit` events with sequences in (after, last], in order.
  absl::StatusOr<std::vector<LeaseQueue::Event>> Events(uint64_t after,
                                                        uint64_t last,
                                                        size_t limit) const;

  // NOT_FOUND if there is none.
  absl::StatusOr<std::string> ReadSide(absl::string_view key,
                                       Moment moment = nullptr) const;
  absl::Status ForEachSide(absl::string_view prefix, absl::string_view after,
                           const LeaseQueue::Sides::VisitSide& visit,
                           Moment moment = nullptr) const;

  // All of the steps or none, on disk when it returns. Where items are
  // forgotten, `last_sequence` is kept in their stead.
  absl::Status Write(const std::vector<Step>& steps, uint64_t last_sequence);
  // Forgets the events before the first one that is at or after `before`, as
  // far as `visible`: no event up to there is still to be written.
  absl::Status ForgetEvents(absl::Time before, uint64_t visible,
                            uint64_t last_sequence);

 private:
  LeaseStore(std::string directory, std::unique_ptr<rocksdb::DB> db)
      : directory_(std::move(directory)), db_(std::move(db)) {}

  absl::Status CheckFormat();
  absl::StatusOr<std::string> Read(absl::string_view key, Moment moment) const;
  std::unique_ptr<rocksdb::Iterator> Iterate(Moment moment) const;
  absl::Status Commit(rocksdb::WriteBatch& batch);

  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_STORE_H_
