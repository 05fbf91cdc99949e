#include "lists/list_signature.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/base64url.h"
#include "base/small_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/lists/clips.h"
#include "tests/lists/signers.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

std::string ErrorOf(const std::string& jws) {
  const auto signatures = ParseSignatures(jws);
  if (signatures.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(signatures.status()));
  return std::string(signatures.status().message());
}

// A signature file with this protected header.
std::string WithHeader(const std::string& header) {
  return absl::StrCat("{\"signatures\":[{\"protected\":\"", ToBase64Url(header),
                      "\",\"signature\":\"", ToBase64Url(std::string(64, 'x')),
                      "\"}]}");
}

const char kKid[] = "If4x36FUomFia_hUBG_SJxt77UtqvkWqWId-9H-XIbk";

TEST(ListSignatureTest, SignaturesMadeByOpensslHold) {
  for (const std::string name :
       {"version1.ndjson", "version2.ndjson.zst", "keys.json"}) {
    const auto signatures = ParseSignatures(KnownFile(name + ".jws"));
    ASSERT_TRUE(signatures.ok()) << signatures.status();
    ASSERT_EQ(signatures->size(), 2u);
    const auto payload = SignedPayload::File("tests/data/lists/" + name);
    for (int key = 0; key < 2; ++key) {
      const auto public_key = SomeKey(key).public_key();
      EXPECT_EQ((*signatures)[key].key_id, KeyId(public_key));
      EXPECT_TRUE(Holds((*signatures)[key], public_key, payload).value());
    }
  }
}

TEST(ListSignatureTest, OursAreTheSameByteForByte) {
  EXPECT_EQ(SignedBy({0, 1}, KnownFile("version1.ndjson")),
            KnownFile("version1.ndjson.jws"));
}

TEST(ListSignatureTest, AFileAndItsBytesAreSignedAlike) {
  const std::string path = MakeTempDirectory() + "/file";
  for (const size_t size : {0, 1, 5000, 1'000'000}) {
    const std::string bytes(size, 'b');
    ASSERT_TRUE(WriteSmallFile(path, bytes).ok());
    const auto signature = Sign(SignedPayload::File(path), SomeKey(0));
    ASSERT_TRUE(signature.ok()) << signature.status();
    EXPECT_EQ(FormatSignatures({*signature}), SignedBy({0}, bytes));
  }
  EXPECT_TRUE(absl::IsNotFound(
      Sign(SignedPayload::File(path + "x"), SomeKey(0)).status()));
}

TEST(ListSignatureTest, EveryFlippedBitOfThePayloadIsFound) {
  std::string payload = KnownFile("version1.ndjson");
  const auto signature =
      ParseSignatures(KnownFile("version1.ndjson.jws")).value()[0];
  const auto key = SomeKey(0).public_key();
  for (size_t bit = 0; bit < 8 * payload.size(); ++bit) {
    payload[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(Holds(signature, key, SignedPayload::Bytes(payload)).value());
    payload[bit / 8] ^= 1 << (bit % 8);
  }
  EXPECT_TRUE(Holds(signature, key, SignedPayload::Bytes(payload)).value());
}

TEST(ListSignatureTest, OnlyTheOneHeaderIsUnderstood) {
  const std::string good = absl::StrCat(
      R"({"alg":"EdDSA","b64":false,"crit":["b64"],"kid":")", kKid, "\"}");
  EXPECT_EQ(ErrorOf(WithHeader(good)), "");
  const std::pair<const char*, const char*> kChanges[] = {
      {"EdDSA", "none"},
      {"EdDSA", "HS256"},
      {"false", "true"},
      {"\"b64\":false,", ""},
      {"\"crit\":[\"b64\"],", ""},
      {"[\"b64\"]", "[\"b64\",\"exp\"]"},
      {"[\"b64\"]", "[]"},
      {"[\"b64\"]", "\"b64\""},
      {"\"alg\"", "\"jku\":\"https://x\",\"alg\""},
      {"\"alg\"", "\"alg\":\"none\",\"alg\""},
      {"\"kid\":\"I", "\"kid\":\"xI"},
      {"\"kid\"", "\"kid2\""},
  };
  for (const auto& [from, to] : kChanges) {
    const std::string header = absl::StrReplaceAll(good, {{from, to}});
    EXPECT_THAT(ErrorOf(WithHeader(header)), HasSubstr("protected: "))
        << header;
  }
}

TEST(ListSignatureTest, NoTwoTextsAreTheSameSignatures) {
  const std::string jws = SignedBy({0}, "payload");
  EXPECT_EQ(ErrorOf(jws), "");
  EXPECT_EQ(ErrorOf(jws.substr(0, jws.size() - 1)), "");
  EXPECT_NE(ErrorOf(jws + "\n"), "");
  EXPECT_NE(ErrorOf(" " + jws), "");
  EXPECT_NE(ErrorOf(absl::StrReplaceAll(jws, {{":", ": "}})), "");
  EXPECT_NE(ErrorOf(absl::StrReplaceAll(jws, {{"[{", "[{\"header\":{},"}})),
            "");
  EXPECT_NE(ErrorOf(absl::StrReplaceAll(
                jws, {{"{\"sig", "{\"payload\":\"\",\"sig"}})),
            "");
}

TEST(ListSignatureTest, TooManyTooMuchAndTwiceAreRefused) {
  std::vector<ListSignature> signatures;
  for (int i = 0; i < 33; ++i) {
    signatures.push_back(
        Sign(SignedPayload::Bytes("payload"), SomeKey(i)).value());
  }
  EXPECT_THAT(ErrorOf(FormatSignatures(signatures)), HasSubstr("1 to 32"));
  signatures.pop_back();
  EXPECT_EQ(ParseSignatures(FormatSignatures(signatures))->size(), 32u);
  EXPECT_THAT(ErrorOf(FormatSignatures({})), HasSubstr("1 to 32"));
  EXPECT_THAT(ErrorOf(FormatSignatures({signatures[0], signatures[0]})),
              HasSubstr("signed already"));
  EXPECT_THAT(ErrorOf(std::string(70'000, ' ')), HasSubstr("at most 65536"));
}

}  // namespace
}  // namespace lenscap
