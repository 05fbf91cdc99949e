#ifndef LENSCAP_LISTINGS_LEET_H_
#define LENSCAP_LISTINGS_LEET_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Reads digits and symbols as the letters that they stand for inside a Latin
// word: 0 o, 3 e, 4 a, 5 s, 7 t, 8 b, @ a, $ s, ! i and so on; 1 is l beside a
// vowel, i elsewhere. Symbols that stand for nothing become gaps.
//
// At most two digits in a row, between letters ("h1dden", "c4mera"), and a 0
// after four letters ("vide0"): "1080p", "4k", "h264", "s3", "mp3player" and
// "usb3" are what they are. So is pinyin with the numbers of tones ("tou1").
void ReadLeet(std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_LEET_H_
