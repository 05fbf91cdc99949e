#include "services/cli/webhook_request.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace lenscap::cli {

absl::StatusOr<WebhookRequest> ParseWebhookRequest(absl::string_view bytes) {
  WebhookRequest request;
  std::map<std::string, std::string*> wanted = {
      {"webhook-id", &request.headers.id},
      {"webhook-timestamp", &request.headers.timestamp},
      {"webhook-signature", &request.headers.signature}};
  while (true) {
    const size_t end = bytes.find('\n');
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          "expected header lines, an empty line and the body; there is no "
          "empty line");
    }
    const absl::string_view line =
        absl::StripSuffix(bytes.substr(0, end), "\r");
    bytes.remove_prefix(end + 1);
    if (line.empty()) break;
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos) continue;  // The request line.
    const auto found =
        wanted.find(absl::AsciiStrToLower(line.substr(0, colon)));
    if (found == wanted.end()) continue;
    if (!found->second->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(found->first, ": comes twice"));
    }
    *found->second =
        std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  for (const auto& [name, value] : wanted) {
    if (value->empty()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": is missing"));
    }
  }
  request.body = std::string(bytes);
  return request;
}

}  // namespace lenscap::cli
