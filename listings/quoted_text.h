#ifndef LENSCAP_LISTINGS_QUOTED_TEXT_H_
#define LENSCAP_LISTINGS_QUOTED_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {

// UTF-8 as a message shows it: in quotes, printable, at most 64 bytes of it.
std::string Quoted(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_QUOTED_TEXT_H_
