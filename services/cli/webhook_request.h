#ifndef LENSCAP_SERVICES_CLI_WEBHOOK_REQUEST_H_
#define LENSCAP_SERVICES_CLI_WEBHOOK_REQUEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/webhooks/webhook_signature.h"

namespace lenscap::cli {

struct WebhookRequest {
  WebhookHeaders headers;
  std::string body;
};

// Takes a request apart that was received and written down: header lines, with
// or without the request line before them, an empty line, and the body byte for
// byte; lines end as in HTTP or as in Unix. INVALID_ARGUMENT where a header
// that the signature needs is missing or comes twice. Pure.
absl::StatusOr<WebhookRequest> ParseWebhookRequest(absl::string_view bytes);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_WEBHOOK_REQUEST_H_
