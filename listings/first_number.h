#ifndef LENSCAP_LISTINGS_FIRST_NUMBER_H_
#define LENSCAP_LISTINGS_FIRST_NUMBER_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace lenscap {

// A number that stands in a text, in its bytes [start, end).
struct FirstNumber {
  double value = 0;
  size_t start = 0;
  size_t end = 0;
};

// The first one: decimal digits, full-width ones too, perhaps a point or comma
// and more digits; no sign. A comma before exactly three digits parts
// thousands: "1,200 mm" is 1200, "3,7mm" is 3.7. Any bytes.
std::optional<FirstNumber> FindFirstNumber(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_FIRST_NUMBER_H_
