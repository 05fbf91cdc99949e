#include "base/base64url.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"

namespace lenscap {

std::string ToBase64Url(absl::string_view bytes) {
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<std::string> FromBase64Url(absl::string_view text) {
  std::string bytes;
  // Abseil's decoder is lenient about padding, white space and stray bits.
  if (!absl::WebSafeBase64Unescape(text, &bytes) ||
      ToBase64Url(bytes) != text) {
    return absl::InvalidArgumentError("expected base64url without padding");
  }
  return bytes;
}

}  // namespace lenscap
