#include "models/clock_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "models/clock_line.h"
#include "models/clock_motion.h"
#include "models/clock_seconds.h"

namespace lenscap {
namespace {

constexpr int kMostFitted = 32;  // Readings that choose the motion.
// Seconds; readings beyond do not count.
constexpr double kFurthest = 100 * ClockTrack::kDay;

// In order of time.
std::vector<ClockLine> ReadLines(absl::Span<const LineReading> readings) {
  std::vector<ClockLine> lines;
  for (const LineReading& reading : readings) {
    const bool empty = absl::StripAsciiWhitespace(reading.text).empty();
    const double at = absl::ToDoubleSeconds(reading.time);
    if (!empty && std::abs(at) <= kFurthest) {
      lines.push_back(ReadClockLine(at, reading.text));
    }
  }
  std::stable_sort(
      lines.begin(), lines.end(),
      [](const ClockLine& a, const ClockLine& b) { return a.at < b.at; });
  return lines;
}

// ---- Which lines are clocks ----

// What `value` of the times is in the lines, of evenly spaced ones where there
// are more than are needed.
std::vector<ClockSample> SamplesOf(const std::vector<ClockLine>& lines,
                                   double TimeMatch::*value) {
  std::vector<ClockSample> all;
  for (const ClockLine& line : lines) {
    if (line.time.has_value()) all.push_back({line.at, (*line.time).*value});
  }
  if (all.size() <= kMostFitted) return all;
  std::vector<ClockSample> chosen;
  for (size_t i = 0; i < kMostFitted; ++i) {
    chosen.push_back(all[i * (all.size() - 1) / (kMostFitted - 1)]);
  }
  return chosen;
}

// Whether at least half of the lines that have a time have this, and any has.
template <typename Predicate>
bool HalfOfTimes(const std::vector<ClockLine>& lines, Predicate has) {
  int with = 0, without = 0;
  for (const ClockLine& line : lines) {
    if (line.time.has_value()) ++(has(line) ? with : without);
  }
  return with > 0 && with >= without;
}

template <typename Predicate>
void DropTimes(std::vector<ClockLine>& lines, Predicate drop) {
  for (ClockLine& line : lines) {
    if (line.time.has_value() && drop(*line.time)) line.time.reset();
  }
}

// Keeps those times of the lines that are of one kind, with seconds or without,
// and finds how they move. None if they are no times of day.
std::optional<ClockTiming> FindTiming(std::vector<ClockLine>& lines) {
  const bool has_seconds = HalfOfTimes(
      lines, [](const ClockLine& line) { return line.time->has_seconds; });
  DropTimes(lines, [has_seconds](const TimeMatch& time) {
    return time.has_seconds != has_seconds;
  });
  const bool valid = HalfOfTimes(
      lines, [](const ClockLine& line) { return line.time->valid; });
  const bool dated = HalfOfTimes(
      lines, [](const ClockLine& line) { return !line.dates.empty(); });
  if (!valid || (!has_seconds && !dated &&
                 RunsAsStopwatch(SamplesOf(lines, &TimeMatch::stopwatch)))) {
    DropTimes(lines, [](const TimeMatch&) { return true; });
    return std::nullopt;
  }
  DropTimes(lines, [](const TimeMatch& time) { return !time.valid; });
  return FindMotion(SamplesOf(lines, &TimeMatch::value), has_seconds ? 1 : 60);
}

// Whether a time that no date stands beside is one of day.
bool IsTimeOfDay(const std::vector<ClockLine>& lines,
                 const ClockTiming& timing) {
  const ClockTrack& track = timing.track;
  const std::vector<ClockSample> samples = SamplesOf(lines, &TimeMatch::value);
  // A player shows how much there is of what it plays.
  const bool is_player = HalfOfTimes(
      lines, [](const ClockLine& line) { return line.several_times; });
  if (is_player || CountsDown(samples, track)) return false;
  if (track.unit == 1) return !track.StartsAtZero();
  const bool bare =
      HalfOfTimes(lines, [](const ClockLine& line) { return line.bare; });
  return (bare || timing.motion == ClockMotion::kTicks) &&
         track.count * 2 >= static_cast<int>(samples.size());
}

// How many midnights went by since the start of the video when a line was read.
int DaysPassed(const std::optional<ClockTiming>& timing,
               const ClockLine& line) {
  if (!timing.has_value()) return 0;
  const ClockTrack& track = timing->track;
  const double exact = track.ExactAt(line.at);
  if (!line.time.has_value() ||
      !track.Shows({line.at, line.time->value}, ClockTrack::kTolerance)) {
    return static_cast<int>(std::floor(exact / ClockTrack::kDay));
  }
  // The time as it was read tells best on which side of midnight it is.
  const double began = exact - track.unit / 2 - line.time->value;
  return static_cast<int>(std::round(began / ClockTrack::kDay));
}

// What the lines say for a date.
struct Votes {
  int lines = 0;
  double weight = 0;
};

// The votes of one line for dates at the start of the video, one for each. A
// line counts twice for a date with its weekday, and a little less for one that
// is written in an unusual way, so that of two orders for all lines the usual
// one wins unless more than one line in 20 is against it.
std::map<absl::CivilDay, Votes> VotesOf(const ClockLine& line,
                                        int days_passed) {
  std::map<absl::CivilDay, Votes> votes;
  for (const DateMatch& date : line.dates) {
    const double weekday = absl::GetWeekday(date.day) == line.weekday;
    Votes& vote = votes[date.day - days_passed];
    vote.lines = 1;
    vote.weight = std::max(vote.weight, 1 + weekday - date.oddity / 20.0);
  }
  return votes;
}

struct DayVote {
  absl::CivilDay day;  // At the start of the video.
  int lines = 0;       // That have it; 0 if no date was found.
};

// The date that most lines have, if a third of those do that have anything.
DayVote FindDay(const std::vector<ClockLine>& lines,
                const std::optional<ClockTiming>& timing) {
  std::map<absl::CivilDay, Votes> all;
  int readable = 0;
  for (const ClockLine& line : lines) {
    readable += line.time.has_value() || !line.dates.empty();
    for (const auto& [day, vote] : VotesOf(line, DaysPassed(timing, line))) {
      all[day].lines += vote.lines;
      all[day].weight += vote.weight;
    }
  }
  const auto best = absl::c_max_element(all, [](const auto& a, const auto& b) {
    return a.second.weight < b.second.weight;
  });
  if (best == all.end() || best->second.lines * 3 < readable) return {};
  return {best->first, best->second.lines};
}

// ---- Which lines fit the clock ----

// The fewest characters to change, leave out or put in that make `wanted` out
// of a part of `text`. Colons are often read as dots, which is no error here.
int FewestErrors(absl::string_view wanted, absl::string_view text) {
  std::vector<int> errors(wanted.size() + 1);  // By how much of it is matched.
  std::iota(errors.begin(), errors.end(), 0);
  int fewest = errors.back();
  for (const char c : text) {
    int diagonal = 0;  // A match may begin anywhere.
    for (size_t i = 0; i < wanted.size(); ++i) {
      const bool same = c == wanted[i] || (c == '.' && wanted[i] == ':');
      const int replaced = diagonal + !same;
      diagonal = errors[i + 1];
      errors[i + 1] = std::min({replaced, errors[i] + 1, errors[i + 1] + 1});
    }
    fewest = std::min(fewest, errors.back());
  }
  return fewest;
}

std::string TimeText(double seconds, const ClockTrack& track,
                     bool twelve_hour) {
  const int total = static_cast<int>(SecondsOfDay(seconds));
  int hour = total / 3600;
  if (twelve_hour) hour = (hour + 11) % 12 + 1;
  const int minute = total / 60 % 60;
  // Without a leading zero, which clocks write or not.
  if (track.unit > 1) return absl::StrFormat("%d:%02d", hour, minute);
  return absl::StrFormat("%d:%02d:%02d", hour, minute, total % 60);
}

// Whether a line shows what the track has it show, give or take a second and
// one or two wrong characters: one where there are few.
bool Fits(const ClockTrack& track, const ClockLine& line, bool twelve_hour) {
  if (line.time.has_value() &&
      track.Shows({line.at, line.time->value}, ClockTrack::kTolerance)) {
    return true;
  }
  for (const double off :
       {-ClockTrack::kTolerance, 0.0, ClockTrack::kTolerance}) {
    const std::string wanted =
        TimeText(track.ExactAt(line.at) + off, track, twelve_hour);
    if (FewestErrors(wanted, line.text) <= (track.unit > 1 ? 1 : 2)) {
      return true;
    }
  }
  return false;
}

// Counts the lines that are clocks and those that fit the one found.
void CountFitting(const std::vector<ClockLine>& lines,
                  const std::optional<ClockTiming>& timing, const DayVote& vote,
                  ClockReading& clock) {
  const bool twelve_hour = HalfOfTimes(
      lines, [](const ClockLine& line) { return line.time->twelve_hour; });
  for (const ClockLine& line : lines) {
    const bool fits = timing.has_value()
                          ? Fits(timing->track, line, twelve_hour)
                          : VotesOf(line, 0).contains(vote.day);
    clock.agreeing += fits;
    clock.readings += fits || line.time.has_value() || !line.dates.empty();
  }
}

// What the clock shows at a time of the video.
absl::CivilSecond ShownAt(const ClockTiming& timing, absl::CivilDay first_day,
                          double at) {
  const ClockTrack& track = timing.track;
  const auto shown = static_cast<int64_t>(
      std::floor(track.ExactAt(at) / track.unit) * track.unit);
  return absl::CivilSecond(first_day) + shown;
}

std::string TextOf(const ClockReading& clock, const absl::CivilSecond& shown) {
  std::string text;
  if (clock.dated) text = absl::FormatCivilTime(absl::CivilDay(shown));
  if (clock.dated && clock.timed) text += ' ';
  if (clock.timed) {
    absl::StrAppendFormat(&text, "%02d:%02d", shown.hour(), shown.minute());
  }
  if (clock.has_seconds) absl::StrAppendFormat(&text, ":%02d", shown.second());
  return text;
}

// As ReadClock, of clocks whose hours and minutes or date can be read.
ClockReading ReadWhole(absl::Span<const LineReading> readings) {
  std::vector<ClockLine> lines = ReadLines(readings);
  const std::optional<ClockTiming> timing = FindTiming(lines);
  const DayVote vote = FindDay(lines, timing);
  ClockReading clock;
  clock.dated = vote.lines > 0;
  clock.timed = timing.has_value();
  if (!clock.dated && (!clock.timed || !IsTimeOfDay(lines, *timing))) return {};
  CountFitting(lines, timing, vote, clock);
  if (clock.readings * 3 < static_cast<int>(lines.size())) return {};
  clock.is_clock = true;
  if (!clock.timed) {
    clock.text = TextOf(clock, absl::CivilSecond(vote.day));
    return clock;
  }
  clock.has_seconds = timing->track.unit == 1;
  clock.motion = timing->motion;
  clock.rate = timing->motion == ClockMotion::kUnknown ? 0 : timing->track.rate;
  clock.text = TextOf(clock, ShownAt(*timing, vote.day, lines.front().at));
  if (clock.motion != ClockMotion::kTicks) return clock;
  const absl::CivilSecond start = ShownAt(*timing, vote.day, 0);
  if (clock.dated) clock.start = start;
  clock.time_of_day = absl::Seconds(start - absl::CivilSecond(vote.day));
  return clock;
}

bool LastTwoDigitsTick(absl::Span<const LineReading> readings) {
  std::vector<LineEnd> ends;
  for (const LineReading& reading : readings) {
    if (ends.size() == kMostFitted) break;
    ends.push_back({reading.time, reading.text});
  }
  return SecondsTick(ends);
}

}  // namespace

ClockReading ReadClock(absl::Span<const LineReading> readings) {
  ClockReading clock = ReadWhole(readings);
  if (clock.motion != ClockMotion::kUnknown || !LastTwoDigitsTick(readings)) {
    return clock;
  }
  if (!clock.is_clock) {
    clock.is_clock = true;
    clock.readings = clock.agreeing = static_cast<int>(readings.size());
    clock.text = std::string(absl::StripAsciiWhitespace(readings[0].text));
  }
  clock.has_seconds = true;
  clock.motion = ClockMotion::kTicks;
  clock.rate = 1;
  return clock;
}

}  // namespace lenscap
