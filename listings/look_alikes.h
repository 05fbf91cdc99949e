#ifndef LENSCAP_LISTINGS_LOOK_ALIKES_H_
#define LENSCAP_LISTINGS_LOOK_ALIKES_H_

#include <vector>

#include "listings/text_units.h"

namespace lenscap {

// Writes letters that look Latin as Latin ones, in words that have Latin
// letters too, and in words that have nothing but their twins ("САМ" in
// Cyrillic) if `whole_words` and the text is not in that script: Russian has
// words like "сор", so such words stay where at least as many others, Latin
// ones included, show a letter that is no twin.
//
// Keys are read without `whole_words`: Russian ones stay Russian.
void ReadLookAlikes(bool whole_words, std::vector<TextUnit>* units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_LOOK_ALIKES_H_
