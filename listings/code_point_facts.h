#ifndef LENSCAP_LISTINGS_CODE_POINT_FACTS_H_
#define LENSCAP_LISTINGS_CODE_POINT_FACTS_H_

#include <string>

#include "listings/text_entry.h"

namespace lenscap {

// What make_text_table.cc writes of a code point; fields as in TextEntry.
struct CodePointFacts {
  std::u32string text;   // What it becomes: at most 6 code points.
  std::string syllable;  // Of Han; "" if none is known.
  char latin = 0;
  TextKind kind = TextKind::kSeparator;
  int script = 0;
  int flags = 0;  // But for kIsSequence and the length.
};

// By ICU's normalisation, transliterators and table of confusables, and by
// code_points.h. Ends the process where ICU's data are missing.
CodePointFacts FindCodePointFacts(char32_t c);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_CODE_POINT_FACTS_H_
