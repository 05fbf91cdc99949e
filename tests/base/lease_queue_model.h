#ifndef LENSCAP_TESTS_BASE_LEASE_QUEUE_MODEL_H_
#define LENSCAP_TESTS_BASE_LEASE_QUEUE_MODEL_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lease_queue.h"

namespace lenscap {

// What LeaseQueue promises, in memory and trivially right: every question is
// answered by looking at every item. Times are whole microseconds.
class LeaseQueueModel {
 public:
  using Item = LeaseQueue::Item;
  using State = LeaseQueue::State;

  LeaseQueueModel(int max_deliveries, const Clock* clock)
      : max_deliveries_(max_deliveries), clock_(clock) {}

  bool Submit(const std::string& id, const std::string& payload, int priority);
  // The ids that are claimed next, best first.
  std::vector<std::string> Claim(const std::string& holder, size_t max,
                                 absl::Duration duration, bool even_only,
                                 const std::string& without_lane);
  // Gives the latest claim of the item its token, which the queue makes.
  void SetToken(const std::string& id, const std::string& token);

  // Each is true where the queue must say OK, otherwise ABORTED.
  bool Extend(const std::string& token, absl::Duration duration);
  bool Release(const std::string& token);
  bool Unclaim(const std::string& token);
  bool Settle(const std::string& token, const std::string& payload);
  bool Claimed(const std::string& token);

  // NOT_FOUND or FAILED_PRECONDITION as the queue.
  absl::StatusCode ClaimItem(const std::string& id, const std::string& holder,
                             absl::Duration duration);
  absl::StatusCode SettleWaiting(const std::string& id,
                                 const std::string& payload);
  absl::StatusCode AmendPayload(const std::string& id,
                                const std::string& suffix);
  absl::StatusCode Reopen(const std::string& id, const std::string& payload,
                          int priority);
  int64_t Purge(absl::Time before);

  // A revision: the payload with a suffix, a priority and a lane, told or not.
  struct Change {
    LeaseQueue::Revision::Next next = LeaseQueue::Revision::Next::kStay;
    std::string suffix;
    int priority = 0;
    std::string lane;
    absl::Duration lease;
    bool tell = false;
  };
  absl::StatusCode ReviseItem(const std::string& id, const Change& change);
  absl::StatusCode ReviseClaim(const std::string& token, const Change& change);

  // Null if unknown.
  const Item* Get(const std::string& id);
  std::vector<std::string> List(State state);
  LeaseQueue::Stats GetStats();

  struct Told {
    LeaseQueue::EventKind kind;
    std::string id;
    absl::Time time;
  };
  const std::vector<Told>& events();

 private:
  struct Entry {
    Item item;
    int64_t arrival = 0;
    absl::Time since;
    std::string token;
  };

  void Expire();
  void PutBack(Entry& entry);
  void Tell(LeaseQueue::EventKind kind, const std::string& id);
  Entry* Find(const std::string& token);
  Entry* FindLeased(const std::string& token);
  void EndLease(Entry& entry);
  absl::StatusCode Apply(Entry& entry, const Change& change, bool claimed);
  void Lease(Entry& entry, const std::string& holder, absl::Duration duration);
  std::vector<Entry*> InState(State state);

  const int max_deliveries_;
  const Clock* const clock_;
  int64_t arrivals_ = 0;
  std::map<std::string, Entry> entries_;
  std::vector<Told> events_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_BASE_LEASE_QUEUE_MODEL_H_
