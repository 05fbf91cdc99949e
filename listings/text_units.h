#ifndef LENSCAP_LISTINGS_TEXT_UNITS_H_
#define LENSCAP_LISTINGS_TEXT_UNITS_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/text_table.h"

namespace lenscap {

// A character of a text, as normalised, and where it stands in the original:
// bytes [start, end), whole characters.
struct TextUnit {
  char32_t code_point = 0;
  uint32_t start = 0;
  uint32_t end = 0;
  uint16_t sound = 0;  // As in TextEntry.
  uint8_t latin = 0;
  TextKind kind = TextKind::kSeparator;  // kSymbol, or a letter or digit.
  uint8_t script = 0;
  bool twin = false;
  bool umlaut = false;
  bool gap = false;  // Something stands between it and the unit before.
};

// The unit that a character which is normal already is.
TextUnit MakeUnit(char32_t code_point, uint32_t start, uint32_t end);

// Makes it the unit of another character, in the same place.
void Become(char32_t code_point, TextUnit* unit);

// What can be seen of a text, each character by itself or as UAX #15 has it
// compose with those before: folded, without accents, simplified. Separators
// are gaps; symbols that may stand for letters are units. Takes any bytes;
// spans ascend. Of what composes, at most 32 characters in a row do.
std::vector<TextUnit> ReadUnits(absl::string_view original);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_TEXT_UNITS_H_
