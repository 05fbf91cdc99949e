#ifndef LENSCAP_SERVICES_WORKER_POOL_H_
#define LENSCAP_SERVICES_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/turns.h"

namespace lenscap {

// A fixed number of threads that run tasks, and a bounded number of tasks that
// wait for them. Tasks of one key run in order of arrival; keys take turns, so
// that many tasks of one do not hold up another's (services/turns.h).
// Thread-safe.
class WorkerPool {
 public:
  // At most `max_running_of_one` tasks of one key at a time; 0 for any number.
  WorkerPool(int threads, size_t max_waiting, int max_running_of_one = 0);
  ~WorkerPool();  // Stops.
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Returns without waiting. 0, and `task` is dropped, where too many wait or
  // the pool was stopped; otherwise a number for Remove.
  [[nodiscard]] uint64_t Schedule(absl::string_view key,
                                  std::function<void()> task);
  // The same of a pool whose tasks are all of one key.
  [[nodiscard]] bool Schedule(std::function<void()> task) {
    return Schedule("", std::move(task)) != 0;
  }

  // Drops a task that still waits; false once it runs, or has.
  [[nodiscard]] bool Remove(absl::string_view key, uint64_t number);

  // Takes no more tasks, runs those that wait and returns when they are done.
  // Not from one of the pool's own tasks.
  void Stop();

 private:
  using Task = std::function<void()>;
  void Run();

  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Turns<Task> waiting_;   // Guarded by mutex_.
  bool stopped_ = false;  // Guarded by mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WORKER_POOL_H_
