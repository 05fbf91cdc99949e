#ifndef LENSCAP_LISTINGS_PICTURE_WORDS_H_
#define LENSCAP_LISTINGS_PICTURE_WORDS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "listings/text_units.h"

namespace lenscap {

// `units`, which are ReadUnits(original) or what became of them, and among them
// the words that pictures stand for, each apart from what is beside it: "🏨🔑"
// is "酒店 密码" in a text with Han characters and "hotel password" in others.
// A word's units have the picture's bytes. Empty where no picture of the text
// is a word, so that most texts are not copied.
std::vector<TextUnit> WithPictureWords(absl::string_view original,
                                       const std::vector<TextUnit>& units);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_PICTURE_WORDS_H_
