#ifndef LENSCAP_MODELS_CLOCK_LINE_H_
#define LENSCAP_MODELS_CLOCK_LINE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace lenscap {

// Where a date or a time stands in a folded line: characters [begin, end).
struct TextPlace {
  int begin = 0;
  int end = 0;
  int repairs = 0;  // Characters that had to be put right.
  // Whether it could as well be a version or a price, so that only a line with
  // both a date and a time makes it one.
  bool doubtful = false;
};

struct DateMatch : TextPlace {
  absl::CivilDay day;
  int oddity = 0;  // How unusual it would be; 0 is the most usual.
};

struct TimeMatch : TextPlace {
  bool has_seconds = false;
  bool twelve_hour = false;
  bool valid = false;    // A time of day: "45:12" is none.
  double value = 0;      // Seconds since midnight, where valid.
  double stopwatch = 0;  // Seconds, where it counts minutes and seconds.
};

// A still's line, in which a time and a date in all its orders were found, if
// any.
struct ClockLine {
  double at = 0;     // Seconds from the start of the video.
  std::string text;  // Folded, see clock_characters.h.
  std::optional<TimeMatch> time;
  std::vector<DateMatch> dates;
  std::optional<absl::Weekday> weekday;
  bool several_times = false;
  bool bare = false;  // Has no words or numbers but the time and the weekday.
};

// Finds the time and the dates in the text, of any bytes, of the still at `at`
// seconds. Each is no part of something longer, such as an address in a
// network, and the dates are beside the time. Pure.
ClockLine ReadClockLine(double at, absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CLOCK_LINE_H_
