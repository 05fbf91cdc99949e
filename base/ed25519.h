#ifndef LENSCAP_BASE_ED25519_H_
#define LENSCAP_BASE_ED25519_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Ed25519 (RFC 8032), computed by OpenSSL.

using Ed25519Signature = std::array<uint8_t, 64>;

// Compared by value. Thread-safe.
struct Ed25519PublicKey {
  std::array<uint8_t, 32> bytes = {};
  friend auto operator<=>(const Ed25519PublicKey&,
                          const Ed25519PublicKey&) = default;
};

// Base64url of the SHA-256 of the 32 bytes: 43 characters.
std::string KeyId(const Ed25519PublicKey& key);

bool Verify(const Ed25519PublicKey& key, absl::string_view message,
            const Ed25519Signature& signature);

// Overwrites its bytes when it goes. Thread-safe.
class Ed25519PrivateKey {
 public:
  // From the system's random numbers.
  static Ed25519PrivateKey Generate();
  explicit Ed25519PrivateKey(const std::array<uint8_t, 32>& seed);
  Ed25519PrivateKey(const Ed25519PrivateKey&) = default;
  Ed25519PrivateKey& operator=(const Ed25519PrivateKey&) = default;
  ~Ed25519PrivateKey();

  const Ed25519PublicKey& public_key() const { return public_key_; }
  Ed25519Signature Sign(absl::string_view message) const;

  // PKCS#8 in PEM, unencrypted: what `openssl genpkey -algorithm ed25519`
  // writes. INVALID_ARGUMENT for any other text.
  static absl::StatusOr<Ed25519PrivateKey> FromPem(absl::string_view pem);
  std::string ToPem() const;

 private:
  std::array<uint8_t, 32> seed_;
  Ed25519PublicKey public_key_;
};

// SubjectPublicKeyInfo in PEM: what `openssl pkey -pubout` writes.
absl::StatusOr<Ed25519PublicKey> PublicKeyFromPem(absl::string_view pem);
std::string ToPem(const Ed25519PublicKey& key);

// Files of PEM; errors name them. Anybody else than the owner is kept from
// reading a private key's file (mode 0600), and one that they can read is
// refused with FAILED_PRECONDITION.
absl::StatusOr<Ed25519PrivateKey> ReadPrivateKey(const std::string& path);
absl::Status WritePrivateKey(const std::string& path,
                             const Ed25519PrivateKey& key);
absl::StatusOr<Ed25519PublicKey> ReadPublicKey(const std::string& path);
absl::Status WritePublicKey(const std::string& path,
                            const Ed25519PublicKey& key);

}  // namespace lenscap

#endif  // LENSCAP_BASE_ED25519_H_
