#include "listings/text_table.h"

#include <algorithm>
#include <iterator>

namespace lenscap {
namespace {

// kTextBlocks, kTextEntries, kTextSequences and kSyllables, the last in order.
#include "listings/text_table.inc"

}  // namespace

const TextEntry& EntryOf(char32_t code_point) {
  return kTextEntries[kTextBlocks[code_point >> kBlockBits]]
                     [code_point & ((1 << kBlockBits) - 1)];
}

const char32_t* SequenceOf(const TextEntry& entry) {
  return kTextSequences + entry.change;
}

absl::string_view SyllableText(uint16_t sound) { return kSyllables[sound]; }

uint16_t FindSyllable(absl::string_view syllable) {
  const auto* const found =
      std::lower_bound(std::begin(kSyllables), std::end(kSyllables), syllable);
  return found != std::end(kSyllables) && *found == syllable
             ? static_cast<uint16_t>(found - std::begin(kSyllables))
             : 0;
}

}  // namespace lenscap
