#ifndef LENSCAP_SERVICES_WEB_HTTP_H_
#define LENSCAP_SERVICES_WEB_HTTP_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lenscap {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// A request without its body.
struct HttpRequest {
  std::string method;  // "GET", "POST", ...
  std::string path;    // As it was sent, without the query; nothing decoded.
  HttpHeaders headers;
  std::string peer;  // The address that it came from, without the port.
  bool tls = false;

  // Every value of a header, whatever the case of its name.
  std::vector<absl::string_view> All(absl::string_view name) const {
    std::vector<absl::string_view> values;
    for (const auto& [key, value] : headers) {
      if (absl::EqualsIgnoreCase(key, name)) values.push_back(value);
    }
    return values;
  }
  // The first of them; "" where there is none.
  absl::string_view Header(absl::string_view name) const {
    const auto values = All(name);
    return values.empty() ? absl::string_view() : values[0];
  }
};

struct HttpAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  // Beside those that every answer has; one of the same name replaces it.
  HttpHeaders headers = {};
};

// A part of a form: its name, and the name that the file in it has, if any.
struct HttpPart {
  std::string name;
  std::string file_name;
};

// A request that waits for its answer. Of one thread; the body is read once at
// most, and what is left unread ends the connection after the answer.
class Exchange {
 public:
  using Take = std::function<absl::Status(absl::string_view piece)>;
  using Send = std::function<bool(absl::string_view piece)>;

  virtual ~Exchange() = default;

  virtual const HttpRequest& request() const = 0;
  // What the header says; -1 where the body comes in chunks.
  virtual int64_t body_bytes() const = 0;

  // Passes the body on as it comes, to its end or to an error of `take`, which
  // it returns. INVALID_ARGUMENT where it is malformed, broken off, or not
  // there after `within`.
  virtual absl::Status ReadBody(absl::Duration within, const Take& take) = 0;
  // The same for multipart/form-data, in order: each part, then its bytes.
  virtual absl::Status ReadForm(
      absl::Duration within,
      const std::function<absl::Status(const HttpPart&)>& begin,
      const Take& take) = 0;

  // Whether whoever asked has gone away, or the server is about to.
  virtual bool Gone() = 0;

  // One of the two, once.
  virtual void Answer(HttpAnswer answer) = 0;
  // Status 200, and a body that `produce` makes once the handler has returned.
  // Each piece is sent before Send returns: false where nobody listens.
  virtual void AnswerInPieces(std::string type,
                              std::function<void(const Send&)> produce) = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_H_
