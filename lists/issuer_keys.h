#ifndef LENSCAP_LISTS_ISSUER_KEYS_H_
#define LENSCAP_LISTS_ISSUER_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/ed25519.h"
#include "lists/signed_payload.h"

namespace lenscap {

// Who may sign for an issuer: a document with a version of its own, signed as
// lists are, in the manner of TUF's root role. lists/LISTS.md shows one.

inline constexpr size_t kMaxIssuerKeys = 32;
inline constexpr size_t kMaxKeySetBytes = 65'536;

struct IssuerKey {
  Ed25519PublicKey key;
  absl::Time added;
};

struct RevokedKey {
  Ed25519PublicKey key;
  absl::Time revoked;
  std::string reason;
};

struct IssuerKeys {
  std::string issuer;
  int64_t version = 0;              // From 1, growing by one.
  int threshold = 0;                // So many keys must sign, of 1 to 32.
  std::vector<IssuerKey> keys;      // Those that may.
  std::vector<RevokedKey> revoked;  // None of `keys`.
  absl::Time expires;
};

// INVALID_ARGUMENT: "key set: field: problem".
absl::StatusOr<IssuerKeys> ParseIssuerKeys(absl::string_view json);
// One line in canonical form, with its line feed. The same errors.
absl::StatusOr<std::string> FormatIssuerKeys(const IssuerKeys& keys);

// Whether at least the threshold of keys signed the payload. PERMISSION_DENIED
// otherwise, and for an expired key set, or a signature that does not hold
// however many others do; the message says for each signature that did not
// count why, and how many of how many there are. INVALID_ARGUMENT for what is
// no signature file.
absl::Status CheckSignatures(const IssuerKeys& keys, absl::string_view jws,
                             const SignedPayload& payload, absl::Time now);

// A document that is signed by its own keys, as the first of an issuer is.
absl::StatusOr<IssuerKeys> CheckKeySet(absl::string_view document,
                                       absl::string_view jws, absl::Time now);

// One that follows on `current`: of the same issuer, with a version that is
// greater by one, signed by its own threshold and by that of `current` (which
// may have expired: how else would it be followed), and no key in it that
// `current` has revoked. FAILED_PRECONDITION where it is another's turn.
absl::StatusOr<IssuerKeys> CheckNextKeySet(const IssuerKeys& current,
                                           absl::string_view document,
                                           absl::string_view jws,
                                           absl::Time now);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_ISSUER_KEYS_H_
