#include "listings/leet.h"

#include <cstddef>

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
      // "$py"
      return end < end_ && end - begin == 1 && Is(begin, '$');
    }
    if (end == end_) {
      // "vide0"
      return end - begin == 1 && Is(begin, '0') &&
             LettersBefore(begin) >= kLettersBeforeZero;
    }
    return !IsFormat(begin);
  }

  size_t LettersBefore(size_t i) const {
    size_t count = 0;
    while (count < kLettersBeforeZero && i > begin_ && IsLetter(i - 1)) {
      ++count;
      --i;
    }
    return count;
  }

  // "mp3player", "mp4camera"
  bool IsFormat(size_t i) const {
    return i == begin_ + 2 && Is(begin_, 'm') && Is(begin_ + 1, 'p') &&
           (Is(i, '3') || Is(i, '4'));
  }

  char Letter(size_t i) const {
    const TextUnit& unit = units_[i];
    if (unit.kind == TextKind::kSymbol) return static_cast<char>(unit.latin);
    if (unit.code_point != '1') return LetterOfDigit(unit.code_point);
    // "ce11", "b1ack"; but "h1dden", "ta1l".
    if (i + 1 < end_ && Is(i + 1, 'l')) return 'i';
    const auto like_l = [&](size_t j) {
      return IsVowel(units_[j].code_point) || Is(j, '1') || Is(j, 'l');
    };
    const bool l =
        (i > begin_ && like_l(i - 1)) || (i + 1 < end_ && like_l(i + 1));
    return l ? 'l' : 'i';
  }

  void MakeLetters(size_t begin, size_t end) {
    char letters[kMostDigits];
    for (size_t i = begin; i < end; ++i) letters[i - begin] = Letter(i);
    for (size_t i = begin; i < end; ++i) {
      Become(static_cast<char32_t>(letters[i - begin]), &units_[i]);
    }
  }

  std::vector<TextUnit>& units_;
  const size_t begin_;
  const size_t end_;
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
