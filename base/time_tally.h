#ifndef LENSCAP_BASE_TIME_TALLY_H_
#define LENSCAP_BASE_TIME_TALLY_H_

#include <cstdint>
#include <map>
#include <set>

#include "absl/time/time.h"

namespace lenscap {

// A multiset of times that counts what lies before a moment without going
// through all of it: it keeps a count of each minute beside the times. Not
// thread-safe.
class TimeTally {
 public:
  void Add(absl::Time time);
  // `time` must be in it.
  void Remove(absl::Time time);

  int64_t size() const { return static_cast<int64_t>(times_.size()); }
  // InfiniteFuture where it is empty.
  absl::Time earliest() const;
  // How many are at or before `end`.
  int64_t CountUpTo(absl::Time end) const;

 private:
  std::multiset<absl::Time> times_;
  std::map<absl::Time, int64_t> by_minute_;  // By the minute's start.
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_TIME_TALLY_H_
