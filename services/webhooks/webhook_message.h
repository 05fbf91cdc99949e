#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_MESSAGE_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_MESSAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/outcome.pb.h"

namespace lenscap {

// "upload.decided", ... as receivers tell messages apart; frozen.
absl::string_view WebhookType(v1::Outcome::Type type);

// {"type":"upload.decided","timestamp":"...","data":{...}}: the outcome in
// protobuf's JSON, without its cursor, which is of the stream alone. INTERNAL
// for one that has no JSON, such as one with a time out of range.
absl::StatusOr<std::string> WebhookBody(const v1::Outcome& outcome);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_MESSAGE_H_
