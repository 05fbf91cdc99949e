#include "models/clock_seconds.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"

namespace lenscap {
namespace {

constexpr int kLeastDigits = 8;
constexpr size_t kLeastLines = 3;
constexpr double kLeastSpan = 3;  // Seconds.
constexpr double kMinute = 60;

constexpr int kNoSeconds = -1;

// What stands where the seconds do, 0 to 59.
int SecondsOf(absl::string_view text) {
  if (std::count_if(text.begin(), text.end(), absl::ascii_isdigit) <
      kLeastDigits) {
    return kNoSeconds;
  }
  const size_t n = text.size();
  if (!absl::ascii_isdigit(text[n - 1]) || !absl::ascii_isdigit(text[n - 2])) {
    return kNoSeconds;
  }
  const int seconds = 10 * (text[n - 2] - '0') + (text[n - 1] - '0');
  return seconds < kMinute ? seconds : kNoSeconds;
}

struct Reading {
  double at;
  int seconds;

  // What the clock's seconds are at the start of the video, if it ticks.
  double start() const {
    const double rest = std::fmod(seconds - at, kMinute);
    return rest < 0 ? rest + kMinute : rest;
  }
};

// Whether what fits a clock that starts at `start` is enough.
bool Tells(const std::vector<Reading>& readings, double start, size_t lines) {
  size_t fitting = 0;
  double first = 0, last = 0;
  std::set<int> shown;
  for (const Reading& reading : readings) {
    const double off = std::abs(reading.start() - start);
    if (std::min(off, kMinute - off) > 1) continue;
    if (fitting++ == 0) first = last = reading.at;
    first = std::min(first, reading.at);
    last = std::max(last, reading.at);
    shown.insert(reading.seconds);
  }
  return fitting >= kLeastLines && 5 * fitting >= 3 * lines &&
         shown.size() >= kLeastLines && last - first >= kLeastSpan;
}

}  // namespace

bool SecondsTick(absl::Span<const LineEnd> lines) {
  std::vector<Reading> readings;
  for (const LineEnd& line : lines) {
    const double at = absl::ToDoubleSeconds(line.time);
    const int seconds = SecondsOf(absl::StripAsciiWhitespace(line.text));
    if (seconds != kNoSeconds && std::isfinite(at)) {
      readings.push_back({at, seconds});
    }
  }
  return std::any_of(readings.begin(), readings.end(), [&](const Reading& r) {
    return Tells(readings, r.start(), lines.size());
  });
}

}  // namespace lenscap
