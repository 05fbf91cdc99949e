#ifndef LENSCAP_SERVICES_WEB_HTTP_BODY_H_
#define LENSCAP_SERVICES_WEB_HTTP_BODY_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "services/web/http_head.h"
#include "services/web/wire.h"

namespace lenscap {

// The bytes of one request's body, and not one more: where the next request
// begins. Strict about chunks, whose extensions are skipped and after which no
// trailers may come. Of one thread.
class HttpBody {
 public:
  HttpBody(Wire* wire, const BodyFraming& framing)  // Must outlive this.
      : wire_(wire),
        chunked_(framing.chunked),
        left_(framing.chunked ? 0 : framing.bytes),
        ended_(!framing.has_body()) {}

  // Some bytes; 0 at the end, -1 where it is malformed, broken off, or nothing
  // came until the deadline, for good.
  ssize_t Read(char* bytes, size_t size, absl::Time deadline);
  // Whether all of it was read.
  bool ended() const { return ended_; }

 private:
  bool BeginChunk(absl::Time deadline);
  bool ReadByte(char& byte, absl::Time deadline);
  bool ReadLineEnd(absl::Time deadline);

  Wire* const wire_;
  const bool chunked_;
  int64_t left_;  // Bytes of the body, or of the chunk that has begun.
  bool in_chunk_ = false;
  bool failed_ = false;
  bool ended_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_BODY_H_
