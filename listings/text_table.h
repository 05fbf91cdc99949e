#ifndef LENSCAP_LISTINGS_TEXT_TABLE_H_
#define LENSCAP_LISTINGS_TEXT_TABLE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "listings/text_entry.h"

namespace lenscap {

// `code_point` is at most U+10FFFF.
const TextEntry& EntryOf(char32_t code_point);

// Of entries that are sequences.
const char32_t* SequenceOf(const TextEntry& entry);
inline int SequenceLength(const TextEntry& entry) {
  return entry.flags >> TextEntry::kLengthShift;
}

// A Mandarin syllable without tone, with v for u with two dots: "zhen", "nv".
absl::string_view SyllableText(uint16_t sound);

// Its number; 0 if there is none of that name.
uint16_t FindSyllable(absl::string_view syllable);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_TEXT_TABLE_H_
