#ifndef LENSCAP_TESTS_LISTINGS_TEXT_PROMISES_H_
#define LENSCAP_TESTS_LISTINGS_TEXT_PROMISES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "listings/normalized_text.h"

namespace lenscap {

// What listings/normalized_text.h promises for every text that `text` does not
// keep for `original`, in words; "" if it keeps all: views of UTF-8, spans of
// whole characters that never go back, boundaries only between characters.
std::string BrokenPromise(absl::string_view original,
                          const NormalizedText& text);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTINGS_TEXT_PROMISES_H_
