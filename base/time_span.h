#ifndef LENSCAP_BASE_TIME_SPAN_H_
#define LENSCAP_BASE_TIME_SPAN_H_

#include "absl/time/time.h"

namespace lenscap {

// A stretch of media time, half-open: [start, end), from the media's start.
struct TimeSpan {
  absl::Duration start;
  absl::Duration end;

  absl::Duration length() const { return end - start; }
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_TIME_SPAN_H_
