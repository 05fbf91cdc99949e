#include "tests/support/http_receiver.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace lenscap {

// One peer, with or without TLS.
class HttpReceiver::Connection {
 public:
  Connection(int socket, SSL_CTX* context) : socket_(socket) {
    if (context == nullptr) return;
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), socket);
    good_ = SSL_accept(ssl_.get()) == 1;
  }
  bool Read(ReceivedPost& post);
  bool Write(const std::string& bytes) {
    return (ssl_ != nullptr
                ? SSL_write(ssl_.get(), bytes.data(),
                            static_cast<int>(bytes.size()))
                : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)) > 0;
  }

 private:
  // False at the end.
  bool Fill() {
    char more[4096];
    const auto n = !good_            ? 0
                   : ssl_ != nullptr ? SSL_read(ssl_.get(), more, sizeof(more))
                                     : read(socket_, more, sizeof(more));
    if (n > 0) buffer_.append(more, n);
    return n > 0;
  }

  const int socket_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  bool good_ = true;
  std::string buffer_;
};

bool HttpReceiver::Connection::Read(ReceivedPost& post) {
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return false;
  }
  const std::vector<std::string> lines =
      absl::StrSplit(buffer_.substr(0, end), "\r\n");
  const std::vector<std::string> words = absl::StrSplit(lines[0], ' ');
  if (words.size() != 3 || words[0] != "POST") return false;
  post.target = words[1];
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> header =
        absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
    post.headers[absl::AsciiStrToLower(header.first)] = header.second;
  }
  size_t length = 0;
  if (!absl::SimpleAtoi(post.headers["content-length"], &length)) return false;
  buffer_.erase(0, end + 4);
  while (buffer_.size() < length) {
    if (!Fill()) return false;
  }
  post.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return true;
}

HttpReceiver::HttpReceiver(Reply reply, const std::string& certificate,
                           const std::string& key)
    : reply_(std::move(reply)), tls_(nullptr, SSL_CTX_free) {
  if (!certificate.empty()) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes as write does.
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    EXPECT_EQ(SSL_CTX_use_certificate_file(tls_.get(), certificate.c_str(),
                                           SSL_FILETYPE_PEM),
              1);
    EXPECT_EQ(
        SSL_CTX_use_PrivateKey_file(tls_.get(), key.c_str(), SSL_FILETYPE_PEM),
        1);
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(listener_, plain, size), 0);
  EXPECT_EQ(listen(listener_, 128), 0);
  EXPECT_EQ(getsockname(listener_, plain, &size), 0);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

HttpReceiver::~HttpReceiver() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  changed_.notify_all();
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  close(listener_);
  for (std::thread& thread : threads_) thread.join();
}

std::string HttpReceiver::url() const {
  return tls_ != nullptr ? absl::StrCat("https://localhost:", port_, "/hook")
                         : absl::StrCat("http://127.0.0.1:", port_, "/hook");
}

std::vector<ReceivedPost> HttpReceiver::posts() const {
  std::lock_guard lock(mutex_);
  return posts_;
}

void HttpReceiver::WaitFor(size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return posts_.size() >= count; });
}

size_t HttpReceiver::most_at_a_time() const {
  std::lock_guard lock(mutex_);
  return most_at_a_time_;
}

void HttpReceiver::LetGo() {
  std::lock_guard lock(mutex_);
  ++let_go_;
  changed_.notify_all();
}

void HttpReceiver::Accept() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::lock_guard lock(mutex_);
    if (socket < 0 || stopping_) {
      if (socket >= 0) close(socket);
      return;
    }
    open_.insert(socket);
    threads_.emplace_back([this, socket] { Serve(socket); });
  }
}

ReceiverReply HttpReceiver::Take(const ReceivedPost& post) {
  {
    std::lock_guard lock(mutex_);
    posts_.push_back(post);
    most_at_a_time_ = std::max(most_at_a_time_, ++at_a_time_);
    changed_.notify_all();
  }
  ReceiverReply reply = reply_(post);
  std::unique_lock lock(mutex_);
  if (reply.manner == ReceiverReply::Manner::kHang) {
    const int before = let_go_;
    changed_.wait(lock, [&] { return stopping_ || let_go_ > before; });
  }
  --at_a_time_;
  return reply;
}

void HttpReceiver::Serve(int socket) {
  {
    Connection connection(socket, tls_.get());
    ReceivedPost post;
    while (connection.Read(post)) {
      const ReceiverReply reply = Take(post);
      using Manner = ReceiverReply::Manner;
      if (reply.manner == Manner::kHang || reply.manner == Manner::kClose) {
        break;
      }
      std::string bytes =
          absl::StrCat("HTTP/1.1 ", reply.status,
                       " Said\r\nContent-Length: ", reply.body.size(), "\r\n",
                       reply.headers, "\r\n", reply.body);
      if (reply.manner == Manner::kCut) {
        bytes.resize(bytes.size() - reply.body.size() / 2);
      }
      if (!connection.Write(bytes) || reply.manner == Manner::kCut) break;
      post = {};
    }
  }
  std::lock_guard lock(mutex_);
  open_.erase(socket);
  close(socket);
}

}  // namespace lenscap
