#include "tests/fuzz/canaries.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {
NetworkCanary::NetworkCanary()
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(
      bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0)
      << strerror(errno);
  EXPECT_EQ(listen(socket_, SOMAXCONN), 0) << strerror(errno);
  server_ = std::thread([this] { Serve(); });
}

NetworkCanary::~NetworkCanary() {
  shutdown(socket_, SHUT_RDWR);  // Wakes the thread.
  server_.join();
  close(socket_);
}

void NetworkCanary::Serve() {
  int caller;
  while ((caller = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
    ++calls_;
    close(caller);
  }
}

std::string NetworkCanary::host() const {
  sockaddr_in address = {};
  socklen_t length = sizeof(address);
  EXPECT_EQ(
      getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), 0)
      << strerror(errno);
  return absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
}

FileCanary::FileCanary(const std::string& path)
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  EXPECT_GE(inotify_add_watch(inotify_, path.c_str(), IN_OPEN | IN_ACCESS), 0)
      << path << ": " << strerror(errno);
}

FileCanary::~FileCanary() { close(inotify_); }

int64_t FileCanary::CountTouches() {
  alignas(inotify_event) char buffer[4096];
  for (ssize_t n; (n = read(inotify_, buffer, sizeof(buffer))) > 0;) {
    for (const char* at = buffer; at < buffer + n; ++touches_) {
      at += sizeof(inotify_event) +
            reinterpret_cast<const inotify_event*>(at)->len;
    }
  }
  return touches_;
}

}  // namespace lenscap
