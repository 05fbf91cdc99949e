#include "tests/support/http_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr int kPatienceMilliseconds = 10'000;

}  // namespace

std::string HttpReply::Header(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

HttpConnection::HttpConnection(int port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address),
                    sizeof(address)),
            0);
}

HttpConnection::~HttpConnection() { Close(); }

void HttpConnection::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void HttpConnection::EndSending() { shutdown(socket_, SHUT_WR); }

bool HttpConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool HttpConnection::More() {
  pollfd waiting = {.fd = socket_, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, kPatienceMilliseconds) <= 0) return false;
  char bytes[16384];
  const ssize_t n = recv(socket_, bytes, sizeof(bytes), 0);
  if (n <= 0) return false;
  received_.append(bytes, static_cast<size_t>(n));
  return true;
}

bool HttpConnection::ReadLine(std::string& line) {
  size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!More()) return false;
  }
  line = Take(end + 2);
  line.resize(end);
  return true;
}

std::string HttpConnection::Take(size_t bytes) {
  while (received_.size() < bytes && More()) {
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

HttpReply HttpConnection::ReadHead() {
  HttpReply reply;
  std::string line;
  if (!ReadLine(line) || line.size() < 12) return reply;
  reply.status = atoi(line.c_str() + 9);
  while (ReadLine(line) && !line.empty()) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    reply.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  size_t length = 0;
  if (absl::SimpleAtoi(reply.Header("Content-Length"), &length)) {
    reply.body = Take(length);
  }
  return reply;
}

std::string HttpConnection::ReadChunk() {
  std::string line;
  if (!ReadLine(line)) return "";
  const size_t size = strtoul(line.c_str(), nullptr, 16);
  std::string chunk = Take(size);
  Take(2);
  return chunk;
}

HttpReply HttpConnection::Read() {
  HttpReply reply = ReadHead();
  if (reply.Header("Transfer-Encoding") == "chunked") {
    for (std::string chunk; !(chunk = ReadChunk()).empty();) {
      reply.body += chunk;
    }
  }
  return reply;
}

std::string HttpConnection::ReadRaw(size_t more) {
  size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos && More()) {
  }
  return Take(std::min(received_.size(), end + 4 + more));
}

bool HttpConnection::Closed() {
  pollfd waiting = {.fd = socket_, .events = POLLIN, .revents = 0};
  if (!received_.empty() || poll(&waiting, 1, kPatienceMilliseconds) <= 0) {
    return false;
  }
  char byte = 0;
  return recv(socket_, &byte, 1, MSG_PEEK) <= 0;
}

std::string RequestText(const HttpAsk& ask) {
  const std::string method = !ask.method.empty() ? ask.method
                             : ask.body.empty()  ? "GET"
                                                 : "POST";
  std::string text = absl::StrCat(method, " ", ask.path, " HTTP/1.1\r\n");
  bool names_host = false;
  for (const std::string& header : ask.headers) {
    names_host |= absl::StartsWith(header, "Host:");
    absl::StrAppend(&text, header, "\r\n");
  }
  if (!names_host) absl::StrAppend(&text, "Host: localhost\r\n");
  if (!ask.body.empty()) {
    absl::StrAppend(&text, "Content-Length: ", ask.body.size(), "\r\n");
  }
  return absl::StrCat(text, "\r\n", ask.body);
}

HttpReply Ask(int port, const HttpAsk& ask) {
  HttpConnection connection(port);
  connection.Send(RequestText(ask));
  return connection.Read();
}

}  // namespace lenscap
