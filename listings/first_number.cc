#include "listings/first_number.h"

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "unicode/utf8.h"

namespace lenscap {
namespace {

// More digits than these say nothing more.
constexpr size_t kMostDigits = 64;

struct NumberReader {
  absl::string_view text;
  int32_t at = 0;

  bool AtEnd() const { return at >= static_cast<int32_t>(text.size()); }

  // The character here, in its usual width: '0' to '9', '.', ',', or another.
  char Peek(int32_t* next) const {
    *next = at;
    if (AtEnd()) return '\0';
    UChar32 c;
    U8_NEXT(text.data(), *next, static_cast<int32_t>(text.size()), c);
    if (c >= 0xff01 && c <= 0xff5e) c -= 0xff01 - '!';
    return c > 0 && c < 0x80 ? static_cast<char>(c) : '\0';
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  // Digits from here on.
  std::string Digits() {
    std::string digits;
    int32_t next;
    for (char c = Peek(&next); IsDigit(c); c = Peek(&next)) {
      if (digits.size() < kMostDigits) digits += c;
      at = next;
    }
    return digits;
  }
};

}  // namespace

std::optional<FirstNumber> FindFirstNumber(absl::string_view text) {
  NumberReader reader{text};
  int32_t next;
  while (!reader.AtEnd() && !NumberReader::IsDigit(reader.Peek(&next))) {
    reader.at = next;
  }
  if (reader.AtEnd()) return std::nullopt;
  FirstNumber number;
  number.start = reader.at;
  std::string digits = reader.Digits();
  number.end = reader.at;
  while (true) {
    const char mark = reader.Peek(&next);
    if (mark != '.' && mark != ',') break;
    reader.at = next;
    const std::string more = reader.Digits();
    if (more.empty()) break;
    number.end = reader.at;
    if (mark == '.' || more.size() != 3) {
      digits += "." + more;
      break;
    }
    digits += more;
  }
  if (!absl::SimpleAtod(digits, &number.value)) return std::nullopt;
  return number;
}

}  // namespace lenscap
