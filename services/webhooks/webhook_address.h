#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ADDRESS_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ADDRESS_H_

#include <sys/socket.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Where a webhook may go. Pure.

// Which addresses a connection may be made to.
enum class WebhookReach {
  kLoopback,  // Of "http://": this machine alone, as it is not encrypted.
  kPublic,    // Whoever has the endpoint made may not look behind our walls.
  kAnywhere,
};

// INVALID_ARGUMENT, beginning with "url", unless it is "https://", or "http://"
// to localhost, 127.0.0.1 or [::1]; without a user, a fragment, spaces and
// characters beyond ASCII; 1 to 2,048 bytes.
absl::Status CheckWebhookUrl(const std::string& url);

// Of a URL that passes the check above.
WebhookReach ReachOf(absl::string_view url, bool public_only);

// Whether the address is within reach. An IPv4 address in an IPv6 one counts as
// what it is.
bool MayConnect(WebhookReach reach, const sockaddr& address);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ADDRESS_H_
