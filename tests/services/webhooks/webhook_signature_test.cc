#include "services/webhooks/webhook_signature.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

// The key of the first test of RFC 8032, and the signature by it of the
// example message of Standard Webhooks 1.0, by Python's cryptography.
constexpr char kSeed[] =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr char kPublic[] = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
constexpr char kId[] = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
constexpr absl::Time kTime = absl::FromUnixSeconds(1674087231);
constexpr char kBody[] =
    R"({"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z",)"
    R"("data":{"id":"1f81eb52-5198-4599-803e-771906343485"}})";
constexpr char kSignature[] =
    "v1a,pbpYBMlty2hExn4zt0UTGb6BaP2Vq5AfyzjB9GGV3x/"
    "wCJKd8UjOCf8Qhaji6TKY9C5eNMnlF0GG4udaO6B7Ag==";

Ed25519PrivateKey Key() {
  const std::string bytes = absl::HexStringToBytes(kSeed);
  std::array<uint8_t, 32> seed;
  std::copy(bytes.begin(), bytes.end(), seed.begin());
  return Ed25519PrivateKey(seed);
}

absl::StatusCode Verified(const WebhookHeaders& headers,
                          const std::string& body = kBody,
                          absl::Time now = kTime) {
  return VerifyWebhook(Key().public_key(), headers, body, now,
                       kWebhookTolerance)
      .code();
}

TEST(WebhookSignatureTest, SignsAsAnotherImplementationDoes) {
  const WebhookHeaders headers = SignWebhook(Key(), kId, kTime, kBody);
  EXPECT_EQ(headers.id, kId);
  EXPECT_EQ(headers.timestamp, "1674087231");
  EXPECT_EQ(headers.signature, kSignature);
  EXPECT_EQ(WebhookKeyText(Key().public_key()), kPublic);
}

TEST(WebhookSignatureTest, OpenSslVerifiesWhatIsSigned) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const WebhookHeaders headers = SignWebhook(key, "out_1", kTime, "{}");
  std::string signature;
  ASSERT_TRUE(absl::Base64Unescape(headers.signature.substr(4), &signature));
  const std::string text =
      WriteTempFile("text", absl::StrCat("out_1.", headers.timestamp, ".{}"));
  const std::string said = OutputOf(
      {"openssl", "pkeyutl", "-verify", "-pubin", "-inkey",
       WriteTempFile("key.pem", ToPem(key.public_key())), "-rawin", "-in", text,
       "-sigfile", WriteTempFile("signature", signature)});
  EXPECT_THAT(said, HasSubstr("Signature Verified Successfully"));
}

TEST(WebhookSignatureTest, AcceptsWhatItSigned) {
  EXPECT_EQ(Verified(SignWebhook(Key(), kId, kTime, kBody)),
            absl::StatusCode::kOk);
}

TEST(WebhookSignatureTest, AnyChangeIsFound) {
  const WebhookHeaders good = SignWebhook(Key(), kId, kTime, kBody);
  EXPECT_EQ(Verified(good, absl::StrCat(kBody, " ")),
            absl::StatusCode::kUnauthenticated);
  WebhookHeaders headers = good;
  headers.id = "msg_other";
  EXPECT_EQ(Verified(headers), absl::StatusCode::kUnauthenticated);
  headers = good;
  headers.timestamp = "1674087232";
  EXPECT_EQ(Verified(headers), absl::StatusCode::kUnauthenticated);
  headers = good;
  headers.signature[10] ^= 1;
  EXPECT_EQ(Verified(headers), absl::StatusCode::kUnauthenticated);
  headers.signature = "";
  EXPECT_EQ(Verified(headers), absl::StatusCode::kUnauthenticated);
}

TEST(WebhookSignatureTest, AnotherKeysSignatureIsRefused) {
  const WebhookHeaders headers =
      SignWebhook(Ed25519PrivateKey::Generate(), kId, kTime, kBody);
  EXPECT_EQ(Verified(headers), absl::StatusCode::kUnauthenticated);
}

TEST(WebhookSignatureTest, OneGoodSignatureOfSeveralIsEnough) {
  WebhookHeaders headers = SignWebhook(Key(), kId, kTime, kBody);
  headers.signature =
      absl::StrCat("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1a,AAAA ",
                   headers.signature);
  EXPECT_EQ(Verified(headers), absl::StatusCode::kOk);
}

TEST(WebhookSignatureTest, WhatIsReplayedLaterIsRefused) {
  const WebhookHeaders headers = SignWebhook(Key(), kId, kTime, kBody);
  EXPECT_EQ(Verified(headers, kBody, kTime + absl::Minutes(5)),
            absl::StatusCode::kOk);
  EXPECT_EQ(Verified(headers, kBody, kTime + absl::Minutes(6)),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Verified(headers, kBody, kTime - absl::Minutes(6)),
            absl::StatusCode::kFailedPrecondition);
}

TEST(WebhookSignatureTest, MalformedHeadersAreNamed) {
  WebhookHeaders headers = SignWebhook(Key(), kId, kTime, kBody);
  headers.timestamp = "yesterday";
  EXPECT_EQ(Verified(headers), absl::StatusCode::kInvalidArgument);
  headers = SignWebhook(Key(), "a.b", kTime, kBody);
  EXPECT_EQ(Verified(headers), absl::StatusCode::kInvalidArgument);
}

TEST(WebhookSignatureTest, KeysAreReadBackAndOthersRefused) {
  EXPECT_EQ(*ParseWebhookKey(kPublic), Key().public_key());
  for (const char* bad :
       {"", "whpk_", "whpk_AAAA", "whsk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwI=",
        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "whpk_!!!"}) {
    EXPECT_EQ(ParseWebhookKey(bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace lenscap
