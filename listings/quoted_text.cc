#include "listings/quoted_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace lenscap {

std::string Quoted(absl::string_view text) {
  constexpr size_t kMost = 64;
  size_t size = text.size();
  if (size > kMost) {
    // Back to where a character begins.
    for (size = kMost; size > 0 && (text[size] & 0xc0) == 0x80;) --size;
  }
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, size)),
                      size < text.size() ? "...\"" : "\"");
}

}  // namespace lenscap
