#ifndef LENSCAP_BASE_LEASE_QUEUE_TEXT_H_
#define LENSCAP_BASE_LEASE_QUEUE_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/lease_queue_index.h"

namespace lenscap {

// What LeaseQueue hands out for its callers to bring back, as hexadecimal
// digits. Pure functions but for NewNonce; INVALID_ARGUMENT for what none of
// them has made.

// Proves a claim: the item, and 128 random bits that no other claim has.
struct LeaseToken {
  uint64_t sequence = 0;
  std::string nonce;
};
std::string ToText(const LeaseToken& token);
absl::StatusOr<LeaseToken> ParseToken(absl::string_view text);
// From OpenSSL; INTERNAL if it has none.
absl::StatusOr<std::string> NewNonce();

// Where a page ended. "" is the place before the first.
std::string ToText(const LeaseIndex::Place& place);
absl::StatusOr<LeaseIndex::Place> ParseCursor(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_BASE_LEASE_QUEUE_TEXT_H_
