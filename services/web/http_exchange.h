#ifndef LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_
#define LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "httplib.h"
#include "services/web/http.h"
#include "services/web/http_head.h"
#include "services/web/http_stream.h"
#include "services/web/wire.h"

namespace lenscap {

// One request that cpp-httplib has read the headers of.
class HttpExchange final : public Exchange {
 public:
  // All must outlive this; `stopping` says that the server is about to go.
  HttpExchange(Wire* wire, HttpStream* stream,
               const std::atomic<bool>* stopping, bool tls)
      : wire_(wire), stream_(stream), stopping_(stopping) {
    request_.tls = tls;
  }

  // Takes over the request, read anew from its own text, and leaves of it what
  // cpp-httplib needs. Nothing is left of what would have it change the answer
  // by itself: ranges, compression (which would tell how much of a secret was
  // guessed), and a path to match.
  void Begin(httplib::Request& request);
  bool begun() const { return !request_.method.empty(); }
  // The status with which it is refused as malformed; 0 where it is not.
  int refused() const { return refused_; }
  // Where the answer goes, and where the body comes from; null without one.
  void Attach(httplib::Response* response,
              const httplib::ContentReader* reader) {
    response_ = response;
    reader_ = reader;
  }
  // Whether the next request on the connection begins where this one ends.
  bool whole() const { return refused_ == 0 && stream_->body_ended(); }

  const HttpRequest& request() const override { return request_; }
  int64_t body_bytes() const override {
    return framing_.chunked ? -1 : framing_.bytes;
  }
  absl::Status ReadBody(absl::Duration within, const Take& take) override;
  absl::Status ReadForm(
      absl::Duration within,
      const std::function<absl::Status(const HttpPart&)>& begin,
      const Take& take) override;
  bool Gone() override { return *stopping_ || wire_->Gone(); }
  void Answer(HttpAnswer answer) override;
  void AnswerInPieces(std::string type,
                      std::function<void(const Send&)> produce) override;

 private:
  // 0, or the status with which the request is refused.
  int ReadHeaders(const httplib::Request& request);
  bool IsForm() const;
  static absl::Status AfterBody(bool read, const absl::Status& taken);

  Wire* const wire_;
  HttpStream* const stream_;
  const std::atomic<bool>* const stopping_;
  HttpRequest request_;
  BodyFraming framing_;
  int refused_ = 0;
  httplib::Response* response_ = nullptr;
  const httplib::ContentReader* reader_ = nullptr;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_
