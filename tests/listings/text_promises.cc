#include "tests/listings/text_promises.h"

#include <unicode/utf8.h>

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

// Where characters start, and the end; those that are no UTF-8 as ICU has it.
struct Characters {
  std::vector<size_t> starts;
  bool well_formed = true;
};

Characters Split(absl::string_view text) {
  Characters characters;
  const int64_t size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size;) {
    characters.starts.push_back(static_cast<size_t>(i));
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    characters.well_formed &= c >= 0;
  }
  characters.starts.push_back(text.size());
  return characters;
}

std::vector<bool> Flags(const Characters& characters, size_t size) {
  std::vector<bool> flags(size + 1);
  for (size_t start : characters.starts) flags[start] = true;
  return flags;
}

std::string BrokenIn(const NormalizedText& text, TextView view,
                     const std::vector<bool>& starts_in_original) {
  const absl::string_view written = text.view(view);
  const Characters characters = Split(written);
  if (!characters.well_formed) return "is no UTF-8";
  const std::vector<bool> is_start = Flags(characters, written.size());
  for (size_t at = 0; at <= written.size(); ++at) {
    const bool at_end = at == 0 || at == written.size();
    const bool boundary = text.IsBoundary(view, at);
    if (at_end && !boundary) return absl::StrCat("no boundary at end ", at);
    if (!is_start[at] && boundary) {
      return absl::StrCat("a boundary within a character, at ", at);
    }
  }
  const size_t size = starts_in_original.size() - 1;
  ByteSpan before;
  for (size_t i = 0; i + 1 < characters.starts.size(); ++i) {
    const size_t at = characters.starts[i];
    const size_t end = characters.starts[i + 1];
    const ByteSpan span = text.Original(view, at, end);
    const std::string where =
        absl::StrCat(" at ", at, ": [", span.start, ", ", span.end, ")");
    if (span.start >= span.end || span.end > size) return "bad span" + where;
    if (!starts_in_original[span.start] || !starts_in_original[span.end]) {
      return "half a character" + where;
    }
    if (span.start < before.start || span.end < before.end) {
      return "goes back" + where;
    }
    // From the start to here is all that each of them is.
    if (text.Original(view, 0, end) !=
        ByteSpan{text.Original(view, 0, characters.starts[1]).start,
                 span.end}) {
      return "not the span of its parts" + where;
    }
    if (text.Original(view, end - 1, end) != span) {
      return "less than the character" + where;
    }
    before = span;
  }
  return "";
}

}  // namespace

std::string BrokenPromise(absl::string_view original,
                          const NormalizedText& text) {
  const std::vector<bool> starts = Flags(Split(original), original.size());
  for (int view = 0; view < kTextViews; ++view) {
    const std::string broken =
        BrokenIn(text, static_cast<TextView>(view), starts);
    if (!broken.empty()) return absl::StrCat("view ", view, ": ", broken);
  }
  return "";
}

}  // namespace lenscap
