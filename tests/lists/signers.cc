#include "tests/lists/signers.h"

#include <array>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "lists/list_signature.h"

namespace lenscap {

Ed25519PrivateKey SomeKey(int number) {
  // RFC 8032, section 7.1.
  constexpr const char* kSeeds[] = {
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"};
  std::array<uint8_t, 32> seed = {};
  if (number < 2) {
    absl::HexStringToBytes(kSeeds[number])
        .copy(reinterpret_cast<char*>(seed.data()), seed.size());
  } else {
    seed.fill(static_cast<uint8_t>(number));
  }
  return Ed25519PrivateKey(seed);
}

IssuerKeys SomeKeySet(const std::string& issuer, int64_t version, int threshold,
                      const std::vector<int>& keys) {
  IssuerKeys set;
  set.issuer = issuer;
  set.version = version;
  set.threshold = threshold;
  for (const int key : keys) {
    set.keys.push_back({SomeKey(key).public_key(), kSomeTime});
  }
  set.expires = kSomeTime + absl::Hours(24 * 365);
  return set;
}

std::string Document(const IssuerKeys& keys) {
  auto text = FormatIssuerKeys(keys);
  if (!text.ok()) std::abort();
  return *std::move(text);
}

std::string SignedBy(const std::vector<int>& keys, const std::string& payload) {
  std::vector<ListSignature> signatures;
  for (const int key : keys) {
    auto signature = Sign(SignedPayload::Bytes(payload), SomeKey(key));
    if (!signature.ok()) std::abort();
    signatures.push_back(*std::move(signature));
  }
  return FormatSignatures(signatures);
}

}  // namespace lenscap
