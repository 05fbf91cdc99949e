#ifndef LENSCAP_SERVICES_WORKER_POOL_H_
#define LENSCAP_SERVICES_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lenscap {

// A fixed number of threads that run tasks in order of arrival, and a bounded
// number of tasks that wait for them. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(int threads, size_t max_waiting);
  ~WorkerPool();  // Stops.
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Returns without waiting. False, and `task` is dropped, where too many wait
  // or the pool was stopped.
  [[nodiscard]] bool Schedule(std::function<void()> task);

  // Takes no more tasks, runs those that wait and returns when they are done.
  // Not from one of the pool's own tasks.
  void Stop();

 private:
  void Run();

  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;  // Guarded by mutex_.
  bool stopped_ = false;                       // Guarded by mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WORKER_POOL_H_
