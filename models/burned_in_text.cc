#include "models/burned_in_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "models/clock_text.h"
#include "models/text_lines.h"

namespace lenscap {
namespace {

// A line is tried in so many stills, and read in all where it has digits enough
// for a time of day. At most so many lines are.
constexpr size_t kTriedStills = 2;
constexpr int kLeastDigits = 4;
constexpr size_t kMaxClocks = 2;
// Other lines are told if they have so many characters.
constexpr size_t kLeastCharacters = 3;

// In how many stills text is looked for. It stays where it is, so that one
// shows where; more are surer, and cheap beside decoding a longer video.
size_t SearchedStills(absl::Span<const CueStill> stills) {
  const absl::Duration length = stills.back().time - stills.front().time;
  return length < absl::Seconds(15) ? 1 : length < absl::Minutes(1) ? 2 : 3;
}

// A line of text and what it reads in some of the stills.
struct ReadLine {
  TextLine line;
  std::vector<LineReading> readings;
};

// Reads the line in each of the stills.
absl::Status Read(const CueModule& module,
                  const std::vector<const CueStill*>& stills, ReadLine& line) {
  std::vector<LinePicture> pictures;
  for (const CueStill* still : stills) {
    pictures.push_back(CutLine(*still, line.line));
  }
  ASSIGN_OR_RETURN(std::vector<std::string> texts, module.ReadLines(pictures));
  line.readings.clear();
  for (size_t i = 0; i < stills.size(); ++i) {
    line.readings.push_back({stills[i]->time, std::move(texts[i])});
  }
  return absl::OkStatus();
}

bool MayBeClock(const ReadLine& line) {
  return std::any_of(
      line.readings.begin(), line.readings.end(), [](const LineReading& read) {
        return std::count_if(read.text.begin(), read.text.end(),
                             absl::ascii_isdigit) >= kLeastDigits;
      });
}

// Whether it reads the same throughout, as burned-in text does and other
// strokes do not.
bool IsSettled(const ReadLine& line) {
  return line.readings.size() > 1 &&
         line.readings.front().text == line.readings.back().text &&
         Characters(line.readings.front().text).size() >= kLeastCharacters;
}

BurnedInText::Clock ClockOf(const ClockReading& clock) {
  if (!clock.is_clock) return BurnedInText::Clock::kNone;
  switch (clock.motion) {
    case ClockReading::Motion::kUnknown:
      return BurnedInText::Clock::kUnknown;
    case ClockReading::Motion::kTicks:
      return BurnedInText::Clock::kTicks;
    case ClockReading::Motion::kFrozen:
      return BurnedInText::Clock::kFrozen;
    case ClockReading::Motion::kOtherRate:
      return BurnedInText::Clock::kOtherRate;
  }
  return BurnedInText::Clock::kUnknown;
}

double RunsOf(const ClockReading& clock) {
  switch (clock.motion) {
    case ClockReading::Motion::kUnknown:
      return 0;
    case ClockReading::Motion::kTicks:
      return 1;
    case ClockReading::Motion::kFrozen:
      return -1;
    case ClockReading::Motion::kOtherRate:
      return 0.5;
  }
  return 0;
}

// How much a reading tells: the clock that tells most is the one that counts. A
// time of day without a date that stands still is some label.
double Weight(const ClockReading& clock) {
  if (!clock.is_clock || (!clock.dated && RunsOf(clock) < 0)) return 0;
  return 1 + clock.dated + clock.has_seconds + 2 * RunsOf(clock) +
         0.1 * clock.readings;
}

std::string PlaceOf(const BurnedInText& text) {
  const double x = (text.left + text.right) / 2;
  const double y = (text.top + text.bottom) / 2;
  const absl::string_view row = y < 1. / 3   ? "top"
                                : y > 2. / 3 ? "bottom"
                                             : "middle";
  const absl::string_view column = x < 1. / 3   ? " left"
                                   : x > 2. / 3 ? " right"
                                                : "";
  return absl::StrCat(row, column);
}

std::string Sentence(const BurnedInText& text) {
  std::string runs;
  switch (text.clock) {
    case BurnedInText::Clock::kTicks:
      runs = " and ticks with the video";
      break;
    case BurnedInText::Clock::kFrozen:
      runs = " and stands still";
      break;
    case BurnedInText::Clock::kOtherRate:
      runs = absl::StrFormat(" and runs %.2g times as fast as the video",
                             text.rate);
      break;
    default:
      break;
  }
  return absl::StrCat("A clock at the ", PlaceOf(text), " reads \"", text.text,
                      "\"", runs, ".");
}

BurnedInText Placed(const CueStill& still, const TextLine& line) {
  return {.left = 1.0 * line.left / still.width,
          .top = 1.0 * line.top / still.height,
          .right = 1.0 * line.right / still.width,
          .bottom = 1.0 * line.bottom / still.height,
          .text = {}};
}

}  // namespace

absl::StatusOr<BurnedInTexts> ReadBurnedInTexts(
    const CueModule& module, absl::Span<const CueStill> stills) {
  BurnedInTexts result;
  if (!module.reads_text()) return result;
  const std::vector<const CueStill*> searched =
      SomeOf(stills, SearchedStills(stills));
  ASSIGN_OR_RETURN(const TextMap map, module.FindText(searched));
  result.clock[kClockSureness] = Strongest(map.clock);
  result.clock[kTextSureness] = Strongest(map.text);

  std::vector<ReadLine> lines;
  size_t clocks = 0;
  for (const TextLine& found : FindTextLines(map, searched)) {
    ReadLine& line = lines.emplace_back(ReadLine{found, {}});
    RETURN_IF_ERROR(Read(module, SomeOf(stills, kTriedStills), line));
    if (stills.size() <= kTriedStills || !MayBeClock(line)) continue;
    if (++clocks > kMaxClocks) continue;
    RETURN_IF_ERROR(Read(module, SomeOf(stills, stills.size()), line));
  }

  double best = 0;
  for (const ReadLine& line : lines) {
    const ClockReading clock = ReadClock(line.readings);
    BurnedInText text = Placed(stills[0], line.line);
    text.text = clock.is_clock ? clock.text : line.readings[0].text;
    text.clock = ClockOf(clock);
    text.rate = clock.rate;
    if (!clock.is_clock && !IsSettled(line)) continue;
    result.texts.push_back(text);
    if (Weight(clock) <= best) continue;
    best = Weight(clock);
    result.clock[kClockRead] =
        static_cast<double>(clock.readings) / line.readings.size();
    result.clock[kClockDated] = clock.dated;
    result.clock[kClockSeconds] = clock.has_seconds;
    result.clock[kClockRuns] = RunsOf(clock);
    result.sentence = Sentence(text);
  }
  std::stable_partition(result.texts.begin(), result.texts.end(),
                        [](const BurnedInText& text) {
                          return text.clock != BurnedInText::Clock::kNone;
                        });
  return result;
}

}  // namespace lenscap
