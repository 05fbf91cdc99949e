#ifndef LENSCAP_SERVICES_WEB_HTTP_LIMITS_H_
#define LENSCAP_SERVICES_WEB_HTTP_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace lenscap {

// What a client may send, and how long it may take.
struct HttpLimits {
  int connections = 256;  // More are told so and closed.
  // Of the request line and the headers, all together and each.
  size_t header_bytes = 65'536;
  size_t line_bytes = 8'192;
  // Of TLS and a request's headers; of the wait for another request; of each
  // read of a body, and of each write.
  absl::Duration header_timeout = absl::Seconds(10);
  absl::Duration idle_timeout = absl::Seconds(60);
  absl::Duration read_timeout = absl::Seconds(30);
  absl::Duration write_timeout = absl::Seconds(30);
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_LIMITS_H_
