#ifndef LENSCAP_SERVICES_TURNS_H_
#define LENSCAP_SERVICES_TURNS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace lenscap {

// Items that wait in lines, one for each key; the lines take turns (round
// robin), and within a line the first to come is the first to go. While an item
// waits at the head of a line that may run, no other line is taken from twice:
// however long the others are, it is taken after at most one item of each.
// Every call costs O(log n). Not thread-safe.
template <typename Item>
class Turns {
 public:
  // At most `max_running` taken items of a key that are not done; 0 for any
  // number.
  explicit Turns(int max_running = 0) : max_running_(max_running) {}

  // At the end of the key's line. The number, never 0, is for Remove.
  uint64_t Add(absl::string_view key, Item item) {
    const auto line = lines_.try_emplace(std::string(key)).first;
    line->second.items.emplace(++last_number_, std::move(item));
    ++size_;
    Requeue(line);
    return last_number_;
  }

  struct Taken {
    std::string key;
    Item item;
  };
  // The next, which runs until Done is called for its key. None where nothing
  // waits, or all that does is of keys with enough running.
  std::optional<Taken> Take() {
    if (ready_.empty()) return std::nullopt;
    const auto line = ready_.front();
    Unqueue(line->second);
    Taken taken = {line->first, PopFirst(line->second)};
    ++line->second.running;
    Requeue(line);
    return taken;
  }
  void Done(absl::string_view key) {
    const auto line = lines_.find(std::string(key));
    --line->second.running;
    Requeue(line);
    Forget(line);
  }

  // Takes a waiting item out of its line; none if it waits no more.
  std::optional<Item> Remove(absl::string_view key, uint64_t number) {
    const auto line = lines_.find(std::string(key));
    if (line == lines_.end()) return std::nullopt;
    auto node = line->second.items.extract(number);
    if (node.empty()) return std::nullopt;
    --size_;
    if (line->second.items.empty()) Unqueue(line->second);
    Forget(line);
    return std::move(node.mapped());
  }

  bool ready() const { return !ready_.empty(); }  // Whether Take gives one.
  size_t size() const { return size_; }           // Of all lines together.

 private:
  struct Line;
  using Lines = std::map<std::string, Line>;
  using LineRef = typename Lines::iterator;
  struct Line {
    std::map<uint64_t, Item> items;  // By number: in order of arrival.
    int running = 0;
    std::optional<typename std::list<LineRef>::iterator> place;  // In ready_.
  };

  Item PopFirst(Line& line) {
    auto node = line.items.extract(line.items.begin());
    --size_;
    return std::move(node.mapped());
  }
  // Behind the others, unless it has a place or may not be taken from.
  void Requeue(LineRef line) {
    Line& it = line->second;
    const bool full = max_running_ > 0 && it.running >= max_running_;
    if (it.place || it.items.empty() || full) return;
    it.place = ready_.insert(ready_.end(), line);
  }
  void Unqueue(Line& line) {
    if (line.place) ready_.erase(*line.place);
    line.place.reset();
  }
  void Forget(LineRef line) {
    if (line->second.items.empty() && line->second.running == 0) {
      lines_.erase(line);
    }
  }

  const int max_running_;
  uint64_t last_number_ = 0;
  size_t size_ = 0;
  Lines lines_;
  std::list<LineRef> ready_;  // Lines that may be taken from, the next first.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TURNS_H_
