#include "base/aead.h"

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

AeadKey KeyOf(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  std::array<uint8_t, AeadKey::kKeyBytes> key = {};
  EXPECT_EQ(bytes.size(), key.size());
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return AeadKey(key);
}

struct Vector {
  std::string key, nonce, context, text, sealed, tag;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", tests 13, 14, 16.
const Vector kVectors[] = {
    {std::string(64, '0'), std::string(24, '0'), "", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {std::string(64, '0'), std::string(24, '0'), "", std::string(32, '0'),
     "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(AeadTest, PublishedVectorsOpen) {
  for (const Vector& vector : kVectors) {
    const auto opened = KeyOf(vector.key)
                            .Open(absl::HexStringToBytes(absl::StrCat(
                                      vector.nonce, vector.sealed, vector.tag)),
                                  absl::HexStringToBytes(vector.context));
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(absl::BytesToHexString(*opened), vector.text);
  }
}

TEST(AeadTest, WhatWasSealedOpensWithTheSameKeyAndContextAlone) {
  const AeadKey key = AeadKey::Generate();
  for (const std::string& text :
       {std::string(), std::string("still"), std::string(300'000, 'x')}) {
    const std::string sealed = key.Seal(text, "case/1");
    EXPECT_EQ(sealed.size(), text.size() + AeadKey::kOverheadBytes);
    EXPECT_EQ(*key.Open(sealed, "case/1"), text);
    EXPECT_TRUE(absl::IsDataLoss(key.Open(sealed, "case/2").status()));
    EXPECT_TRUE(
        absl::IsDataLoss(AeadKey::Generate().Open(sealed, "case/1").status()));
  }
}

TEST(AeadTest, EachBitOfASealedTextCounts) {
  const AeadKey key = AeadKey::Generate();
  const std::string sealed = key.Seal("a small still", "here");
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    ASSERT_TRUE(absl::IsDataLoss(key.Open(changed, "here").status())) << bit;
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_TRUE(
        absl::IsDataLoss(key.Open(sealed.substr(0, size), "here").status()));
  }
}

TEST(AeadTest, NoTwoSealedTextsAndNoTwoKeysAreAlike) {
  const AeadKey key = AeadKey::Generate();
  std::set<std::string> sealed;
  for (int i = 0; i < 1000; ++i) sealed.insert(key.Seal("same", "same"));
  EXPECT_EQ(sealed.size(), 1000);
  EXPECT_NE(AeadKey::Generate().bytes(), AeadKey::Generate().bytes());
}

}  // namespace
}  // namespace lenscap
