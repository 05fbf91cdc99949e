#ifndef LENSCAP_SERVICES_WEB_WEB_CALLER_H_
#define LENSCAP_SERVICES_WEB_WEB_CALLER_H_

#include <string>
#include <utility>

namespace lenscap {

// On whose behalf a request over HTTP is passed on: the holder of a token, who
// is admitted with it as over gRPC, or, where the server lets in whoever
// reaches it, the machine's own user. Calls within this process that bring no
// token are the machine's own user's, so that only the door (services/web/door)
// makes one of these.
class WebCaller {
 public:
  // Of the machine's own user: "".
  const std::string& token() const { return token_; }
  // Of the session that it rides on; "" where it rides on none.
  const std::string& session() const { return session_; }

 private:
  friend class Door;
  WebCaller() = default;
  explicit WebCaller(std::string token, std::string session = "")
      : token_(std::move(token)), session_(std::move(session)) {}

  std::string token_;
  std::string session_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_WEB_CALLER_H_
