#include "services/web/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"

namespace lenscap {
namespace {

constexpr size_t kLingerBytes = 1 << 20;

int MillisecondsUntil(absl::Time deadline) {
  const absl::Duration left =
      std::clamp(deadline - absl::Now(), absl::ZeroDuration(), absl::Hours(1));
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1))));
}

}  // namespace

Wire::Wire(int socket, SslPtr ssl) : socket_(socket), ssl_(std::move(ssl)) {
  fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (ssl_ != nullptr) SSL_set_fd(ssl_.get(), socket_);
}

Wire::~Wire() { close(socket_); }

bool Wire::Await(short events, absl::Time deadline) {
  pollfd waiting = {.fd = socket_, .events = events, .revents = 0};
  int ready = 0;
  do {
    ready = poll(&waiting, 1, MillisecondsUntil(deadline));
  } while (ready < 0 && errno == EINTR);
  return ready > 0 && !broken_;
}

bool Wire::AwaitSsl(int result, absl::Time deadline) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Await(POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return Await(POLLOUT, deadline);
    default:
      return false;
  }
}

bool Wire::Handshake(absl::Time deadline) {
  if (ssl_ == nullptr) return true;
  while (true) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    if (result == 1) return true;
    if (!AwaitSsl(result, deadline)) return false;
  }
}

ssize_t Wire::Receive(char* bytes, size_t size, absl::Time deadline) {
  while (!broken_) {
    if (ssl_ == nullptr) {
      const ssize_t received = recv(socket_, bytes, size, 0);
      if (received >= 0) return received;
      if (errno != EAGAIN && errno != EINTR) return -1;
      if (!Await(POLLIN, deadline)) return -1;
    } else {
      ERR_clear_error();
      const int received = SSL_read(ssl_.get(), bytes, static_cast<int>(size));
      if (received > 0) return received;
      if (SSL_get_error(ssl_.get(), received) == SSL_ERROR_ZERO_RETURN) {
        return 0;
      }
      if (!AwaitSsl(received, deadline)) return -1;
    }
  }
  return -1;
}

bool Wire::AwaitBytes(absl::Time deadline) {
  if (begin_ < end_) return true;
  const ssize_t received = Receive(buffer_.data(), buffer_.size(), deadline);
  if (received <= 0) return false;
  begin_ = 0;
  end_ = static_cast<size_t>(received);
  return true;
}

ssize_t Wire::Read(char* bytes, size_t size, absl::Time deadline) {
  if (begin_ == end_) {
    // What is large goes where it belongs at once.
    if (size >= buffer_.size()) {
      return Receive(bytes, std::min<size_t>(size, 1 << 20), deadline);
    }
    const ssize_t received = Receive(buffer_.data(), buffer_.size(), deadline);
    if (received <= 0) return received;
    begin_ = 0;
    end_ = static_cast<size_t>(received);
  }
  const size_t taken = std::min(size, end_ - begin_);
  memcpy(bytes, buffer_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t Wire::SendSome(absl::string_view bytes, absl::Time deadline) {
  while (!broken_) {
    if (ssl_ == nullptr) {
      const ssize_t sent =
          send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) return sent;
      if (errno != EAGAIN && errno != EINTR) return -1;
      if (!Await(POLLOUT, deadline)) return -1;
    } else {
      ERR_clear_error();
      const int sent = SSL_write(
          ssl_.get(), bytes.data(),
          static_cast<int>(std::min<size_t>(bytes.size(), size_t{1} << 20)));
      if (sent > 0) return sent;
      if (!AwaitSsl(sent, deadline)) return -1;
    }
  }
  return -1;
}

bool Wire::Write(absl::string_view bytes, absl::Time deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = SendSome(bytes, deadline);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool Wire::Gone() {
  if (broken_) return true;
  pollfd look = {.fd = socket_, .events = POLLRDHUP, .revents = 0};
  return poll(&look, 1, 0) > 0 &&
         (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Wire::Linger(absl::Time deadline) {
  if (ssl_ != nullptr) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  shutdown(socket_, SHUT_WR);
  std::array<char, 16384> dropped;
  for (size_t total = 0; total < kLingerBytes;) {
    const ssize_t received = recv(socket_, dropped.data(), dropped.size(), 0);
    if (received > 0) {
      total += static_cast<size_t>(received);
    } else if (received == 0 || (errno != EAGAIN && errno != EINTR) ||
               !Await(POLLIN, deadline)) {
      return;
    }
  }
}

void Wire::Break() {
  broken_ = true;
  shutdown(socket_, SHUT_RDWR);
}

std::string Wire::peer() const {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return "";
  }
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
  } else if (address.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
  }
  return text;
}

}  // namespace lenscap
