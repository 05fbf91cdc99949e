#ifndef LENSCAP_LISTS_SIGNED_PAYLOAD_H_
#define LENSCAP_LISTS_SIGNED_PAYLOAD_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// The exact bytes that are signed: a document in memory, or a file, which is
// mapped and may be of any size (base/prefixed_file.h). Thread-safe.
class SignedPayload {
 public:
  static SignedPayload Bytes(std::string bytes) {
    return SignedPayload(std::move(bytes), false);
  }
  static SignedPayload File(std::string path) {
    return SignedPayload(std::move(path), true);
  }

  // Calls `use` with the prefix and the payload in one piece. An error names
  // the file.
  absl::Status With(absl::string_view prefix,
                    const std::function<void(absl::string_view)>& use) const;

 private:
  SignedPayload(std::string text, bool is_path)
      : text_(std::move(text)), is_path_(is_path) {}

  std::string text_;  // The bytes, or the path.
  bool is_path_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_SIGNED_PAYLOAD_H_
