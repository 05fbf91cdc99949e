#ifndef LENSCAP_LISTINGS_LEET_H_
#define LENSCAP_LISTINGS_LEET_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Reads digits and symbols as the letters that they stand for inside a Latin
// word: 0 o, 3 e, 4 a, 5 s, 7 t, 8 b, @ a, $ s, ! i and so on; 1 is the one of
// l and i that makes a syllable ("b1ack", "cl1ps"). Symbols that stand for
// nothing become gaps.
//
// At most two digits in a row, between letters ("h1dden", "c4mera"); one at the
// end of a word that has such ("m1n1"), and a 0 after four letters ("vide0") or
// in "n0"; one at the start of a word of five ("5canner"), of one that has
// another ("1pc4m"), and a 0 before three ("0day").
// "1080p", "4k", "8gb", "3pack", "h264", "s3", "mp3player", "usb3" and "wifi4k"
// are what they are. So is pinyin with the numbers of tones ("tou1").
void ReadLeet(std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_LEET_H_
