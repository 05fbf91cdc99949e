#include "lists/issuer_keys.h"

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/lists/clips.h"
#include "tests/lists/signers.h"

namespace lenscap {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const char kIssuer[] = "Hotline Example";

std::string Id(int key) { return KeyId(SomeKey(key).public_key()); }

RevokedKey Revoked(int key) {
  return {SomeKey(key).public_key(), kSomeTime, "stolen"};
}

// What PERMISSION_DENIED says; "" where it is not.
std::string Denial(const absl::Status& status) {
  if (status.ok()) return "";
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  return std::string(status.message());
}

std::string Check(const IssuerKeys& keys, const std::vector<int>& signers,
                  absl::Time now = kSomeTime) {
  return Denial(CheckSignatures(keys, SignedBy(signers, "payload"),
                                SignedPayload::Bytes("payload"), now));
}

TEST(IssuerKeysTest, AKeySetMadeByPythonSignsTheListsMadeByPython) {
  const auto keys = CheckKeySet(KnownFile("keys.json"),
                                KnownFile("keys.json.jws"), kSomeTime);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->issuer, kIssuer);
  EXPECT_EQ(keys->threshold, 2);
  EXPECT_EQ(Document(*keys), KnownFile("keys.json"));
  for (const std::string name : {"version1.ndjson", "version2.ndjson.zst"}) {
    EXPECT_TRUE(CheckSignatures(*keys, KnownFile(name + ".jws"),
                                SignedPayload::File("tests/data/lists/" + name),
                                kSomeTime)
                    .ok());
  }
}

