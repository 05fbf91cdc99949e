#include "listings/pinyin.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace lenscap {
namespace {

constexpr size_t kLongestSyllable = 6;  // "zhuang"

bool IsTone(const TextUnit& unit) {
  return unit.code_point >= '1' && unit.code_point <= '5';
}

bool IsVowel(char c) { return absl::StrContains("aeiouv", c); }

// The lengths of the syllables that start at `at`, bit by bit. Those that are
// sounds without a vowel ("hm", "ng") and single vowels would make syllables of
// anything.
unsigned SyllableLengths(const std::vector<TextUnit>& units, size_t at,
                         size_t end) {
  char letters[kLongestSyllable];
  unsigned lengths = 0;
  bool vowel = false;
  for (size_t n = 0; n < kLongestSyllable && at + n < end; ++n) {
    const TextUnit& unit = units[at + n];
    if (unit.kind != TextKind::kLatin || unit.code_point >= 0x80) break;
    letters[n] = unit.umlaut ? 'v' : static_cast<char>(unit.code_point);
    vowel |= IsVowel(letters[n]);
    if (n > 0 && vowel &&
        FindSyllable(absl::string_view(letters, n + 1)) != 0) {
      lengths |= 1u << (n + 1);
    }
  }
  return lengths;
}

}  // namespace

bool HasTones(const std::vector<TextUnit>& units, size_t begin, size_t end) {
  const auto has_digit =
      std::any_of(units.begin() + begin, units.begin() + end, IsTone);
  if (!has_digit) return false;
  for (size_t i = begin; i < end;) {
    size_t tone = i;
    while (tone < end && tone - i <= kLongestSyllable && !IsTone(units[tone])) {
      ++tone;
    }
    const size_t length = tone - i;
    if (tone == end || length < 2 || length > kLongestSyllable ||
        (SyllableLengths(units, i, tone) & (1u << length)) == 0) {
      return false;
    }
    i = tone + 1;
  }
  return true;
}

std::vector<bool> SyllableStarts(const std::vector<TextUnit>& units,
                                 size_t begin, size_t end) {
  const size_t size = end - begin;
  // From each place back: whether syllables lead from there to the end.
  std::vector<bool> ends_well(size + 1);
  std::vector<unsigned> lengths(size);
  ends_well[size] = true;
  for (size_t i = size; i-- > 0;) {
    lengths[i] = SyllableLengths(units, begin + i, end);
    for (size_t n = 1; n <= kLongestSyllable && i + n <= size; ++n) {
      if ((lengths[i] & (1u << n)) != 0 && ends_well[i + n])
        ends_well[i] = true;
    }
  }
  std::vector<bool> starts(size + 1);
  starts[0] = true;
  bool many = false;
  if (!ends_well[0]) return {};
  for (size_t i = 0; i < size; ++i) {
    if (!starts[i]) continue;
    for (size_t n = 1; n <= kLongestSyllable && i + n <= size; ++n) {
      if ((lengths[i] & (1u << n)) == 0 || !ends_well[i + n]) continue;
      starts[i + n] = true;
      many |= i + n < size;
    }
  }
  if (!many) return {};
  return starts;
}

}  // namespace lenscap
