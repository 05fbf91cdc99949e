#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SIGNATURE_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SIGNATURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/ed25519.h"

namespace lenscap {

// How a webhook is signed, as Standard Webhooks 1.0 has it with Ed25519: over
// "id.timestamp.body", the time in whole seconds since 1970, as
// "v1a," and the signature in base64. Pure.

// What a receiver is sent beside the body.
struct WebhookHeaders {
  std::string id;         // webhook-id: of letters, digits, '-' and '_'.
  std::string timestamp;  // webhook-timestamp
  std::string signature;  // webhook-signature: one or more, between spaces.
};

WebhookHeaders SignWebhook(const Ed25519PrivateKey& key, absl::string_view id,
                           absl::Time time, absl::string_view body);

// What receivers are told to accept: five minutes to either side.
inline constexpr absl::Duration kWebhookTolerance = absl::Minutes(5);

// INVALID_ARGUMENT for a header that is malformed, FAILED_PRECONDITION for a
// time further than `tolerance` from `now`, UNAUTHENTICATED where no signature
// is of this key.
absl::Status VerifyWebhook(const Ed25519PublicKey& key,
                           const WebhookHeaders& headers,
                           absl::string_view body, absl::Time now,
                           absl::Duration tolerance);

// "whpk_" and the key in base64.
std::string WebhookKeyText(const Ed25519PublicKey& key);
absl::StatusOr<Ed25519PublicKey> ParseWebhookKey(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_SIGNATURE_H_
