#include "listings/look_alikes.h"

#include <cstddef>

#include "listings/word_runs.h"

namespace lenscap {
namespace {

struct Word {
  size_t latin = 0;  // Letters.
  size_t twins = 0;
  size_t others = 0;  // Of other scripts, and no twins.

  bool Mixes() const { return latin > 0 && twins + others > 0; }
  bool IsAllTwins() const { return latin + others == 0 && twins > 0; }
  bool IsGenuine() const { return latin == 0 && others > 0; }
};

bool IsInWord(const TextUnit& unit) {
  return unit.kind == TextKind::kLatin || unit.kind == TextKind::kDigit ||
         unit.kind == TextKind::kSymbol || unit.kind == TextKind::kAlphabet;
}

Word Count(const std::vector<TextUnit>& units, size_t begin, size_t end) {
  Word word;
  for (size_t i = begin; i < end; ++i) {
    word.latin += units[i].kind == TextKind::kLatin;
    if (units[i].kind != TextKind::kAlphabet) continue;
    ++(units[i].twin ? word.twins : word.others);
  }
  return word;
}

void MakeLatin(size_t begin, size_t end, std::vector<TextUnit>* units) {
  for (size_t i = begin; i < end; ++i) {
    TextUnit& unit = (*units)[i];
    if (unit.kind == TextKind::kAlphabet && unit.latin != 0) {
      Become(unit.latin, &unit);
    }
  }
}

}  // namespace

void ReadLookAlikes(bool whole_words, std::vector<TextUnit>* units) {
  size_t genuine = 0;
  size_t latin = 0;
  size_t all_twins = 0;
  ForEachRun(*units, IsInWord, [&](size_t begin, size_t end) {
    const Word word = Count(*units, begin, end);
    if (word.Mixes()) MakeLatin(begin, end, units);
    latin += word.latin > 0;
    genuine += word.IsGenuine();
    // One letter is a word too often.
    all_twins += word.IsAllTwins() && word.twins > 1;
  });
  if (!whole_words || (genuine > 0 && genuine >= latin + all_twins)) return;
  ForEachRun(*units, IsInWord, [&](size_t begin, size_t end) {
    if (Count(*units, begin, end).IsAllTwins()) MakeLatin(begin, end, units);
  });
}

}  // namespace lenscap
