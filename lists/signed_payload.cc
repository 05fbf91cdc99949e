#include "lists/signed_payload.h"

#include "absl/strings/str_cat.h"
#include "base/prefixed_file.h"
#include "base/status_macros.h"

namespace lenscap {

absl::Status SignedPayload::With(
    absl::string_view prefix,
    const std::function<void(absl::string_view)>& use) const {
  if (!is_path_) {
    use(absl::StrCat(prefix, text_));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const PrefixedFile file, PrefixedFile::Map(prefix, text_));
  use(file.bytes());
  return absl::OkStatus();
}

}  // namespace lenscap
