#ifndef LENSCAP_SERVICES_TURN_OF_WORK_H_
#define LENSCAP_SERVICES_TURN_OF_WORK_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "services/worker_pool.h"

namespace lenscap {

// A task that waits for its turn in a pool, and can be taken back until then.
// Thread-safe; must outlive the task, unless the task ends it.
class TurnOfWork {
 public:
  explicit TurnOfWork(WorkerPool* pool) : pool_(pool) {}

  // Runs `work` once, when it is the key's turn. False, and it never runs,
  // where too many wait.
  [[nodiscard]] bool Schedule(const std::string& key,
                              std::function<void()> work) {
    std::lock_guard lock(mutex_);
    key_ = key;
    number_ = pool_->Schedule(key, [this, work = std::move(work)] {
      {
        std::lock_guard started(mutex_);
        number_ = 0;
      }
      work();
    });
    return number_ != 0;
  }

  // Whether it waited still, and now will never run.
  [[nodiscard]] bool TakeBack() {
    std::lock_guard lock(mutex_);
    return number_ != 0 && pool_->Remove(key_, std::exchange(number_, 0));
  }

 private:
  WorkerPool* const pool_;
  std::mutex mutex_;
  std::string key_;      // Guarded by mutex_.
  uint64_t number_ = 0;  // While it waits; guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TURN_OF_WORK_H_
