#include "services/worker_pool.h"

#include <optional>
#include <utility>

namespace lenscap {

WorkerPool::WorkerPool(int threads, size_t max_waiting, int max_running_of_one)
    : max_waiting_(max_waiting), waiting_(max_running_of_one) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

uint64_t WorkerPool::Schedule(absl::string_view key, Task task) {
  uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= max_waiting_) return 0;
    number = waiting_.Add(key, std::move(task));
  }
  changed_.notify_one();
  return number;
}

bool WorkerPool::Remove(absl::string_view key, uint64_t number) {
  std::optional<Task> removed;  // What it holds goes after the lock.
  std::lock_guard lock(mutex_);
  removed = waiting_.Remove(key, number);
  // The last one may have been waited for.
  if (stopped_) changed_.notify_all();
  return removed.has_value();
}

void WorkerPool::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] {
      return waiting_.ready() || (stopped_ && waiting_.size() == 0);
    });
    std::optional<Turns<Task>::Taken> taken = waiting_.Take();
    if (!taken) return;
    lock.unlock();
    taken->item();
    taken->item = nullptr;  // What it holds goes before the lock is taken.
    lock.lock();
    waiting_.Done(taken->key);
    // Its key may have waited for this end, and others for the last one.
    changed_.notify_all();
  }
}

}  // namespace lenscap
