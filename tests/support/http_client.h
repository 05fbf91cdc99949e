#ifndef LENSCAP_TESTS_SUPPORT_HTTP_CLIENT_H_
#define LENSCAP_TESTS_SUPPORT_HTTP_CLIENT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// What an HTTP server answered; status 0 where it closed the connection, or was
// silent for ten seconds.
struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // "" without one.
  std::string Header(absl::string_view name) const;
};

// A connection to an HTTP server on loopback that sends whatever it is told to,
// right or wrong.
class HttpConnection {
 public:
  explicit HttpConnection(int port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // False where the other side does not take it.
  bool Send(absl::string_view bytes);
  // The next answer: its headers, and its body unless it comes in chunks.
  HttpReply ReadHead();
  // The next answer, whole.
  HttpReply Read();
  // The next chunk of a body that comes in chunks; "" after the last.
  std::string ReadChunk();
  // What has come of an answer by its first empty line, and at most so many
  // bytes more that came with it.
  std::string ReadRaw(size_t more);
  // Whether the other side has closed it, with nothing left to read.
  bool Closed();
  // Says that no more comes.
  void EndSending();
  // Goes away without a word.
  void Close();

 private:
  bool More();
  bool ReadLine(std::string& line);
  std::string Take(size_t bytes);

  int socket_ = -1;
  std::string received_;
};

// One request on a connection of its own: GET without a body, else POST, unless
// `method` says otherwise. Headers are lines: "Host: localhost".
struct HttpAsk {
  std::string path;
  std::vector<std::string> headers = {};
  std::string body = {};
  std::string method = {};
};
std::string RequestText(const HttpAsk& ask);
HttpReply Ask(int port, const HttpAsk& ask);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SUPPORT_HTTP_CLIENT_H_
