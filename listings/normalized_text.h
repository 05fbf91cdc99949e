#ifndef LENSCAP_LISTINGS_NORMALIZED_TEXT_H_
#define LENSCAP_LISTINGS_NORMALIZED_TEXT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// A text as rules see it: what sellers do to hide words is undone, and every
// byte of each view knows where it stands in the original.
//
// All views are of NFKC, case-folded, without what cannot be seen, accents and
// direction marks; look-alikes are the letters they look like, traditional
// characters simplified ones, and split characters are joined.

enum class TextView {
  // Words with one space between them; what is no letter or digit is a space.
  kWords = 0,
  // The same without any space: "h i d d e n", "hid-den" are "hidden". Usual
  // stand-ins for characters (homophones) and for letters ("h1dd3n") are
  // undone.
  kTight = 1,
  // How the tight view sounds: each Han character is its Mandarin syllable
  // without tone (v for u with two dots), Latin letters are themselves, nothing
  // between them.
  kSound = 2,
};
inline constexpr int kTextViews = 3;

// Bytes of the original, half-open: [start, end), whole characters.
struct ByteSpan {
  size_t start = 0;
  size_t end = 0;
  friend bool operator==(const ByteSpan&, const ByteSpan&) = default;
};

// Not thread-safe; may be filled again and again.
class NormalizedText {
 public:
  absl::string_view view(TextView view) const {
    return views_[static_cast<int>(view)].text;
  }

  // What of the original became bytes [start, end) of a view, which must lie
  // within it; start < end.
  ByteSpan Original(TextView view, size_t start, size_t end) const;

  // Whether a word may begin or end at this byte of a view, 0 to its size: at
  // its ends, where something stood between in the original, where the script
  // changes, between letters and digits, beside any character of a script
  // without spaces (Han, kana, Hangul, Thai ...), and in the sound view between
  // syllables of typed pinyin.
  bool IsBoundary(TextView view, size_t offset) const;

 private:
  friend class ViewWriter;
  // Bytes of a view from `at` on, to the next run. Where `even`, each is one
  // byte of the original; else all of them together are [start, end).
  struct Run {
    uint32_t at = 0;
    uint32_t start = 0;
    uint32_t end = 0;
    bool even = false;
  };
  struct View {
    std::string text;
    std::vector<Run> runs;
    std::vector<bool> boundaries;  // Of each byte, and of the end.
  };
  std::array<View, kTextViews> views_;
};

// The tables, made once for each process. Thread-safe.
class Normalizer {
 public:
  static const Normalizer& Get();

  // Any bytes: what is no UTF-8 counts as U+FFFD. Takes time linear in the
  // length, whatever the text; the original is at most 4 GiB - 1. No character
  // becomes more than 6.
  void Normalize(absl::string_view original, NormalizedText* text) const;

  // A rule's key as it would stand in a view. Words wholly of letters that look
  // Latin stay what they are: see listings/look_alikes.h.
  std::string NormalizeKey(absl::string_view key, TextView view) const;

 private:
  Normalizer() = default;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_NORMALIZED_TEXT_H_
