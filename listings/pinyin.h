#ifndef LENSCAP_LISTINGS_PINYIN_H_
#define LENSCAP_LISTINGS_PINYIN_H_

#include <cstddef>
#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Mandarin typed in Latin letters; [begin, end) of the units are Latin letters
// and digits without a gap. Take time linear in their number.

// Whether they are syllables with the numbers of their tones, 1 to 5 and at
// least one: "zhen1kong3", but not "a4" and "h264".
bool HasTones(const std::vector<TextUnit>& units, size_t begin, size_t end);

// Where syllables may begin in [begin, end] if they are nothing but at least
// two syllables, with or without tones; else empty. "xian" is xian and xi'an,
// so both begin somewhere. [i] is of begin + i.
std::vector<bool> SyllableStarts(const std::vector<TextUnit>& units,
                                 size_t begin, size_t end);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_PINYIN_H_
