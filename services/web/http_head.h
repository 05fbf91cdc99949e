#ifndef LENSCAP_SERVICES_WEB_HTTP_HEAD_H_
#define LENSCAP_SERVICES_WEB_HTTP_HEAD_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/web/http.h"

namespace lenscap {

// The headers of a request, from its first line to the empty one, as RFC 9112
// has them and nothing else: cpp-httplib skips lines that are none and changes
// values, and a proxy before this server may do neither. INVALID_ARGUMENT.
absl::StatusOr<HttpHeaders> ParseHttpHeaders(absl::string_view head);

// Where the body of a request ends.
struct BodyFraming {
  bool chunked = false;
  int64_t bytes = 0;  // Where it is not chunked.

  bool has_body() const { return chunked || bytes > 0; }
};

// What the headers say of it. Whatever two parties could read in two ways is
// refused: 400 over HTTP, 501 for a transfer coding and 415 for a content
// coding that are not known.
absl::StatusOr<BodyFraming> FramingOf(const HttpRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_HEAD_H_
