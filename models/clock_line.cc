#include "models/clock_line.h"

#include <iterator>
#include <tuple>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "models/clock_characters.h"

namespace lenscap {
namespace {

// Too many misread digits make numbers out of words.
bool MostlyDigits(const ClockCursor& cursor) {
  return cursor.repairs() * 3 <= cursor.digits();
}

// The names of a weekday or a month in full; the short ones have three letters.
using Names = absl::Span<const absl::string_view>;
constexpr absl::string_view kMonths[] = {
    "JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
    "JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};
constexpr absl::string_view kWeekdays[] = {"MONDAY",   "TUESDAY", "WEDNESDAY",
                                           "THURSDAY", "FRIDAY",  "SATURDAY",
                                           "SUNDAY"};
constexpr absl::string_view kChineseWeekdays = "abcefgd";

// Reads a name in full or short; its index, or -1.
int ReadName(Names names, ClockCursor& cursor) {
  for (int i = 0; i < std::ssize(names); ++i) {
    if (!cursor.Word(names[i].substr(0, 3))) continue;
    cursor.Word(names[i].substr(3));
    return i;
  }
  return -1;
}

std::optional<absl::Weekday> FindWeekday(absl::string_view text) {
  for (int i = 0; i < std::ssize(text); ++i) {
    ClockCursor cursor(text, i);
    int weekday = -1;
    if (cursor.Word("xq") || cursor.Word("z")) {
      const char c = cursor.at() < static_cast<int>(text.size())
                         ? text[cursor.at()]
                         : kOtherCharacter;
      weekday = static_cast<int>(kChineseWeekdays.find(c));
    } else if (i == 0 || !absl::ascii_isupper(text[i - 1])) {
      weekday = ReadName(kWeekdays, cursor);
    }
    if (weekday >= 0) return static_cast<absl::Weekday>(weekday);
  }
  return std::nullopt;
}

// The orders of a date: Y is a year of four digits, y one of two, M the number
// of a month, N its name, D a day.
constexpr absl::string_view kOrders[] = {"YMD", "DMY", "MDY", "yMD",
                                         "DMy", "MDy", "DNY", "NDY",
                                         "YND", "DNy", "NDy", "yND"};

// How unusual an order is with a separator; 0 is for the most usual one and
// for those that no other is mistaken for.
int RankByCustom(absl::string_view order, char separator) {
  absl::string_view usual = "DNy NDy yND";
  if (separator == '/') usual = "MDY DMY MDy DMy yMD";
  if (separator == '-') usual = "DMY MDY yMD DMy MDy";
  if (separator == '.') usual = "DMY MDY DMy yMD MDy";
  const auto place = usual.find(order);
  return place == absl::string_view::npos ? 0 : static_cast<int>(place) / 4;
}

struct DateFields {
  int year = 0;
  int month = 0;
  int day = 0;

  // Whether there is such a day, in the time of cameras.
  bool IsDay() const {
    const absl::CivilDay date(year, month, day);
    return year >= 1970 && year <= 2099 && date.month() == month &&
           date.day() == day;
  }
};

// Which numbers of a date have one digit.
struct ShortFields {
  bool month;
  bool day;
};

bool ReadField(char field, ShortFields shorts, ClockCursor& cursor,
               DateFields& date) {
  switch (field) {
    case 'Y':
      return cursor.Number(4, &date.year);
    case 'y':
      if (!cursor.Number(2, &date.year)) return false;
      date.year += 2000;
      return true;
    case 'M':
      return cursor.Number(shorts.month ? 1 : 2, &date.month);
    case 'D':
      return cursor.Number(shorts.day ? 1 : 2, &date.day);
    default:
      date.month = ReadName(kMonths, cursor) + 1;
      return date.month > 0;
  }
}

// Reads what stands behind a field of a date in numbers: the Chinese name of
// the field too.
bool ReadSeparator(char field, ClockCursor& cursor, char* found) {
  return cursor.Separator(field == 'D'   ? "-/.d"
                          : field == 'M' ? "-/.m"
                                         : "-/.y",
                          found);
}

// Skips what stands between the fields of a date with a name, if anything.
bool SkipSeparators(ClockCursor& cursor) {
  const int begin = cursor.at();
  cursor.SkipAtMost(3, " -/.,");
  return cursor.at() > begin;
}

std::optional<DateMatch> ReadDate(absl::string_view text, int begin,
                                  absl::string_view order, ShortFields shorts) {
  const bool named = absl::StrContains(order, 'N');
  const bool short_year = absl::StrContains(order, 'y');
  ClockCursor cursor(text, begin);
  DateFields date;
  char separators[2] = {};
  for (int i = 0; i < 3; ++i) {
    if (!ReadField(order[i], shorts, cursor, date)) return std::nullopt;
    if (i == 2) break;
    const bool beside_name = order[i] == 'N' || order[i + 1] == 'N';
    if (!(named ? SkipSeparators(cursor) || beside_name
                : ReadSeparator(order[i], cursor, &separators[i]))) {
      return std::nullopt;
    }
  }
  if (!date.IsDay() || !MostlyDigits(cursor)) return std::nullopt;
  cursor.Word("d");
  DateMatch match;
  match.begin = begin;
  match.end = cursor.at();
  match.repairs = cursor.repairs() + (separators[0] != separators[1]);
  match.doubtful = short_year && !named &&
                   (separators[0] == '.' || shorts.month || shorts.day);
  match.day = absl::CivilDay(date.year, date.month, date.day);
  match.oddity = RankByCustom(order, separators[0]) + match.repairs +
                 2 * (shorts.month + shorts.day);
  return match;
}

std::vector<DateMatch> FindDates(absl::string_view text) {
  std::vector<DateMatch> dates;
  for (int begin = 0; begin < std::ssize(text); ++begin) {
    if (!IsWordOrNumber(text[begin])) continue;
    for (const absl::string_view order : kOrders) {
      for (const bool month : {false, true}) {
        for (const bool day : {false, true}) {
          const auto date = ReadDate(text, begin, order, {month, day});
          if (date.has_value()) dates.push_back(*date);
        }
      }
    }
  }
  return dates;
}

enum class HalfDay { kUnsaid, kMorning, kAfternoon };

// Reads AM or PM, or the Chinese words for them, which stand before the time.
HalfDay ReadHalfDay(ClockCursor& cursor) {
  ClockCursor ahead = cursor;
  ahead.SkipAtMost(1, " ");
  HalfDay half = HalfDay::kUnsaid;
  if (ahead.Word("AM") || ahead.Word("un")) half = HalfDay::kMorning;
  if (ahead.Word("PM") || ahead.Word("wn")) half = HalfDay::kAfternoon;
  if (half != HalfDay::kUnsaid) cursor = ahead;
  return half;
}

// Hours of the day; -1 if there is no such hour. A clock that says both 23 and
// PM is believed.
int HourOfDay(int hour, HalfDay half) {
  if (hour > 23) return -1;
  if (half == HalfDay::kMorning && hour == 12) return 0;
  return half == HalfDay::kAfternoon && hour < 12 ? hour + 12 : hour;
}

// Moves on past the fraction of a second, if one stands there.
void SkipFraction(ClockCursor& cursor) {
  ClockCursor ahead = cursor;
  ahead.SkipAtMost(1, ".,");
  const int begin = ahead.at();
  ahead.SkipAtMost(3, "0123456789");
  const int end = ahead.at();
  ahead.SkipAtMost(1, "0123456789-/.");  // Of a date that follows.
  if (begin > cursor.at() && end > begin && ahead.at() == end) cursor = ahead;
}

// Reads HH:MM or HH:MM:SS, the hour with `hour_digits` digits.
std::optional<TimeMatch> ReadTime(absl::string_view text, int begin,
                                  int hour_digits) {
  ClockCursor cursor(text, begin);
  HalfDay half = ReadHalfDay(cursor);
  cursor.SkipAtMost(half == HalfDay::kUnsaid ? 0 : 1, " ");
  int hour, minute, second = 0;
  char separators[2] = {};
  if (!cursor.Number(hour_digits, &hour) ||
      !cursor.Separator(":.", &separators[0]) || !cursor.Number(2, &minute)) {
    return std::nullopt;
  }
  TimeMatch match;
  ClockCursor ahead = cursor;
  if (ahead.Separator(":.", &separators[1]) && ahead.Number(2, &second)) {
    match.has_seconds = true;
    cursor = ahead;
    SkipFraction(cursor);
  }
  if (half == HalfDay::kUnsaid) half = ReadHalfDay(cursor);
  match.doubtful = separators[0] != ':' && separators[1] != ':';
  if (minute > 59 || second > 59 || !MostlyDigits(cursor) ||
      (match.doubtful && !match.has_seconds)) {
    return std::nullopt;
  }
  match.begin = begin;
  match.end = cursor.at();
  match.repairs = cursor.repairs();
  match.twelve_hour = half != HalfDay::kUnsaid;
  match.valid = HourOfDay(hour, half) >= 0;
  match.value = (HourOfDay(hour, half) * 60 + minute) * 60 + second;
  match.stopwatch = hour * 60 + minute;
  return match;
}

std::vector<TimeMatch> FindTimes(absl::string_view text) {
  std::vector<TimeMatch> times;
  for (int begin = 0; begin < std::ssize(text); ++begin) {
    for (const int hour_digits : {2, 1}) {
      const auto time = ReadTime(text, begin, hour_digits);
      if (time.has_value()) times.push_back(*time);
    }
  }
  return times;
}

// Whether what `nearest` and `next` to it are beside a date or a time do not
// belong to the same number or word.
bool IsApart(char inside, char nearest, char next) {
  if (absl::ascii_isdigit(nearest)) return false;
  if (absl::ascii_isupper(inside)) return !absl::ascii_isupper(nearest);
  return !absl::StrContains(":./-", nearest) || !IsWordOrNumber(next);
}

// Whether `b` follows `a` with at most separators between them.
bool Follows(absl::string_view text, const TextPlace& a, const TextPlace& b) {
  if (a.end > b.begin) return false;
  const absl::string_view gap = text.substr(a.end, b.begin - a.end);
  return gap == "T" || absl::c_none_of(gap, IsWordOrNumber);
}

bool Overlap(const TextPlace& a, const TextPlace& b) {
  return a.begin < b.end && b.begin < a.end;
}

// Whether a date or time is no part of something longer, but for the time or
// date, one of `others`, that may be written right before or behind it.
bool IsWhole(absl::string_view text, const TextPlace& place,
             const std::vector<TextPlace>& others) {
  const auto at = [&text](int i) {
    return i >= 0 && i < static_cast<int>(text.size()) ? text[i] : ' ';
  };
  const int begin = place.begin, end = place.end;
  bool before = IsApart(at(begin), at(begin - 1), at(begin - 2));
  bool behind = IsApart(at(end - 1), at(end), at(end + 1));
  bool certain = !place.doubtful;
  for (const TextPlace& other : others) {
    before |= Follows(text, other, place);
    behind |= Follows(text, place, other);
    certain |= !Overlap(place, other);
  }
  return before && behind && certain;
}

template <typename Match, typename Other>
std::vector<Match> WholeOnes(absl::string_view text,
                             const std::vector<Match>& matches,
                             const std::vector<Other>& others) {
  const std::vector<TextPlace> places(others.begin(), others.end());
  std::vector<Match> whole;
  for (const Match& match : matches) {
    if (IsWhole(text, match, places)) whole.push_back(match);
  }
  return whole;
}

bool IsBetter(const TimeMatch& a, const TimeMatch& b) {
  const auto merit = [](const TimeMatch& time) {
    return std::tuple(time.has_seconds, time.valid, time.twelve_hour,
                      time.end - time.begin, -time.repairs);
  };
  return merit(a) > merit(b);
}

bool IsBare(const ClockLine& line) {
  if (line.weekday.has_value()) return true;
  for (int i = 0; i < std::ssize(line.text); ++i) {
    if (i >= line.time->begin && i < line.time->end) continue;
    if (IsWordOrNumber(line.text[i])) return false;
  }
  return true;
}

}  // namespace

ClockLine ReadClockLine(double at, absl::string_view text) {
  ClockLine line;
  line.at = at;
  line.text = FoldCharacters(text);
  line.weekday = FindWeekday(line.text);
  const std::vector<DateMatch> dates = FindDates(line.text);
  const std::vector<TimeMatch> times = FindTimes(line.text);
  line.dates = WholeOnes(line.text, dates, times);
  for (const TimeMatch& time : WholeOnes(line.text, times, dates)) {
    line.several_times |= line.time.has_value() && !Overlap(time, *line.time);
    if (!line.time.has_value() || IsBetter(time, *line.time)) line.time = time;
  }
  if (line.time.has_value()) {
    std::erase_if(line.dates, [&line](const DateMatch& date) {
      return Overlap(date, *line.time);
    });
    line.bare = IsBare(line);
  }
  return line;
}

}  // namespace lenscap
