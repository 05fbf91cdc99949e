#ifndef LENSCAP_LISTINGS_CODE_POINTS_H_
#define LENSCAP_LISTINGS_CODE_POINTS_H_

namespace lenscap {

// What Unicode has no data for, by code point; for make_text_table.cc.

// The marks that make が of か and ぱ of は.
bool IsVoiceMark(char32_t c);

// A radical that is a sign of its own (U+2E80 to U+2EFF), as the character of
// the same form; 0 for others.
char32_t RadicalForm(char32_t c);

// A sign that is a part of characters and stays what it is.
bool IsLoneRadical(char32_t c);

// The letter that a symbol stands for inside a word ("c@m"); 0 for others.
char SymbolLetter(char32_t c);

// The Latin letter that a letter of another script is used for though they can
// be told apart ("Я" for "R"); 0 for others. `c` is a small letter.
char FauxLetter(char32_t c);

// The reading of a Han character that counts here, where ICU gives another;
// null for others.
const char* FieldReading(char32_t c);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_CODE_POINTS_H_
