#ifndef LENSCAP_TESTS_LISTINGS_RANDOM_TEXT_H_
#define LENSCAP_TESTS_LISTINGS_RANDOM_TEXT_H_

#include <cstdint>
#include <random>
#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {

// Texts for the normaliser; the same on every machine for the same engine.
using TextDice = std::mt19937;

// 0 to below `n`.
uint32_t Below(TextDice& dice, uint32_t n);

std::string Utf8Of(char32_t code_point);

// A code point of a script or kind that the normaliser has to know: Latin with
// accents, look-alikes, marks, jamo, kana, Han, Thai, compatibility forms,
// emoji, what cannot be seen; now and then any.
char32_t RandomCodePoint(TextDice& dice);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTINGS_RANDOM_TEXT_H_
