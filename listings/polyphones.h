#ifndef LENSCAP_LISTINGS_POLYPHONES_H_
#define LENSCAP_LISTINGS_POLYPHONES_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Gives Han characters that have another reading in a word than by themselves
// the one that they have there: 乐 is le, but yue in 音乐. For words that
// listings of this field use; gaps do not count.
void ReadPolyphones(std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_POLYPHONES_H_
