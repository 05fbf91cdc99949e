#ifndef LENSCAP_BASE_AEAD_H_
#define LENSCAP_BASE_AEAD_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Authenticated encryption by AES-256-GCM (NIST SP 800-38D), computed by
// OpenSSL. A sealed text is a random nonce of 12 bytes, the ciphertext and a
// tag of 16. The key overwrites its bytes when it goes. Thread-safe.
class AeadKey {
 public:
  static constexpr size_t kKeyBytes = 32;
  static constexpr size_t kOverheadBytes = 28;  // Of a sealed text.

  // From the system's random numbers.
  static AeadKey Generate();
  explicit AeadKey(const std::array<uint8_t, kKeyBytes>& bytes)
      : bytes_(bytes) {}
  AeadKey(const AeadKey&) = default;
  AeadKey& operator=(const AeadKey&) = default;
  ~AeadKey();

  const std::array<uint8_t, kKeyBytes>& bytes() const { return bytes_; }

  // `context` is not in the sealed text, and has to be given again to open it:
  // what the text is of, so that it is not taken for another. One key seals at
  // most 2^32 texts.
  std::string Seal(absl::string_view text, absl::string_view context) const;
  // DATA_LOSS where it was not sealed by this key for this context, or was
  // changed since.
  absl::StatusOr<std::string> Open(absl::string_view sealed,
                                   absl::string_view context) const;

 private:
  std::array<uint8_t, kKeyBytes> bytes_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_AEAD_H_
