#include "services/webhooks/webhook_signature.h"

#include <algorithm>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace lenscap {
namespace {

constexpr char kVersion[] = "v1a,";
constexpr char kKeyPrefix[] = "whpk_";

std::string SignedText(absl::string_view id, absl::string_view timestamp,
                       absl::string_view body) {
  return absl::StrCat(id, ".", timestamp, ".", body);
}

template <typename Bytes>
std::optional<Bytes> FromBase64(absl::string_view text) {
  std::string decoded;
  Bytes bytes;
  if (!absl::Base64Unescape(text, &decoded) || decoded.size() != bytes.size()) {
    return std::nullopt;
  }
  std::copy(decoded.begin(), decoded.end(), bytes.begin());
  return bytes;
}

template <typename Bytes>
std::string ToBase64(const Bytes& bytes) {
  return absl::Base64Escape(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace

WebhookHeaders SignWebhook(const Ed25519PrivateKey& key, absl::string_view id,
                           absl::Time time, absl::string_view body) {
  WebhookHeaders headers;
  headers.id = std::string(id);
  headers.timestamp = absl::StrCat(absl::ToUnixSeconds(time));
  headers.signature = absl::StrCat(
      kVersion, ToBase64(key.Sign(SignedText(id, headers.timestamp, body))));
  return headers;
}

absl::Status VerifyWebhook(const Ed25519PublicKey& key,
                           const WebhookHeaders& headers,
                           absl::string_view body, absl::Time now,
                           absl::Duration tolerance) {
  int64_t seconds = 0;
  if (!absl::SimpleAtoi(headers.timestamp, &seconds)) {
    return absl::InvalidArgumentError(
        "webhook-timestamp: expected seconds since 1970");
  }
  // With a dot in it, another id and time could have the same signed text.
  if (headers.id.empty() || headers.id.find('.') != std::string::npos) {
    return absl::InvalidArgumentError(
        "webhook-id: expected an id without a dot");
  }
  const absl::Duration off = now - absl::FromUnixSeconds(seconds);
  if (absl::AbsDuration(off) > tolerance) {
    return absl::FailedPreconditionError(absl::StrCat(
        "webhook-timestamp: ", absl::FormatDuration(absl::AbsDuration(off)),
        off > absl::ZeroDuration() ? " ago" : " ahead",
        "; it may have been replayed"));
  }
  const std::string text = SignedText(headers.id, headers.timestamp, body);
  for (absl::string_view one : absl::StrSplit(headers.signature, ' ')) {
    if (!absl::ConsumePrefix(&one, kVersion)) continue;  // Of another scheme.
    const auto signature = FromBase64<Ed25519Signature>(one);
    if (signature && Verify(key, text, *signature)) return absl::OkStatus();
  }
  return absl::UnauthenticatedError(
      "webhook-signature: none is of this key over this id, time and body");
}

std::string WebhookKeyText(const Ed25519PublicKey& key) {
  return absl::StrCat(kKeyPrefix, ToBase64(key.bytes));
}

absl::StatusOr<Ed25519PublicKey> ParseWebhookKey(absl::string_view text) {
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, kKeyPrefix)) {
    const auto bytes = FromBase64<decltype(Ed25519PublicKey::bytes)>(rest);
    if (bytes) return Ed25519PublicKey{*bytes};
  }
  return absl::InvalidArgumentError(
      "expected \"whpk_\" and an Ed25519 public key of 32 bytes in base64");
}

}  // namespace lenscap
