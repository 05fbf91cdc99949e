#ifndef LENSCAP_MODELS_CLOCK_SECONDS_H_
#define LENSCAP_MODELS_CLOCK_SECONDS_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace lenscap {

// The end of a line of text at one moment of a video.
struct LineEnd {
  absl::Duration time;
  absl::string_view text;
};

// Whether the last two digits of lines with at least eight count the seconds of
// the video, give or take one: a clock that ticks, though the rest of it could
// not be read. At least three lines over three seconds must, and three fifths
// of all, which random digits do in less than one line of a hundred. Pure.
bool SecondsTick(absl::Span<const LineEnd> lines);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CLOCK_SECONDS_H_
