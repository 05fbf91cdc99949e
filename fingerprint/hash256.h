#ifndef LENSCAP_FINGERPRINT_HASH256_H_
#define LENSCAP_FINGERPRINT_HASH256_H_

#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// 256 bits of a perceptual hash. Bit k = 16 * row + column of PDQ's 16x16
// matrix is bit k % 64 of words[k / 64].
struct Hash256 {
  std::array<uint64_t, 4> words{};

  friend bool operator==(const Hash256&, const Hash256&) = default;
  friend auto operator<=>(const Hash256&, const Hash256&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Hash256& hash) {
    return H::combine(std::move(state), hash.words);
  }
};

// How many bits differ, 0 to 256.
inline int HammingDistance(const Hash256& a, const Hash256& b) {
  int distance = 0;
  for (int i = 0; i < 4; ++i) {
    distance += std::popcount(a.words[i] ^ b.words[i]);
  }
  return distance;
}

// 64 hexadecimal digits, bit 255 first, as the PDQ reference prints them.
std::string ToHex(const Hash256& hash);
// INVALID_ARGUMENT unless it is exactly 64 hexadecimal digits, of either case.
absl::StatusOr<Hash256> HashFromHex(absl::string_view hex);

// The same digits as 32 bytes.
std::string ToBytes(const Hash256& hash);
absl::StatusOr<Hash256> HashFromBytes(absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_HASH256_H_
