#ifndef LENSCAP_SERVICES_CANCELLATION_H_
#define LENSCAP_SERVICES_CANCELLATION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/ticker.h"

namespace lenscap {

// Tells one piece of work to stop, and why. Thread-safe.
class Cancellation {
 public:
  // The first reason counts; later ones change nothing.
  void Cancel(absl::Status why);

  bool cancelled() const { return flag_; }
  // OK until it is cancelled.
  absl::Status status() const;
  // For code that only polls.
  const std::atomic<bool>* flag() const { return &flag_; }

  // Called once, on the thread that cancels, or at once if that has happened.
  // Null takes the hook away, after a call that is going on.
  void SetHook(std::function<void()> hook);

 private:
  std::atomic<bool> flag_ = false;
  mutable std::mutex mutex_;
  absl::Status why_;            // Guarded by mutex_.
  std::mutex hook_mutex_;       // Held while the hook runs.
  std::function<void()> hook_;  // Guarded by hook_mutex_.
};

// Cancels work that is past its deadline. Thread-safe.
class Watchdog {
 public:
  explicit Watchdog(const Clock* clock);  // Must outlive this.

  // Cancels `work` with DEADLINE_EXCEEDED within a second of the end of
  // `limit`, which starts now, unless it is gone by then.
  void Limit(const std::shared_ptr<Cancellation>& work, absl::Duration limit);

 private:
  struct Entry {
    std::weak_ptr<Cancellation> work;
    absl::Duration limit;
    absl::Time deadline;
  };
  std::vector<Entry> TakeOverdue();
  void CancelOverdue();

  const Clock* const clock_;
  std::mutex mutex_;
  std::vector<Entry> entries_;  // Guarded by mutex_.
  Ticker ticker_;               // Last: it uses the others.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CANCELLATION_H_
