#ifndef LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_
#define LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_

#include <atomic>
#include <string>

#include "httplib.h"
#include "services/web/http.h"
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

  // Takes over the request, and from it whatever would have cpp-httplib change
  // the answer by itself: ranges, compression (which would tell how much of a
  // secret was guessed), and a path for it to match.
  void Begin(httplib::Request& request);
  bool begun() const { return !request_.method.empty(); }
  // What is wrong with the request's framing; 0 if nothing, else the status. A
  // body whose end two parties could see in two places is refused.
  int framing_status() const { return framing_status_; }
  // Where the answer goes, and where the body comes from; null without one.
  void Attach(httplib::Response* response,
              const httplib::ContentReader* reader) {
    response_ = response;
    reader_ = reader;
  }
  // Whether the next request on the connection begins where this one ends.
  bool whole() const { return !has_body_ || body_read_; }

  const HttpRequest& request() const override { return request_; }
  int64_t body_bytes() const override { return body_bytes_; }
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
  int JudgeFraming();
  absl::Status AfterBody(bool read, const absl::Status& taken);

  Wire* const wire_;
  HttpStream* const stream_;
  const std::atomic<bool>* const stopping_;
  HttpRequest request_;
  std::string version_;
  bool form_ = false;
  int64_t body_bytes_ = 0;
  int framing_status_ = 0;
  bool has_body_ = false;
  bool body_read_ = false;
  httplib::Response* response_ = nullptr;
  const httplib::ContentReader* reader_ = nullptr;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_EXCHANGE_H_
