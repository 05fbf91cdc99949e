#include "services/web/http_server.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "httplib.h"
#include "services/web/http_exchange.h"
#include "services/web/http_stream.h"
#include "services/web/tls_context.h"
#include "services/web/wire.h"

namespace lenscap {
namespace {

constexpr int kBacklog = 128;
constexpr int kRequestsPerConnection = 10'000;
constexpr absl::Duration kLinger = absl::Seconds(2);

absl::Status CannotListen(absl::string_view address, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", address, ": ", why));
}

// A socket that listens on "host:port".
absl::StatusOr<int> Listen(const std::string& address) {
  const size_t colon = address.rfind(':');
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port =
      colon == std::string::npos ? "" : address.substr(colon + 1);
  if (const int error =
          getaddrinfo(std::string(host).c_str(), port.c_str(), &hints, &found);
      error != 0) {
    return CannotListen(address, gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found,
                                                             freeaddrinfo);
  const int listener =
      socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (listener < 0 || bind(listener, found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listener, kBacklog) != 0) {
    const int error = errno;
    if (listener >= 0) close(listener);
    return CannotListen(address, strerror(error));
  }
  return listener;
}

int PortOf(int listener) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  char port[8] = "0";
  getnameinfo(reinterpret_cast<sockaddr*>(&address), size, nullptr, 0, port,
              sizeof(port), NI_NUMERICSERV);
  return atoi(port);
}

std::string BodyOf(int status) {
  return absl::StrCat(R"({"error":{"code":"HTTP","status":)", status,
                      R"(,"message":"the request cannot be read"}})");
}

// The request that this thread is about: cpp-httplib passes none on.
thread_local HttpExchange* current = nullptr;

// Parses and formats; sockets and threads are not its own.
class HttpEngine final : public httplib::Server {
 public:
  using httplib::Server::process_request;

  // It writes no answer in pieces without a socket that listens.
  explicit HttpEngine(int listener) { svr_sock_ = listener; }
  ~HttpEngine() override { svr_sock_ = INVALID_SOCKET; }

  // What it says of itself in "Keep-Alive".
  void SetIdleTimeout(absl::Duration timeout) {
    set_keep_alive_timeout(static_cast<time_t>(absl::ToInt64Seconds(timeout)));
    set_keep_alive_max_count(kRequestsPerConnection);
  }
};

// As RFC 9110 has it (section 5.6.7).
std::string HttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time,
                          absl::UTCTimeZone());
}

class HttpServerImpl final : public HttpServer {
 public:
  HttpServerImpl(Options options, Handler handler,
                 std::unique_ptr<TlsContext> tls, int listener, int waker)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        tls_(std::move(tls)),
        listener_(listener),
        waker_(waker),
        port_(PortOf(listener)),
        engine_(listener) {
    SetHandlers();
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~HttpServerImpl() override {
    Stop();
    close(listener_);
    close(waker_);
  }

  int port() const override { return port_; }
  void Drain() override;
  void Stop() override;

 private:
  struct Connection {
    Connection(int socket, SslPtr ssl) : wire(socket, std::move(ssl)) {}
    Wire wire;
    bool idle = true;
  };

  void SetHandlers();
  void Handle(httplib::Response& response,
              const httplib::ContentReader* reader);
  void Accept();
  void Admit(int socket);
  void Serve(Connection& connection);
  bool ServeRequest(Connection& connection, bool last);
  // False once the server drains.
  bool SetIdle(Connection& connection, bool idle);
  void Refuse(Wire& wire, const char* line, int status);

  const Options options_;
  const Handler handler_;
  const std::unique_ptr<TlsContext> tls_;
  const int listener_;
  const int waker_;  // An eventfd: readable once Drain was called.
  const int port_;
  HttpEngine engine_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable none_left_;
  bool draining_ = false;               // Guarded by mutex_.
  std::list<Connection*> connections_;  // Guarded by mutex_.
  std::thread acceptor_;
};

void HttpServerImpl::SetHandlers() {
  using Outcome = httplib::Server::HandlerResponse;
  httplib::Headers headers;
  for (const auto& [name, value] : options_.headers) {
    headers.emplace(name, value);
  }
  engine_.set_default_headers(std::move(headers));
  engine_.SetIdleTimeout(options_.limits.idle_timeout);
  engine_.set_pre_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        response.set_header("Date", HttpDate(absl::Now()));
        if (const int status = current->refused(); status != 0) {
          response.status = status;
          response.set_header("Connection", "close");
          return Outcome::Handled;
        }
        // The bodies of others are of no use.
        if (request.method == "POST") return Outcome::Unhandled;
        Handle(response, nullptr);
        return Outcome::Handled;
      });
  engine_.Post("/", [this](const httplib::Request&, httplib::Response& response,
                           const httplib::ContentReader& reader) {
    Handle(response, &reader);
  });
  engine_.set_error_handler(httplib::Server::HandlerWithResponse(
      [](const httplib::Request&, httplib::Response& response) {
        if (!response.body.empty()) return Outcome::Unhandled;
        response.set_content(BodyOf(response.status), "application/json");
        return Outcome::Handled;
      }));
  engine_.set_exception_handler(
      [](const httplib::Request&, httplib::Response& response,
         std::exception_ptr) { response.status = 500; });
}

