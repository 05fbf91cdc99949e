#include "base/time_tally.h"

#include <iterator>

namespace lenscap {
namespace {

absl::Time MinuteOf(absl::Time time) {
  return absl::UnixEpoch() +
         absl::Floor(time - absl::UnixEpoch(), absl::Minutes(1));
}

}  // namespace

void TimeTally::Add(absl::Time time) {
  times_.insert(time);
  ++by_minute_[MinuteOf(time)];
}

void TimeTally::Remove(absl::Time time) {
  times_.erase(times_.find(time));
  const auto minute = by_minute_.find(MinuteOf(time));
  if (--minute->second == 0) by_minute_.erase(minute);
}

absl::Time TimeTally::earliest() const {
  return times_.empty() ? absl::InfiniteFuture() : *times_.begin();
}

int64_t TimeTally::CountUpTo(absl::Time end) const {
  const absl::Time last = MinuteOf(end);
  int64_t count = 0;
  for (const auto& [minute, times] : by_minute_) {
    if (minute >= last) break;
    count += times;
  }
  return count +
         std::distance(times_.lower_bound(last), times_.upper_bound(end));
}

}  // namespace lenscap