TEST(IssuerKeysTest, EveryFlippedBitOfASignatureFileIsRefused) {
  const IssuerKeys keys = ParseIssuerKeys(KnownFile("keys.json")).value();
  const auto payload = SignedPayload::File("tests/data/lists/version1.ndjson");
  std::string jws = KnownFile("version1.ndjson.jws");
  for (size_t bit = 0; bit < 8 * jws.size(); ++bit) {
    jws[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(CheckSignatures(keys, jws, payload, kSomeTime).ok()) << bit;
    jws[bit / 8] ^= 1 << (bit % 8);
  }
  EXPECT_TRUE(CheckSignatures(keys, jws, payload, kSomeTime).ok());
}

TEST(IssuerKeysTest, EveryFlippedBitOfAKeySetIsRefused) {
  std::string document = KnownFile("keys.json");
  const std::string jws = KnownFile("keys.json.jws");
  for (size_t bit = 0; bit < 8 * document.size(); ++bit) {
    document[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(CheckKeySet(document, jws, kSomeTime).ok()) << bit;
    document[bit / 8] ^= 1 << (bit % 8);
  }
}

TEST(IssuerKeysTest, EnoughOfTheKeysMustSign) {
  const IssuerKeys keys = SomeKeySet(kIssuer, 1, 2, {0, 1, 2});
  EXPECT_EQ(Check(keys, {0, 1}), "");
  EXPECT_EQ(Check(keys, {2, 0}), "");
  EXPECT_EQ(Check(keys, {0, 1, 2}), "");
  EXPECT_THAT(Check(keys, {1}), HasSubstr("1 of 2 signatures"));
}

TEST(IssuerKeysTest, AnUnknownKeyDoesNotCount) {
  const IssuerKeys keys = SomeKeySet(kIssuer, 1, 2, {0, 1});
  EXPECT_EQ(Check(keys, {0, 1, 5}), "");
  EXPECT_THAT(Check(keys, {0, 5}),
              AllOf(HasSubstr("1 of 2"), HasSubstr(Id(5) + "\" is not known")));
}

TEST(IssuerKeysTest, ARevokedKeyDoesNotCount) {
  IssuerKeys keys = SomeKeySet(kIssuer, 2, 2, {0, 1});
  keys.revoked.push_back(Revoked(2));
  EXPECT_EQ(Check(keys, {0, 1, 2}), "");
  EXPECT_THAT(Check(keys, {0, 2}),
              AllOf(HasSubstr("1 of 2"), HasSubstr(Id(2) + " was revoked on"),
                    HasSubstr("stolen")));
}

TEST(IssuerKeysTest, AWrongSignatureIsRefusedHoweverManyHold) {
  const IssuerKeys keys = SomeKeySet(kIssuer, 1, 1, {0, 1});
  const std::string good = SignedBy({0}, "payload");
  const std::string bad = SignedBy({1}, "another");
  const std::string both = absl::StrReplaceAll(
      good, {{"]}", "," +
                        bad.substr(bad.find("[{") + 1,
                                   bad.find("]}") - bad.find("[{") - 1) +
                        "]}"}});
  EXPECT_THAT(Denial(CheckSignatures(
                  keys, both, SignedPayload::Bytes("payload"), kSomeTime)),
              HasSubstr("wrong signature: that of key " + Id(1)));
}

TEST(IssuerKeysTest, AnExpiredKeySetSignsNothing) {
  const IssuerKeys keys = SomeKeySet(kIssuer, 1, 1, {0});
  EXPECT_EQ(Check(keys, {0}, keys.expires - absl::Seconds(1)), "");
  EXPECT_THAT(Check(keys, {0}, keys.expires), HasSubstr("expired on 2027-"));
}

TEST(IssuerKeysTest, BadDocumentsNameTheField) {
  const std::string good = KnownFile("keys.json");
  const std::pair<const char*, const char*> kBad[] = {
      {"lenscap-keys/1", "lenscap-keys/2"},
      {"\"threshold\":2", "\"threshold\":3"},
      {"\"threshold\":2", "\"threshold\":0"},
      {"\"version\":1", "\"version\":0"},
      {"\"public_key\":\"1", "\"public_key\":\"2"},
      {"\"kid\":\"I", "\"kid\":\"J"},
      {"\"revoked\":[]", "\"revoked\":[],\"more\":1"},
      {"2028-01-01T", "2028-13-01T"},
      {"Hotline Example", ""},
      {"OfcT0KZEJT8EUpQhufUbmwiXnQgpWVnE85kO5hf1E58\",\"public_key\":\"PUAXw-"
       "hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
       "If4x36FUomFia_hUBG_SJxt77UtqvkWqWId-9H-XIbk\",\"public_key\":\"11qYAYKx"
       "CrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}};
  for (const auto& [from, to] : kBad) {
    const std::string bad = absl::StrReplaceAll(good, {{from, to}});
    ASSERT_NE(bad, good);
    const auto keys = ParseIssuerKeys(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(keys.status())) << from;
    EXPECT_THAT(std::string(keys.status().message()), HasSubstr("key set: "));
  }
}

absl::Status Next(const IssuerKeys& current, const IssuerKeys& next,
                  const std::vector<int>& signers) {
  const std::string document = Document(next);
  return CheckNextKeySet(current, document, SignedBy(signers, document),
                         kSomeTime)
      .status();
}

TEST(IssuerKeysTest, TheNextSetNeedsTheOldKeysAndItsOwn) {
  const IssuerKeys current = SomeKeySet(kIssuer, 1, 2, {0, 1});
  const IssuerKeys next = SomeKeySet(kIssuer, 2, 2, {1, 2});
  EXPECT_EQ(Denial(Next(current, next, {0, 1, 2})), "");
  EXPECT_THAT(Denial(Next(current, next, {0, 1})), HasSubstr("version 2"));
  EXPECT_THAT(Denial(Next(current, next, {1, 2})), HasSubstr("version 1"));
}

TEST(IssuerKeysTest, TheNextSetIsTheNextOfThisIssuer) {
  const IssuerKeys current = SomeKeySet(kIssuer, 2, 1, {0});
  for (const int version : {1, 2, 4}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(
        Next(current, SomeKeySet(kIssuer, version, 1, {0}), {0})));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      Next(current, SomeKeySet("Another", 3, 1, {0}), {0})));
}

TEST(IssuerKeysTest, ARevokedKeyDoesNotComeBack) {
  IssuerKeys current = SomeKeySet(kIssuer, 2, 1, {0});
  current.revoked.push_back(Revoked(1));
  EXPECT_THAT(Denial(Next(current, SomeKeySet(kIssuer, 3, 1, {0, 1}), {0, 1})),
              HasSubstr("was revoked before"));
}

TEST(IssuerKeysTest, AnExpiredSetCanBeFollowed) {
  IssuerKeys current = SomeKeySet(kIssuer, 1, 1, {0});
  current.expires = kSomeTime - absl::Hours(1);
  EXPECT_TRUE(Next(current, SomeKeySet(kIssuer, 2, 1, {0}), {0}).ok());
  IssuerKeys expired = SomeKeySet(kIssuer, 2, 1, {0});
  expired.expires = kSomeTime - absl::Hours(1);
  EXPECT_THAT(Denial(Next(current, expired, {0})), HasSubstr("expired"));
}

}  // namespace
}  // namespace lenscap
