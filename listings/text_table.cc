#include "listings/text_table.h"

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

absl::Span<const absl::string_view> Syllables() { return kSyllables; }

}  // namespace lenscap
