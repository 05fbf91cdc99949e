#ifndef LENSCAP_BASE_GROUP_COMMIT_H_
#define LENSCAP_BASE_GROUP_COMMIT_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace lenscap {

// Lets callers that come at the same time share one expensive step, such as
// the sync of a write-ahead log: while one group is being committed, the next
// one gathers. Groups are committed one after the other, by one of the callers,
// in the order in which the requests came. Thread-safe.
template <typename Request>
class GroupCommit {
 public:
  using Commit = std::function<void(const std::vector<Request*>&)>;

  // A group weighs at most `max_weight`, or has one request.
  GroupCommit(Commit commit, size_t max_weight)
      : commit_(std::move(commit)), max_weight_(max_weight) {}

  // Returns when a group with `request` has been committed.
  void Run(Request* request, size_t weight) {
    Waiting waiting{request, weight};
    std::unique_lock lock(mutex_);
    queue_.push_back(&waiting);
    while (!waiting.done) {
      if (committing_) {
        changed_.wait(lock);
      } else {
        CommitNext(&lock);
      }
    }
  }

 private:
  struct Waiting {
    Request* request;
    size_t weight;
    bool done = false;
  };

  void CommitNext(std::unique_lock<std::mutex>* lock) {
    std::vector<Waiting*> group;
    std::vector<Request*> requests;
    for (size_t weight = 0; !queue_.empty(); queue_.pop_front()) {
      weight += queue_.front()->weight;
      if (!group.empty() && weight > max_weight_) break;
      group.push_back(queue_.front());
      requests.push_back(queue_.front()->request);
    }
    committing_ = true;
    lock->unlock();
    commit_(requests);
    lock->lock();
    committing_ = false;
    for (Waiting* waiting : group) waiting->done = true;
    changed_.notify_all();
  }

  const Commit commit_;
  const size_t max_weight_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting*> queue_;
  bool committing_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_GROUP_COMMIT_H_
