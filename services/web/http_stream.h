#ifndef LENSCAP_SERVICES_WEB_HTTP_STREAM_H_
#define LENSCAP_SERVICES_WEB_HTTP_STREAM_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "httplib.h"
#include "services/web/http_limits.h"
#include "services/web/wire.h"

namespace lenscap {

// What cpp-httplib reads one request from and writes its answer to. It reads
// lines byte by byte, without a bound of its own, and everything else in larger
// pieces: so lines are told here, and cut off. Of one thread.
class HttpStream final : public httplib::Stream {
 public:
  // Both must outlive this.
  HttpStream(Wire* wire, const HttpLimits* limits);

  // From here on what is read is the body's, which must be there `by` then.
  void BeginBody() { in_body_ = true; }
  void EndBodyBy(absl::Time by) { body_deadline_ = by; }

  // Whether a line or the headers went beyond their bound. Then nothing more
  // is read, and nothing that cpp-httplib writes is sent.
  bool too_long() const { return too_long_; }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !wire_->Gone(); }
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return wire_->socket(); }

 private:
  absl::Time ReadDeadline() const;

  Wire* const wire_;
  const HttpLimits* const limits_;
  const absl::Time header_deadline_;
  absl::Time body_deadline_ = absl::InfiniteFuture();
  size_t header_bytes_ = 0;
  size_t line_bytes_ = 0;
  bool in_body_ = false;
  bool too_long_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_STREAM_H_
