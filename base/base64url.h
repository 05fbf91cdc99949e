#ifndef LENSCAP_BASE_BASE64URL_H_
#define LENSCAP_BASE_BASE64URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Base64url without padding, as JOSE has it (RFC 7515, section 2).
std::string ToBase64Url(absl::string_view bytes);

// INVALID_ARGUMENT unless `text` is exactly what ToBase64Url would write: no
// padding, no white space, no stray bits in the last character. So no two texts
// stand for the same bytes.
absl::StatusOr<std::string> FromBase64Url(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_BASE_BASE64URL_H_
