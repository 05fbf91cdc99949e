#ifndef LENSCAP_LISTINGS_TEXT_ENTRY_H_
#define LENSCAP_LISTINGS_TEXT_ENTRY_H_

#include <cstdint>

namespace lenscap {

// What a code point is to the normaliser, worked out for all of them when
// lenscap is built (make_text_table.cc), so that start-up and use cost nothing.

enum class TextKind : uint8_t {
  kDropped = 0,    // Cannot be seen; not there at all.
  kMark = 1,       // An accent: goes with the character before it.
  kSeparator = 2,  // Neither letter nor digit.
  kSymbol = 3,     // A separator that may stand for a letter: "c@m".
  kDigit = 4,
  kLatin = 5,     // a to z, and what has no reading in them.
  kAlphabet = 6,  // Letters of other scripts.
  kHan = 7,
  kUnspaced = 8,  // Kana, Hangul, Thai ...: words without spaces between.
};

struct TextEntry {
  // What the code point becomes: itself plus this (modulo 2^32), or, with
  // kIsSequence, code points from here on in kTextSequences.
  uint32_t change;
  uint16_t sound;  // Of Han: its syllable (SyllableText); 0: none is known.
  uint8_t latin;   // The Latin letter that it looks like; 0: none.
  TextKind kind;   // Of what it becomes.
  uint8_t script;  // UScriptCode of what it becomes.
  uint8_t flags;

  static constexpr uint8_t kIsSequence = 1;
  // May combine with what stands before it (UAX #15).
  static constexpr uint8_t kJoins = 2;
  // Cannot be told from `latin` by eye; others only hint at it.
  static constexpr uint8_t kTwin = 4;
  // A u with two dots, which pinyin input writes as v.
  static constexpr uint8_t kUmlaut = 8;
  // Bits 4 to 7: how many code points a sequence has, at most 6.
  static constexpr int kLengthShift = 4;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_TEXT_ENTRY_H_
