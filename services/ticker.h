#ifndef LENSCAP_SERVICES_TICKER_H_
#define LENSCAP_SERVICES_TICKER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace lenscap {

// Calls a function on a thread of its own, again and again, with a pause
// before each call.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds pause, std::function<void()> tick)
      : pause_(pause), tick_(std::move(tick)), thread_([this] { Run(); }) {}
  // After a call that is going on.
  ~Ticker() {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    stop_.notify_all();
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, pause_, [this] { return stopped_; })) {
      lock.unlock();
      tick_();
      lock.lock();
    }
  }

  const std::chrono::milliseconds pause_;
  const std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopped_ = false;  // Guarded by mutex_.
  std::thread thread_;    // Last: it uses the others.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TICKER_H_
