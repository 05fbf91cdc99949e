#include "fingerprint/hash256.h"

#include <random>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

constexpr char kHex[] =
    "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";

Hash256 WithBit(int k) {
  Hash256 hash;
  hash.words[k / 64] |= uint64_t{1} << (k % 64);
  return hash;
}

TEST(Hash256Test, TheHighestBitIsTheFirstDigit) {
  EXPECT_EQ(ToHex(WithBit(255)), "8" + std::string(63, '0'));
  EXPECT_EQ(ToHex(WithBit(0)), std::string(63, '0') + "1");
  // Row 1, column 0 of the matrix is the lowest bit of the second word of 16.
  EXPECT_EQ(ToHex(WithBit(16)), std::string(59, '0') + "10000");
}

TEST(Hash256Test, TextRoundTrips) {
  const auto hash = HashFromHex(kHex);
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(ToHex(*hash), kHex);
  EXPECT_EQ(HashFromHex(absl::AsciiStrToUpper(kHex)).value(), *hash);
}

TEST(Hash256Test, BytesAreTheDigits) {
  const Hash256 hash = HashFromHex(kHex).value();
  const std::string bytes = ToBytes(hash);
  ASSERT_EQ(bytes.size(), 32);
  EXPECT_EQ(bytes.substr(0, 2), "\xd8\xf8");
  EXPECT_EQ(bytes.substr(30), "\x9b\x22");
  EXPECT_EQ(HashFromBytes(bytes).value(), hash);
}

TEST(Hash256Test, EveryBitSurvivesBothForms) {
  for (int k = 0; k < 256; ++k) {
    EXPECT_EQ(HashFromHex(ToHex(WithBit(k))).value(), WithBit(k)) << k;
    EXPECT_EQ(HashFromBytes(ToBytes(WithBit(k))).value(), WithBit(k)) << k;
  }
}

TEST(Hash256Test, WrongLengthsAreRefused) {
  const std::string digits = kHex;
  for (const std::string& text :
       {std::string(), digits.substr(1), digits + "0", std::string(128, 'a')}) {
    const auto hash = HashFromHex(text);
    EXPECT_EQ(hash.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(hash.status().message(),
                HasSubstr(std::to_string(text.size())));
  }
  EXPECT_EQ(HashFromBytes(std::string(31, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(HashFromBytes(std::string(33, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Hash256Test, TheFirstWrongDigitIsNamed) {
  for (const char wrong : {'g', ' ', '\n', '-', '\0', '\xff'}) {
    std::string text = kHex;
    text[40] = wrong;
    const auto hash = HashFromHex(text);
    EXPECT_EQ(hash.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(hash.status().message(), HasSubstr("position 41"));
  }
}

TEST(Hash256Test, DistanceCountsTheBitsThatDiffer) {
  const Hash256 hash = HashFromHex(kHex).value();
  EXPECT_EQ(HammingDistance(hash, hash), 0);
  EXPECT_EQ(HammingDistance(WithBit(3), WithBit(200)), 2);
  Hash256 inverse;
  for (int i = 0; i < 4; ++i) inverse.words[i] = ~hash.words[i];
  EXPECT_EQ(HammingDistance(hash, inverse), 256);
}

TEST(Hash256Test, DistanceEqualsABitwiseCount) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 1000; ++round) {
    Hash256 a, b;
    for (auto& word : a.words) word = random();
    for (auto& word : b.words) word = random() & random();
    int expected = 0;
    for (int k = 0; k < 256; ++k) {
      expected += (a.words[k / 64] >> (k % 64) & 1) !=
                  (b.words[k / 64] >> (k % 64) & 1);
    }
    EXPECT_EQ(HammingDistance(a, b), expected);
  }
}

TEST(Hash256Test, EqualHashesAreOneKey) {
  absl::flat_hash_set<Hash256> set;
  for (int k = 0; k < 256; ++k) set.insert(WithBit(k));
  for (int k = 0; k < 256; ++k) set.insert(WithBit(k));
  EXPECT_EQ(set.size(), 256);
}

}  // namespace
}  // namespace lenscap
