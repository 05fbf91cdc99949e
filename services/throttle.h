#ifndef LENSCAP_SERVICES_THROTTLE_H_
#define LENSCAP_SERVICES_THROTTLE_H_

#include "absl/time/time.h"
#include "base/clock.h"

namespace lenscap {

// Says yes at most once per interval, and the first time. Not thread-safe.
class Throttle {
 public:
  Throttle(const Clock* clock, absl::Duration interval)  // Must outlive this.
      : clock_(clock), interval_(interval) {}

  bool Due() {
    const absl::Time now = clock_->Now();
    if (now < next_) return false;
    next_ = now + interval_;
    return true;
  }

 private:
  const Clock* const clock_;
  const absl::Duration interval_;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_THROTTLE_H_
