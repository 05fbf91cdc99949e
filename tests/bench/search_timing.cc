#include "tests/bench/search_timing.h"

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace lenscap {
namespace {

double Seconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

Meters ReadMeters() {
  const auto heap = mallinfo2();
  return {.seconds = Seconds(CLOCK_MONOTONIC),
          .cpu_seconds = Seconds(CLOCK_PROCESS_CPUTIME_ID),
          .heap_bytes = static_cast<double>(heap.uordblks + heap.hblkhd)};
}

void SweepCaches() {
  static auto* const words = new std::vector<uint64_t>(1 << 25);
  for (size_t i = 0; i < words->size(); i += 8) ++(*words)[i];
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

double Quantile(double share, std::vector<double> values) {
  const auto at =
      values.begin() + static_cast<size_t>(share * (values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double Mean(absl::Span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace lenscap
