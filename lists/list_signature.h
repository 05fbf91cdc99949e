#ifndef LENSCAP_LISTS_LIST_SIGNATURE_H_
#define LENSCAP_LISTS_LIST_SIGNATURE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ed25519.h"
#include "lists/signed_payload.h"

namespace lenscap {

// Detached signatures of a list or a key set: a JWS in the general JSON
// serialisation without its payload (RFC 7515, appendix F), which is the exact
// bytes of the file (RFC 7797). lists/LISTS.md shows one. Only Ed25519.

inline constexpr size_t kMaxSignatureBytes = 65'536;
inline constexpr size_t kMaxSignatures = 32;

struct ListSignature {
  std::string key_id;            // base/ed25519.h's KeyId.
  std::string protected_header;  // In base64url, as it is signed.
  Ed25519Signature signature = {};
};

// INVALID_ARGUMENT unless it is what FormatSignatures writes, with or without
// its line feed: no two texts are the same signatures. A key that signs twice
// is refused.
absl::StatusOr<std::vector<ListSignature>> ParseSignatures(
    absl::string_view jws);

// One line, with its line feed.
std::string FormatSignatures(const std::vector<ListSignature>& signatures);

// An error is one of reading the payload.
absl::StatusOr<ListSignature> Sign(const SignedPayload& payload,
                                   const Ed25519PrivateKey& key);
absl::StatusOr<bool> Holds(const ListSignature& signature,
                           const Ed25519PublicKey& key,
                           const SignedPayload& payload);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_SIGNATURE_H_
