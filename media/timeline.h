#ifndef LENSCAP_MEDIA_TIMELINE_H_
#define LENSCAP_MEDIA_TIMELINE_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace lenscap {

// Turns the timestamps of a stream, in order of presentation, into times that
// start at zero and never fall. A timestamp that is missing, falls back by
// more than three frames or leaps ahead by more than `max_gap` says nothing of
// when its frame was shown: that frame follows its predecessor, and later
// timestamps count from there. Not thread-safe.
class Timeline {
 public:
  // A tick of the stream's clock is `numerator` / `denominator` seconds, both
  // above zero.
  Timeline(int numerator, int denominator, absl::Duration max_gap)
      : numerator_(numerator), denominator_(denominator), max_gap_(max_gap) {}

  // The time of the next frame, which is at `timestamp`, in ticks, and is
  // shown for `duration`.
  absl::Duration Place(std::optional<int64_t> timestamp,
                       absl::Duration duration);

  // The time of a frame that is yet to come, at `timestamp`, if what has been
  // placed tells.
  std::optional<absl::Duration> Foresee(int64_t timestamp) const;

  // The end of the last frame.
  absl::Duration end() const { return end_; }

 private:
  // The time that `timestamp` stands for, counted from the anchor.
  absl::Duration TimeOf(int64_t timestamp) const;

  struct Anchor {
    int64_t timestamp;
    absl::Duration time;
  };

  const int numerator_;
  const int denominator_;
  const absl::Duration max_gap_;
  std::optional<Anchor> anchor_;
  absl::Duration last_;
  absl::Duration end_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_TIMELINE_H_
