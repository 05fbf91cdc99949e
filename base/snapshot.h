#ifndef LENSCAP_BASE_SNAPSHOT_H_
#define LENSCAP_BASE_SNAPSHOT_H_

#include <memory>
#include <mutex>
#include <utility>

namespace lenscap {

// The handle to an immutable T that is replaced whole. Readers keep what they
// got for as long as they hold it and never wait for a T to be made: the lock
// covers the copy of one pointer. Thread-safe.
template <typename T>
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const T> value = nullptr)
      : value_(std::move(value)) {}

  std::shared_ptr<const T> Get() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  void Set(std::shared_ptr<const T> value) {
    std::lock_guard lock(mutex_);
    value_.swap(value);
    // The old value dies with the argument, after the lock is gone.
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_SNAPSHOT_H_
