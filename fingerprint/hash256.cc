#include "fingerprint/hash256.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr size_t kBytes = 32;

}  // namespace

std::string ToHex(const Hash256& hash) {
  return absl::BytesToHexString(ToBytes(hash));
}

absl::StatusOr<Hash256> HashFromHex(absl::string_view hex) {
  if (hex.size() != 2 * kBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a PDQ hash has 64 hexadecimal digits, this has ", hex.size()));
  }
  for (size_t i = 0; i < hex.size(); ++i) {
    if (!absl::ascii_isxdigit(hex[i])) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a PDQ hash has hexadecimal digits only, not \"",
          absl::CHexEscape(hex.substr(i, 1)), "\" at position ", i + 1));
    }
  }
  return HashFromBytes(absl::HexStringToBytes(hex));
}

std::string ToBytes(const Hash256& hash) {
  std::string bytes(kBytes, '\0');
  for (size_t i = 0; i < kBytes; ++i) {
    const size_t byte = kBytes - 1 - i;  // The highest comes first.
    bytes[i] = static_cast<char>(hash.words[byte / 8] >> (byte % 8 * 8));
  }
  return bytes;
}

absl::StatusOr<Hash256> HashFromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a PDQ hash has 32 bytes, this has ", bytes.size()));
  }
  Hash256 hash;
  for (size_t i = 0; i < kBytes; ++i) {
    const size_t byte = kBytes - 1 - i;
    hash.words[byte / 8] |= uint64_t{static_cast<uint8_t>(bytes[i])}
                            << (byte % 8 * 8);
  }
  return hash;
}

}  // namespace lenscap
