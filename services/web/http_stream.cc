#include "services/web/http_stream.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace lenscap {

HttpStream::HttpStream(Wire* wire, const HttpLimits* limits)
    : wire_(wire),
      limits_(limits),
      header_deadline_(absl::Now() + limits->header_timeout) {}

ssize_t HttpStream::read(char* bytes, size_t size) {
  if (!body_) return ReadHead(bytes, size);
  return body_->Read(
      bytes, size,
      std::min(body_deadline_, absl::Now() + limits_->read_timeout));
}

// cpp-httplib reads lines byte by byte, and would read one without an end for
// ever.
ssize_t HttpStream::ReadHead(char* bytes, size_t) {
  if (too_long_ || wire_->Read(bytes, 1, header_deadline_) != 1) return -1;
  head_.push_back(*bytes);
  line_bytes_ = *bytes == '\n' ? 0 : line_bytes_ + 1;
  too_long_ =
      line_bytes_ > limits_->line_bytes || head_.size() > limits_->header_bytes;
  return too_long_ ? -1 : 1;
}

ssize_t HttpStream::write(const char* bytes, size_t size) {
  if (too_long_) return static_cast<ssize_t>(size);
  const bool written =
      wire_->Write({bytes, size}, absl::Now() + limits_->write_timeout);
  return written ? static_cast<ssize_t>(size) : -1;
}

void HttpStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = wire_->peer();
  port = 0;
}

void HttpStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace lenscap
