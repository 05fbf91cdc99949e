#include "services/web/http_head.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/web/http_status.h"

namespace lenscap {
namespace {

absl::Status Malformed() {
  return absl::InvalidArgumentError("the headers are malformed");
}

absl::Status Refused(const char* header, int http_status) {
  return WithHttpStatus(absl::InvalidArgumentError(absl::StrCat(
                            header, ": not understood, or not alone")),
                        http_status);
}

bool IsNameByte(char c) {
  return absl::ascii_isalnum(c) ||
         absl::StrContains("!#$%&'*+-.^_`|~", absl::string_view(&c, 1));
}

bool IsValueByte(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

absl::StatusOr<HttpHeaders> ParseHttpHeaders(absl::string_view head) {
  if (!absl::ConsumeSuffix(&head, "\r\n\r\n")) return Malformed();
  HttpHeaders headers;
  bool first = true;
  for (const absl::string_view line : absl::StrSplit(head, "\r\n")) {
    if (std::exchange(first, false)) continue;  // The request itself.
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos || colon == 0) return Malformed();
    const absl::string_view name = line.substr(0, colon);
    const absl::string_view value = line.substr(colon + 1);
    if (!std::all_of(name.begin(), name.end(), IsNameByte) ||
        !std::all_of(value.begin(), value.end(), IsValueByte)) {
      return Malformed();
    }
    headers.emplace_back(name, absl::StripAsciiWhitespace(value));
  }
  return headers;
}

absl::StatusOr<BodyFraming> FramingOf(const HttpRequest& request) {
  const auto lengths = request.All("Content-Length");
  const auto codings = request.All("Transfer-Encoding");
  BodyFraming framing;
  if (lengths.size() + codings.size() > 1) {
    return Refused("Content-Length", 400);
  }
  if (!codings.empty()) {
    if (!absl::EqualsIgnoreCase(codings[0], "chunked")) {
      return Refused("Transfer-Encoding", 501);
    }
    framing.chunked = true;
  } else if (!lengths.empty()) {
    if (lengths[0].empty() ||
        !std::all_of(lengths[0].begin(), lengths[0].end(),
                     absl::ascii_isdigit) ||
        !absl::SimpleAtoi(lengths[0], &framing.bytes)) {
      return Refused("Content-Length", 400);
    }
  }
  if (!request.All("Content-Encoding").empty()) {
    return Refused("Content-Encoding", 415);
  }
  return framing;
}

}  // namespace lenscap
