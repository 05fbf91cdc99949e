#ifndef LENSCAP_SERVICES_WEB_WIRE_H_
#define LENSCAP_SERVICES_WEB_WIRE_H_

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/web/tls_context.h"

namespace lenscap {

// A connection that somebody made to us, in plain text or over TLS, whose every
// step has a deadline. Of one thread, but for Break.
class Wire {
 public:
  // Owns the socket, which becomes non-blocking. `ssl` may be null.
  Wire(int socket, SslPtr ssl);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // False where TLS could not be agreed on before the deadline.
  bool Handshake(absl::Time deadline);

  // Waits for the first byte of something; false at the deadline or the end.
  bool AwaitBytes(absl::Time deadline);
  // At least one byte; 0 at the end, -1 on errors and at the deadline.
  ssize_t Read(char* bytes, size_t size, absl::Time deadline);
  // All of it, or false.
  bool Write(absl::string_view bytes, absl::Time deadline);

  // Whether the other side has closed it, or Break was called.
  bool Gone();
  // Says that no more comes, and takes what the other side still sends, so that
  // it gets to read the answer.
  void Linger(absl::Time deadline);
  // Ends every wait, now and later. From any thread.
  void Break();

  // The address of the other side, without the port; "" where it is unknown.
  std::string peer() const;
  int socket() const { return socket_; }

 private:
  // What OpenSSL, or the socket itself, wants before it goes on.
  bool Await(short events, absl::Time deadline);
  bool AwaitSsl(int result, absl::Time deadline);
  ssize_t Receive(char* bytes, size_t size, absl::Time deadline);
  ssize_t SendSome(absl::string_view bytes, absl::Time deadline);

  const int socket_;
  const SslPtr ssl_;
  std::atomic<bool> broken_ = false;
  std::array<char, 16384> buffer_;  // What was received and not yet read:
  size_t begin_ = 0;                // [begin_, end_).
  size_t end_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_WIRE_H_
