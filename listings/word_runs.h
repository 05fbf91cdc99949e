#ifndef LENSCAP_LISTINGS_WORD_RUNS_H_
#define LENSCAP_LISTINGS_WORD_RUNS_H_

#include <cstddef>
#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Where the longest run of units ends that are in a word and have no gap
// between, which starts at `begin`, itself in a word.
template <typename InWord>
size_t EndOfRun(const std::vector<TextUnit>& units, size_t begin,
                const InWord& in_word) {
  size_t end = begin + 1;
  while (end < units.size() && in_word(units[end]) && !units[end].gap) ++end;
  return end;
}

// Calls act(begin, end) for each such run, [begin, end). `act` may change units
// but not their number.
template <typename InWord, typename Act>
void ForEachRun(const std::vector<TextUnit>& units, const InWord& in_word,
                const Act& act) {
  for (size_t begin = 0; begin < units.size();) {
    if (!in_word(units[begin])) {
      ++begin;
      continue;
    }
    const size_t end = EndOfRun(units, begin, in_word);
    act(begin, end);
    begin = end;
  }
}

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_WORD_RUNS_H_
