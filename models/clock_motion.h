#ifndef LENSCAP_MODELS_CLOCK_MOTION_H_
#define LENSCAP_MODELS_CLOCK_MOTION_H_

#include "absl/types/span.h"

namespace lenscap {

// How what a clock shows moves as the video plays.
enum class ClockMotion {
  kUnknown,    // Too few or too different readings to tell.
  kTicks,      // In step with the video, within 0.5 %.
  kFrozen,     // The same time though 2 s or more went by, or 61 s where the
               // clock has no seconds.
  kOtherRate,  // Steadily at another rate: a copy that was sped up or slowed
               // down, a time lapse, or one that runs backwards.
};

// What a still shows.
struct ClockSample {
  double at;     // Seconds from the start of the video.
  double value;  // Seconds, of the day or of a stopwatch.
};

// A clock that shows start + rate * at, rounded down to whole units and without
// its days.
struct ClockTrack {
  static constexpr double kDay = 24 * 60 * 60;
  // By how many seconds what a still shows may be off.
  static constexpr double kTolerance = 1;

  double rate = 1;   // Clock seconds per video second.
  double unit = 1;   // Seconds: 1, or 60 of a clock without seconds.
  double start = 0;  // [0, kDay).
  int count = 0;     // Samples that it was made of.

  double ExactAt(double at) const { return start + rate * at; }
  // Whether it shows the sample's value at its time, give or take `tolerance`
  // seconds of the clock.
  bool Shows(const ClockSample& sample, double tolerance) const;
  // Whether it may be the time since the start of the video.
  bool StartsAtZero() const;
};

struct ClockTiming {
  ClockMotion motion = ClockMotion::kUnknown;
  ClockTrack track;  // The best guess where the motion is unknown.
};

// The motion that most samples fit, of at least one, in order of time. A unit
// is 1 s or 60 s, see ClockTrack. Takes time with the cube of the samples where
// they neither tick nor stand. Pure, as all below.
ClockTiming FindMotion(absl::Span<const ClockSample> samples, double unit);

// Whether what reads as hours and minutes runs as minutes and seconds do, up or
// down, or is just the time since the start of the video. The values are those
// of a stopwatch.
bool RunsAsStopwatch(absl::Span<const ClockSample> samples);

// Whether the track, found in these samples, runs backwards or one that does
// fits more of them.
bool CountsDown(absl::Span<const ClockSample> samples, const ClockTrack& track);

// Without whole days, before 0 too: [0, ClockTrack::kDay).
double SecondsOfDay(double seconds);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CLOCK_MOTION_H_
