#ifndef LENSCAP_SERVICES_STOPWATCH_H_
#define LENSCAP_SERVICES_STOPWATCH_H_

#include <chrono>

#include "absl/time/time.h"

namespace lenscap {

// Adds the wall-clock time of a scope to a sum, which must outlive it. It
// measures; nothing is decided by it, so it needs no injected clock.
class Stopwatch {
 public:
  explicit Stopwatch(absl::Duration* sum) : sum_(sum) {}
  ~Stopwatch() { *sum_ += Elapsed(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  absl::Duration Elapsed() const {
    return absl::FromChrono(std::chrono::steady_clock::now() - start_);
  }

 private:
  absl::Duration* const sum_;
  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
};

// What `stage` returns; its time is added to `sum`.
template <typename Stage>
auto Timed(absl::Duration* sum, const Stage& stage) {
  const Stopwatch stopwatch(sum);
  return stage();
}

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_STOPWATCH_H_
