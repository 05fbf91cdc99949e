#include "base/lease_queue_text.h"

#include <openssl/rand.h>

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "base/rocksdb.h"

namespace lenscap {
namespace {

constexpr size_t kNonceBytes = 16;
constexpr size_t kTokenBytes = 8 + kNonceBytes;
constexpr size_t kCursorBytes = 8 + 8;

// The bytes, where these are their digits and no others.
std::optional<std::string> FromHex(absl::string_view digits, size_t bytes) {
  if (digits.size() != 2 * bytes ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit)) {
    return std::nullopt;
  }
  return absl::HexStringToBytes(digits);
}

}  // namespace

std::string ToText(const LeaseToken& token) {
  return absl::BytesToHexString(EncodeUint64(token.sequence) + token.nonce);
}

absl::StatusOr<LeaseToken> ParseToken(absl::string_view text) {
  const auto bytes = FromHex(text, kTokenBytes);
  if (!bytes) return absl::InvalidArgumentError("this is no lease token");
  return LeaseToken{DecodeUint64(*bytes), bytes->substr(8)};
}

absl::StatusOr<std::string> NewNonce() {
  std::string nonce(kNonceBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()),
                 static_cast<int>(nonce.size())) != 1) {
    return absl::InternalError("OpenSSL has no random bytes to give");
  }
  return nonce;
}

std::string ToText(const LeaseIndex::Place& place) {
  return absl::BytesToHexString(EncodeUint64(place.rank) +
                                EncodeUint64(place.sequence));
}

absl::StatusOr<LeaseIndex::Place> ParseCursor(absl::string_view text) {
  if (text.empty()) return LeaseIndex::Place{};
  const auto bytes = FromHex(text, kCursorBytes);
  if (!bytes) return absl::InvalidArgumentError("this is no page cursor");
  return LeaseIndex::Place{DecodeUint64(*bytes),
                           DecodeUint64(bytes->substr(8))};
}

}  // namespace lenscap
