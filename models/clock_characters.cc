#include "models/clock_characters.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace lenscap {
namespace {

constexpr int kMostCharacters = 128;  // Of a line.

constexpr std::pair<absl::string_view, char> kChinese[] = {
    {"年", 'y'}, {"月", 'm'}, {"日", 'd'}, {"星", 'x'}, {"期", 'q'},
    {"周", 'z'}, {"一", 'a'}, {"二", 'b'}, {"三", 'c'}, {"四", 'e'},
    {"五", 'f'}, {"六", 'g'}, {"上", 'u'}, {"下", 'w'}, {"午", 'n'}};

// The digit that a character is or is easily misread for; -1 if there is none.
int DigitOf(char c) {
  constexpr std::pair<char, int> kAlike[] = {{'O', 0}, {'I', 1}, {'L', 1},
                                             {'Z', 2}, {'S', 5}, {'B', 8}};
  if (absl::ascii_isdigit(c)) return c - '0';
  for (const auto& [letter, digit] : kAlike) {
    if (c == letter) return digit;
  }
  return -1;
}

}  // namespace

std::string FoldCharacters(absl::string_view text) {
  std::string folded;
  while (!text.empty() && folded.size() < kMostCharacters) {
    size_t length = 1;
    char c = absl::ascii_toupper(text[0]);
    if (!absl::ascii_isascii(text[0])) c = kOtherCharacter;
    for (const auto& [chinese, code] : kChinese) {
      if (!absl::StartsWith(text, chinese)) continue;
      length = chinese.size();
      c = code;
    }
    folded.push_back(c);
    text.remove_prefix(length);
  }
  return folded;
}

bool IsWordOrNumber(char c) {
  return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
}

bool ClockCursor::Number(int digits, int* number) {
  int value = 0, repairs = 0;
  for (int i = at_; i < at_ + digits; ++i) {
    const int digit = DigitOf(Peek(i));
    if (digit < 0) return false;
    value = value * 10 + digit;
    repairs += !absl::ascii_isdigit(Peek(i));
  }
  *number = value;
  at_ += digits;
  digits_ += digits;
  repairs_ += repairs;
  return true;
}

bool ClockCursor::Separator(absl::string_view accepted, char* found) {
  const int at = at_ + (Peek(at_) == ' ');
  if (!absl::StrContains(accepted, Peek(at))) return false;
  *found = Peek(at);
  at_ = at + 1 + (Peek(at + 1) == ' ');
  return true;
}

bool ClockCursor::Word(absl::string_view word) {
  if (!absl::StartsWith(text_.substr(at_), word)) return false;
  at_ += static_cast<int>(word.size());
  return true;
}

void ClockCursor::SkipAtMost(int count, absl::string_view characters) {
  for (; count > 0 && absl::StrContains(characters, Peek(at_)); --count) {
    ++at_;
  }
}

}  // namespace lenscap