void HttpServerImpl::Handle(httplib::Response& response,
                            const httplib::ContentReader* reader) {
  current->Attach(&response, reader);
  handler_(*current);
}

void HttpServerImpl::Accept() {
  while (true) {
    pollfd waiting[] = {{.fd = listener_, .events = POLLIN, .revents = 0},
                        {.fd = waker_, .events = POLLIN, .revents = 0}};
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) {
      Admit(socket);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
               errno == ENOBUFS) {
      // Until somebody has closed something; the waker cuts the wait short.
      poll(&waiting[1], 1, 100);
    }
  }
}

void HttpServerImpl::Admit(int socket) {
  SslPtr ssl = tls_ == nullptr ? nullptr : tls_->NewSession();
  // Never in plain text for want of a session.
  const bool speaks = tls_ == nullptr || ssl != nullptr;
  auto connection = std::make_unique<Connection>(socket, std::move(ssl));
  std::lock_guard lock(mutex_);
  if (draining_ || !speaks) return;
  if (connections_.size() >= static_cast<size_t>(options_.limits.connections)) {
    if (tls_ == nullptr) {
      Refuse(connection->wire, "503 Service Unavailable", 503);
    }
    return;
  }
  connections_.push_back(connection.get());
  const auto place = std::prev(connections_.end());
  try {
    std::thread([this, place, connection = std::move(connection)]() mutable {
      Serve(*connection);
      std::lock_guard lock(mutex_);
      connections_.erase(place);
      connection.reset();
      none_left_.notify_all();
    }).detach();
  } catch (const std::system_error&) {  // The system has no more threads.
    connections_.erase(place);
  }
}

bool HttpServerImpl::SetIdle(Connection& connection, bool idle) {
  std::lock_guard lock(mutex_);
  connection.idle = idle;
  return !draining_;
}

void HttpServerImpl::Serve(Connection& connection) {
  Wire& wire = connection.wire;
  if (!wire.Handshake(absl::Now() + options_.limits.header_timeout)) return;
  for (int served = 1; served <= kRequestsPerConnection; ++served) {
    if (!SetIdle(connection, true)) break;
    // A client that connects and says nothing is not waited for as long as one
    // that has asked something already.
    if (!wire.AwaitBytes(absl::Now() + (served == 1
                                            ? options_.limits.header_timeout
                                            : options_.limits.idle_timeout))) {
      return;
    }
    if (!SetIdle(connection, false)) break;
    if (!ServeRequest(connection, served == kRequestsPerConnection)) break;
  }
  wire.Linger(absl::Now() + kLinger);
}

bool HttpServerImpl::ServeRequest(Connection& connection, bool last) {
  HttpStream stream(&connection.wire, &options_.limits);
  HttpExchange exchange(&connection.wire, &stream, &stopping_, tls_ != nullptr);
  current = &exchange;
  bool closed = false;
  const bool served = engine_.process_request(
      stream, last, closed,
      [&exchange](httplib::Request& request) { exchange.Begin(request); });
  current = nullptr;
  if (stream.too_long() && !exchange.begun()) {
    Refuse(connection.wire, "431 Request Header Fields Too Large", 431);
    return false;
  }
  return served && !closed && exchange.begun() && exchange.whole() &&
         exchange.refused() == 0;
}

// For what cpp-httplib has no say in.
void HttpServerImpl::Refuse(Wire& wire, const char* line, int status) {
  const std::string body = BodyOf(status);
  std::string answer = absl::StrCat(
      "HTTP/1.1 ", line, "\r\nDate: ", HttpDate(absl::Now()), "\r\n");
  for (const auto& [name, value] : options_.headers) {
    absl::StrAppend(&answer, name, ": ", value, "\r\n");
  }
  absl::StrAppend(&answer,
                  "Content-Type: application/json\r\nConnection: close\r\n"
                  "Content-Length: ",
                  body.size(), "\r\n\r\n", body);
  wire.Write(answer, absl::Now() + absl::Seconds(1));
}

void HttpServerImpl::Drain() {
  const uint64_t one = 1;
  {
    std::lock_guard lock(mutex_);
    if (draining_) return;
    draining_ = true;
    for (Connection* connection : connections_) {
      if (connection->idle) connection->wire.Break();
    }
  }
  while (write(waker_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  acceptor_.join();
}

void HttpServerImpl::Stop() {
  Drain();
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (Connection* connection : connections_) connection->wire.Break();
  none_left_.wait(lock, [this] { return connections_.empty(); });
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(Options options,
                                                              Handler handler) {
  std::unique_ptr<TlsContext> tls;
  if (options.tls) {
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL.
    ASSIGN_OR_RETURN(tls, TlsContext::Open(*options.tls));
  }
  ASSIGN_OR_RETURN(const int listener, Listen(options.address));
  const int waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return std::make_unique<HttpServerImpl>(
      std::move(options), std::move(handler), std::move(tls), listener, waker);
}

}  // namespace lenscap
