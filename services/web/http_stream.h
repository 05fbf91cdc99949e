#ifndef LENSCAP_SERVICES_WEB_HTTP_STREAM_H_
#define LENSCAP_SERVICES_WEB_HTTP_STREAM_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "httplib.h"
#include "services/web/http_body.h"
#include "services/web/http_head.h"
#include "services/web/http_limits.h"
#include "services/web/wire.h"

namespace lenscap {

// What cpp-httplib reads one request from and writes its answer to. It sees the
// headers as they are, bounded and kept for a stricter look at them, and of the
// body the bytes alone. Of one thread.
class HttpStream final : public httplib::Stream {
 public:
  // Both must outlive this.
  HttpStream(Wire* wire, const HttpLimits* limits);

  // From the first line to the empty one, as far as it was read.
  const std::string& head() const { return head_; }
  // Whether the headers went beyond a bound. Then nothing more is read, and
  // nothing that cpp-httplib writes is sent.
  bool too_long() const { return too_long_; }

  // The headers have ended, and said this.
  void BeginBody(const BodyFraming& framing) { body_.emplace(wire_, framing); }
  // All of it must be there by then.
  void EndBodyBy(absl::Time by) { body_deadline_ = by; }
  bool body_ended() const { return body_ && body_->ended(); }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !wire_->Gone(); }
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  // Not the real one: it refuses what select() could not wait for.
  socket_t socket() const override { return 0; }

 private:
  ssize_t ReadHead(char* bytes, size_t size);

  Wire* const wire_;
  const HttpLimits* const limits_;
  const absl::Time header_deadline_;
  std::string head_;
  size_t line_bytes_ = 0;  // Of the line that has not ended.
  bool too_long_ = false;
  std::optional<HttpBody> body_;
  absl::Time body_deadline_ = absl::InfiniteFuture();
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_STREAM_H_
