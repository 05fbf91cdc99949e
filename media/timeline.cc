#include "media/timeline.h"

#include <algorithm>

namespace lenscap {
namespace {

// Frames that come a little out of order are jitter, not a new start.
constexpr int kMaxFramesBack = 3;

}  // namespace

absl::Duration Timeline::Place(std::optional<int64_t> timestamp,
                               absl::Duration duration) {
  absl::Duration time = end_;
  if (timestamp && anchor_) {
    const absl::Duration stated = TimeOf(*timestamp);
    if (last_ - kMaxFramesBack * duration <= stated &&
        stated <= last_ + max_gap_) {
      time = std::max(stated, last_);
    } else {
      anchor_.reset();
    }
  }
  if (timestamp && !anchor_) anchor_ = Anchor{*timestamp, time};
  last_ = time;
  end_ = time + duration;
  return time;
}

std::optional<absl::Duration> Timeline::Foresee(int64_t timestamp) const {
  if (!anchor_) return std::nullopt;
  const absl::Duration time = TimeOf(timestamp);
  if (time < last_ || last_ + max_gap_ < time) return std::nullopt;
  return time;
}

absl::Duration Timeline::TimeOf(int64_t timestamp) const {
  // In whole nanoseconds, in 128 bits: neither sum nor product can overflow,
  // and half a second is exactly half a second.
  __extension__ using Wide = __int128;
  const Wide ticks = Wide{timestamp} - anchor_->timestamp;
  const Wide nanoseconds = ticks * numerator_ * 1'000'000'000 / denominator_;
  constexpr int64_t kFar = INT64_MAX;
  return anchor_->time + absl::Nanoseconds(static_cast<int64_t>(
                             std::clamp(nanoseconds, -Wide{kFar}, Wide{kFar})));
}

}  // namespace lenscap
