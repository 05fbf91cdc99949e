#ifndef LENSCAP_MODELS_CLOCK_TEXT_H_
#define LENSCAP_MODELS_CLOCK_TEXT_H_

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "models/clock_motion.h"

namespace lenscap {

// What a line of text that is burned into a video reads in one of its stills.
struct LineReading {
  absl::Duration time;  // Of the still, from the start of the video.
  std::string text;     // UTF-8, with the mistakes of whoever read it.
};

// What one line says as a clock: a date, a time of day or both, as cameras
// burn them in, with other words around them or not.
struct ClockReading {
  using Motion = ClockMotion;  // kUnknown, kTicks, kFrozen or kOtherRate.

  bool is_clock = false;  // All below is unset where it is not.
  bool dated = false;
  bool timed = false;        // Hours and minutes at least.
  bool has_seconds = false;  // Fractions of a second are not read.
  Motion motion = Motion::kUnknown;
  double rate = 0;   // Clock seconds per video second; 0 where unknown.
  int readings = 0;  // Those that read as a clock, as they are or with one or
                     // two wrong characters put right.
  int agreeing = 0;  // Those of them that fit the motion found or, without a
                     // time, the date.
  // What the clock shows at the start of the video, where it ticks and its
  // hours and minutes could be read; without its seconds where it shows none. A
  // year of two digits is of this century.
  std::optional<absl::CivilSecond> start;     // Where it has a date and a time.
  std::optional<absl::Duration> time_of_day;  // Where it has a time; [0, 24 h).
  // What the first still shows by the vote of all: "2021-06-11 23:14:05",
  // "2021-06-11", "23:14:05" or "23:14".
  std::string text;
};

// The readings are of one line, in any order, of any bytes; those that are
// empty or further than 100 days from the start of the video do not count.
// Only the first 128 characters of a reading are used. Never fails; takes time
// in proportion to the readings. Thread-safe.
//
// Where hours and minutes cannot be read and the last two digits still count
// the seconds of the video, the clock ticks all the same, and its text is the
// date or, without one, the first reading.
//
// Not clocks: what counts up from zero with the video (a timecode), an undated
// time that runs backwards, minutes and seconds of a game, hours and minutes
// among other words unless dated or seen to tick, and what is part of a longer
// number, such as an address in a network.
//
// A date that can be read in two orders is taken as the other readings, the
// weekday on the line and, failing these, custom have it: MM/DD/YYYY with
// slashes, DD-MM-YYYY or YY-MM-DD with dashes, DD.MM.YYYY with dots.
ClockReading ReadClock(absl::Span<const LineReading> readings);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CLOCK_TEXT_H_
