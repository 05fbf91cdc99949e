#include "base/ed25519.h"

#include <sys/stat.h>

#include <cstdio>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

template <size_t n>
std::array<uint8_t, n> FromHex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  std::array<uint8_t, n> array = {};
  EXPECT_EQ(bytes.size(), n);
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

struct Known {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032, section 7.1, tests 1 to 3.
constexpr Known kKnown[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519Test, TheVectorsOfTheRfcComeOut) {
  for (const Known& known : kKnown) {
    const Ed25519PrivateKey key(FromHex<32>(known.seed));
    const std::string message = absl::HexStringToBytes(known.message);
    const auto signature = FromHex<64>(known.signature);
    EXPECT_EQ(key.public_key().bytes, FromHex<32>(known.public_key));
    EXPECT_EQ(key.Sign(message), signature);
    EXPECT_TRUE(Verify(key.public_key(), message, signature));
  }
}

TEST(Ed25519Test, ASignatureHoldsForNothingElse) {
  const auto key = Ed25519PrivateKey::Generate();
  const std::string message = "message";
  const auto signature = key.Sign(message);
  ASSERT_TRUE(Verify(key.public_key(), message, signature));
  EXPECT_FALSE(Verify(key.public_key(), "massage", signature));
  EXPECT_FALSE(
      Verify(Ed25519PrivateKey::Generate().public_key(), message, signature));
  for (size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    auto other = signature;
    other[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(Verify(key.public_key(), message, other)) << bit;
  }
}

// A key of RFC 8410, section 10.3, and its public half of section 10.1.
TEST(Ed25519Test, PemIsWhatOthersWrite) {
  const std::string private_pem =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n";
  const std::string public_pem =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  const auto key = Ed25519PrivateKey::FromPem(private_pem);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->ToPem(), private_pem);
  EXPECT_EQ(ToPem(key->public_key()), public_pem);
  EXPECT_EQ(PublicKeyFromPem(public_pem).value(), key->public_key());
}

TEST(Ed25519Test, OtherPemIsRefused) {
  const std::string pem = Ed25519PrivateKey::Generate().ToPem();
  for (const std::string& text :
       {std::string(), std::string("nonsense"), pem.substr(0, pem.size() / 2),
        ToPem(Ed25519PrivateKey::Generate().public_key()),
        std::string("-----BEGIN PRIVATE KEY-----\n"
                    "MC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++"
                    "CXqI9EdVhC\n"
                    "-----END PRIVATE KEY-----\n")}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Ed25519PrivateKey::FromPem(text).status()))
        << text;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(PublicKeyFromPem(pem).status()));
}

TEST(Ed25519Test, AnotherReadsNoPrivateKey) {
  const std::string path = MakeTempDirectory() + "/key";
  const auto key = Ed25519PrivateKey::Generate();
  ASSERT_TRUE(WritePrivateKey(path, key).ok());
  struct stat facts = {};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(ReadPrivateKey(path).value().public_key(), key.public_key());
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  const absl::Status status = ReadPrivateKey(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST(Ed25519Test, APublicKeyComesBackFromItsFile) {
  const std::string path = MakeTempDirectory() + "/key.pub";
  const auto key = Ed25519PrivateKey::Generate().public_key();
  ASSERT_TRUE(WritePublicKey(path, key).ok());
  EXPECT_EQ(ReadPublicKey(path).value(), key);
  EXPECT_TRUE(absl::IsNotFound(ReadPublicKey(path + "x").status()));
}

TEST(Ed25519Test, TheKeyIdIsTheDigestOfTheRawKey) {
  const Ed25519PrivateKey key(FromHex<32>(kKnown[0].seed));
  EXPECT_EQ(KeyId(key.public_key()),
            "If4x36FUomFia_hUBG_SJxt77UtqvkWqWId-9H-XIbk");
}

}  // namespace
}  // namespace lenscap
