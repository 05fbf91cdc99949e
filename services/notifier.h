#ifndef LENSCAP_SERVICES_NOTIFIER_H_
#define LENSCAP_SERVICES_NOTIFIER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace lenscap {

// The topic under which news of any takedown case goes out; news of a scan
// has the scan's id as its topic.
inline constexpr char kCaseNews[] = "cases";
// The same of what platforms are told.
inline constexpr char kOutcomeNews[] = "outcomes";

// Wakes whoever waits for news of a topic. Thread-safe.
class Notifier {
 public:
  // `wake` must return quickly and not call back into the notifier.
  uint64_t Subscribe(const std::string& topic, std::function<void()> wake) {
    std::lock_guard lock(mutex_);
    subscribers_.emplace(topic, Subscriber{++last_id_, std::move(wake)});
    return last_id_;
  }

  // After this returns `wake` is not called, nor still running.
  void Unsubscribe(const std::string& topic, uint64_t id) {
    std::lock_guard lock(mutex_);
    const auto [begin, end] = subscribers_.equal_range(topic);
    for (auto it = begin; it != end; ++it) {
      if (it->second.id == id) {
        subscribers_.erase(it);
        return;
      }
    }
  }

  void Notify(const std::string& topic) {
    std::lock_guard lock(mutex_);
    const auto [begin, end] = subscribers_.equal_range(topic);
    for (auto it = begin; it != end; ++it) it->second.wake();
  }

  void NotifyAll() {
    std::lock_guard lock(mutex_);
    for (const auto& [topic, subscriber] : subscribers_) subscriber.wake();
  }

 private:
  struct Subscriber {
    uint64_t id;
    std::function<void()> wake;
  };
  std::mutex mutex_;
  uint64_t last_id_ = 0;                                // Guarded by mutex_.
  std::multimap<std::string, Subscriber> subscribers_;  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_NOTIFIER_H_
