#ifndef LENSCAP_BASE_CLOCK_H_
#define LENSCAP_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace lenscap {

// Where the time of day comes from; tests step their own (tests/support).
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  // The machine's clock. Lives for ever.
  static const Clock* Real() {
    class RealClock final : public Clock {
      absl::Time Now() const override { return absl::Now(); }
    };
    static const RealClock* const clock = new RealClock;
    return clock;
  }
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_CLOCK_H_
