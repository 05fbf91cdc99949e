#include "listings/leet.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "absl/strings/string_view.h"
#include "listings/pinyin.h"
#include "listings/word_runs.h"

namespace lenscap {
namespace {

constexpr size_t kMostDigits = 2;
constexpr size_t kLettersBeforeZero = 4;

bool IsInWord(const TextUnit& unit) {
  return unit.kind == TextKind::kLatin || unit.kind == TextKind::kDigit ||
         unit.kind == TextKind::kSymbol;
}

bool IsVowel(char32_t c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

char LetterOfDigit(char32_t digit) {
  constexpr absl::string_view kLetters = "o??eas?tb?";
  const char letter = digit < '0' || digit > '9' ? '?' : kLetters[digit - '0'];
  return letter == '?' ? 0 : letter;
}

// A word, [begin, end) of the units.
class Word {
 public:
  Word(size_t begin, size_t end, std::vector<TextUnit>* units)
      : units_(*units), begin_(begin), end_(end) {}

  void Read() {
    // "1080p4k": numbers and units, one after the other.
    if (units_[begin_].kind == TextKind::kDigit && !DigitBeginsWord()) return;
    for (size_t i = begin_; i < end_;) {
      if (IsLetter(i)) {
        ++i;
        continue;
      }
      size_t run_end = i + 1;
      while (run_end < end_ && !IsLetter(run_end)) ++run_end;
      if (MayBeLetters(i, run_end)) MakeLetters(i, run_end);
      i = run_end;
    }
  }

 private:
  bool IsLetter(size_t i) const { return units_[i].kind == TextKind::kLatin; }
  bool Is(size_t i, char32_t c) const { return units_[i].code_point == c; }

  // [begin, end) is all that stands between two letters, or a letter and an
  // end of the word.
  bool MayBeLetters(size_t begin, size_t end) const {
    if (end - begin > kMostDigits) return false;
    for (size_t i = begin; i < end; ++i) {
      if (Letter(i) == 0) return false;
    }
    if (begin == begin_) {
      // "$py", and "5canner": Read() has looked.
      return end < end_ && end - begin == 1 &&
             (Is(begin, '$') || units_[begin].kind == TextKind::kDigit);
    }
    if (end == end_) {
      if (end - begin > 1 || units_[begin].kind != TextKind::kDigit) {
        return false;
      }
      return made_letters_ ||
             (Is(begin, '0') &&
              (LettersBefore(begin) >= kLettersBeforeZero || IsNo(begin)));
    }
    return !IsFormat(begin) && !IsMeasure(begin, end);
  }

  size_t LettersBefore(size_t i) const {
    size_t count = 0;
    while (count < kLettersBeforeZero && i > begin_ && IsLetter(i - 1)) {
      ++count;
      --i;
    }
    return count;
  }

  // "5canner", "1pc4m", "0day"; but "4k", "8gb", "4k30fps", "3pack".
  bool DigitBeginsWord() const {
    if (Letter(begin_) == 0) return false;
    size_t letters_end = begin_ + 1;
    while (letters_end < end_ && IsLetter(letters_end)) ++letters_end;
    const size_t letters = letters_end - begin_ - 1;
    // No measure begins with 0 and goes on with letters.
    if (Is(begin_, '0')) return letters > 0 && end_ - begin_ > 3;
    if (letters_end == end_) return letters >= 4 && !IsCount();
    // A letter in another place vouches for this one; "4k30fps" has but one.
    // In "8gb4k" and "4ch5mp" there are two measures.
    return letters >= 2 && end_ - letters_end >= 2 &&
           IsLetter(letters_end + 1) && Letter(letters_end) != 0 &&
           !IsUnit(Ascii(begin_ + 1, letters_end));
  }

  // "3pack", "5inch": a number and what there are so many of.
  bool IsCount() const {
    const std::string rest = Ascii(begin_ + 1, end_);
    constexpr absl::string_view kCounted[] = {
        "pack",    "packs",  "inch",    "inches",   "piece",   "pieces",
        "pixel",   "pixels", "channel", "channels", "meter",   "meters",
        "metre",   "metres", "volt",    "watt",     "watts",   "hour",
        "hours",   "days",   "week",    "weeks",    "month",   "months",
        "year",    "years",  "mins",    "minute",   "minutes", "lens",
        "axis",    "star",   "stars",   "click",    "size",    "sided",
        "part",    "bucks",  "quid",    "euro",     "euros",   "dollar",
        "dollars", "times",  "person",  "people",   "port",    "ports",
        "wire",    "core",   "speed"};
    return std::find(std::begin(kCounted), std::end(kCounted), rest) !=
           std::end(kCounted);
  }

  static bool IsUnit(absl::string_view text) {
    constexpr absl::string_view kUnits[] = {"gb", "tb", "mb", "mp",
                                            "ch", "mm", "cm", "hz"};
    return std::find(std::begin(kUnits), std::end(kUnits), text) !=
           std::end(kUnits);
  }

  // Units [begin, end); empty if not wholly of a to z.
  std::string Ascii(size_t begin, size_t end) const {
    std::string text;
    for (size_t i = begin; i < end; ++i) {
      if (!IsLetter(i) || units_[i].code_point >= 0x80) return "";
      text += static_cast<char>(units_[i].code_point);
    }
    return text;
  }

  // "n0 light"
  bool IsNo(size_t zero) const { return zero == begin_ + 1 && Is(begin_, 'n'); }

  // "mp3player", "mp4camera"
  bool IsFormat(size_t i) const {
    return i == begin_ + 2 && Is(begin_, 'm') && Is(begin_ + 1, 'p') &&
           (Is(i, '3') || Is(i, '4'));
  }

  // "wifi4k", "spycam8mp": a number and a unit behind a word.
  bool IsMeasure(size_t begin, size_t end) const {
    if (LettersBefore(begin) < 3 || end_ - end > 3) return false;
    const std::string rest = Ascii(end, end_);
    constexpr absl::string_view kUnits[] = {"k",  "g",   "gb",  "tb",
                                            "mp", "mm",  "cm",  "hz",
                                            "pc", "pcs", "fps", "mah"};
    return std::find(std::begin(kUnits), std::end(kUnits), rest) !=
           std::end(kUnits);
  }

  char Letter(size_t i) const {
    const TextUnit& unit = units_[i];
    if (unit.kind == TextKind::kSymbol) return static_cast<char>(unit.latin);
    if (unit.code_point != '1') return LetterOfDigit(unit.code_point);
    return OneIsL(i) ? 'l' : 'i';
  }

  bool IsVowelAt(size_t i) const {
    const char32_t c = units_[i].code_point;
    return IsVowel(c) || c == '0' || c == '3' || c == '4' || c == '@';
  }

  // Which of l and i makes a syllable with the neighbours.
  bool OneIsL(size_t i) const {
    const bool first = i == begin_;
    const bool last = i + 1 == end_;
    // "ce11", "ba11s".
    if ((!first && Is(i - 1, '1')) || (!last && Is(i + 1, '1'))) return true;
    const bool vowel_before = !first && IsVowelAt(i - 1);
    const bool vowel_after = !last && IsVowelAt(i + 1);
    if (!first && Is(i - 1, 'l')) {
      // "sel1er"; but "cl1ps", "l1ght", "sell1ng", "cl1ent".
      return vowel_after && i - begin_ >= 2 && IsVowelAt(i - 2);
    }
    if (!last && Is(i + 1, 'l')) {
      // "se1l", "wi1l"; but "ta1l", "to1let", "f1lm".
      return vowel_before && !Is(i - 1, 'a') && !Is(i - 1, '4') &&
             !Is(i - 1, 'o') && !Is(i - 1, '0');
    }
    if (vowel_before) {
      // "rea1", "de1ivery", "o1d"; but "aga1n", "ha1r".
      return last || (!Is(i + 1, 'n') && !Is(i + 1, 'r'));
    }
    if (!vowel_after) return false;
    if (first) return true;  // "1ogin"
    // "b1ack", "exp1oit"; but "v1ew", "rad1o", and "spec1al".
    constexpr absl::string_view kBeforeL = "bcfgkps";
    const char32_t before = units_[i - 1].code_point;
    if (before >= 0x80 ||
        kBeforeL.find(static_cast<char>(before)) == absl::string_view::npos) {
      return false;
    }
    // "sp1es"
    if (before == 'p' && i - begin_ >= 2 && Is(i - 2, 's')) {
      return !Is(i + 1, 'e') && !Is(i + 1, '3');
    }
    return before != 'c' || i - begin_ < 2 || !IsVowelAt(i - 2);
  }

  void MakeLetters(size_t begin, size_t end) {
    made_letters_ = true;
    char letters[kMostDigits];
    for (size_t i = begin; i < end; ++i) letters[i - begin] = Letter(i);
    for (size_t i = begin; i < end; ++i) {
      Become(static_cast<char32_t>(letters[i - begin]), &units_[i]);
    }
  }

  std::vector<TextUnit>& units_;
  const size_t begin_;
  const size_t end_;
  bool made_letters_ = false;  // Of digits or symbols between letters.
};

// Symbols go; what comes after them has a gap before it.
void DropSymbols(std::vector<TextUnit>* units) {
  size_t kept = 0;
  bool gap = false;
  for (const TextUnit& unit : *units) {
    gap |= unit.gap;
    if (unit.kind == TextKind::kSymbol) {
      gap = true;
      continue;
    }
    (*units)[kept] = unit;
    (*units)[kept++].gap = gap;
    gap = false;
  }
  units->resize(kept);
}

}  // namespace

void ReadLeet(std::vector<TextUnit>* units) {
  ForEachRun(*units, IsInWord, [&](size_t begin, size_t end) {
    if (HasTones(*units, begin, end)) return;
    Word(begin, end, units).Read();
  });
  DropSymbols(units);
}

}  // namespace lenscap
