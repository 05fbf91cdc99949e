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
  // stand-ins for characters (homophones) are undone.
  kTight = 1,
  // How the tight view sounds: each Han character is its Mandarin syllable
  // without tone, Latin letters are themselves, nothing between them.
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
  // changes, and beside any Han, kana or Hangul character.
  bool IsBoundary(TextView view, size_t offset) const;

 private:
  friend class Normalizer;
  struct View {
    std::string text;
    // Of each byte: where its original starts and ends.
    std::vector<uint32_t> starts;
    std::vector<uint32_t> ends;
    std::vector<bool> boundaries;
  };
  std::array<View, kTextViews> views_;
};

// The tables, made once for each process. Thread-safe.
class Normalizer {
 public:
  static const Normalizer& Get();

  // Any bytes: what is no UTF-8 counts as U+FFFD. Takes time linear in the
  // length, whatever the text; the original is at most 4 GiB - 1.
  void Normalize(absl::string_view original, NormalizedText* text) const;

  // A rule's key as it would stand in a view.
  std::string NormalizeKey(absl::string_view key, TextView view) const;

 private:
  Normalizer();
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_NORMALIZED_TEXT_H_
