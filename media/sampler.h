#ifndef LENSCAP_MEDIA_SAMPLER_H_
#define LENSCAP_MEDIA_SAMPLER_H_

#include <cstdint>
#include <map>

#include "absl/time/time.h"

namespace lenscap {

// Chooses the first frame at or after each multiple of an interval. A frame
// that is the first after several multiples is taken once. Times must not
// fall. Not thread-safe.
class Sampler {
 public:
  // Zero (or less) takes every frame.
  explicit Sampler(absl::Duration interval) : interval_(interval) {}

  // Whether the frame that is shown from `time` on is to be taken.
  bool Take(absl::Duration time);

 private:
  const absl::Duration interval_;
  absl::Duration next_;  // The multiple that waits for its frame.
};

// Says of frames that are still to be decoded, in any order, that a Sampler of
// the same interval is sure not to take them. Not thread-safe.
class SamplePlan {
 public:
  explicit SamplePlan(absl::Duration interval) : interval_(interval) {}

  // Notes a frame. True if an earlier one was noted in the same interval.
  bool IsSpare(absl::Duration time);

 private:
  const absl::Duration interval_;
  // The earliest frame noted, by the number of its interval; the latest few.
  std::map<int64_t, absl::Duration> earliest_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_SAMPLER_H_
