#include "services/web/http_stream.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace lenscap {

HttpStream::HttpStream(Wire* wire, const HttpLimits* limits)
    : wire_(wire),
      limits_(limits),
      header_deadline_(absl::Now() + limits->header_timeout) {}

absl::Time HttpStream::ReadDeadline() const {
  if (!in_body_) return header_deadline_;
  return std::min(body_deadline_, absl::Now() + limits_->read_timeout);
}

ssize_t HttpStream::read(char* bytes, size_t size) {
  if (too_long_) return -1;
  line_bytes_ = size == 1 ? line_bytes_ + 1 : 0;
  const ssize_t received = wire_->Read(bytes, size, ReadDeadline());
  if (received == 1 && size == 1 && *bytes == '\n') line_bytes_ = 0;
  if (received > 0 && !in_body_) header_bytes_ += received;
  too_long_ = line_bytes_ > limits_->line_bytes ||
              header_bytes_ > limits_->header_bytes;
  return too_long_ ? -1 : received;
}

ssize_t HttpStream::write(const char* bytes, size_t size) {
  if (too_long_ && !in_body_) return static_cast<ssize_t>(size);
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
