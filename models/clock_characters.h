#ifndef LENSCAP_MODELS_CLOCK_CHARACTERS_H_
#define LENSCAP_MODELS_CLOCK_CHARACTERS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {

// Folds UTF-8 text, or any bytes, to one byte a character: ASCII in upper case,
// and for what a Chinese clock writes a lower-case letter, so that
// absl::ascii_isupper and absl::ascii_isdigit tell words and numbers from all
// else. Those letters are 年 y, 月 m, 日 d, 星 x, 期 q, 周 z, 一 to 六 a, b, c,
// e, f and g, 上 u, 下 w and 午 n. At most 128 characters are kept. Pure.
std::string FoldCharacters(absl::string_view text);

// What bytes are folded to that are neither ASCII nor of a Chinese clock.
inline constexpr char kOtherCharacter = '?';

// Of a folded character.
bool IsWordOrNumber(char c);

// Reads on from a place in a folded text, which must outlive it. What fails
// moves nothing. Not thread-safe.
class ClockCursor {
 public:
  ClockCursor(absl::string_view text, int at) : text_(text), at_(at) {}

  int at() const { return at_; }
  int digits() const { return digits_; }    // Read so far.
  int repairs() const { return repairs_; }  // Digits that were none.

  // A number of exactly `digits` digits, or of letters easily misread for them.
  bool Number(int digits, int* number);

  // One of `accepted`, with a space on either side or not.
  bool Separator(absl::string_view accepted, char* found);

  bool Word(absl::string_view word);

  void SkipAtMost(int count, absl::string_view characters);

 private:
  // A NUL beyond the end, which no line that matters has.
  char Peek(int at) const {
    return at < static_cast<int>(text_.size()) ? text_[at] : '\0';
  }

  absl::string_view text_;
  int at_;
  int digits_ = 0;
  int repairs_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CLOCK_CHARACTERS_H_
