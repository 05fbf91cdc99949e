#include "services/web/http_exchange.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "services/web/http_status.h"

namespace lenscap {

void HttpExchange::Begin(httplib::Request& request) {
  request_.method = request.method;
  request_.path = request.target.substr(0, request.target.find('?'));
  request_.peer = wire_->peer();
  refused_ = ReadHeaders(request);
  stream_->BeginBody(framing_);
  // The body has no length for cpp-httplib: it ends where the stream ends.
  request.headers.clear();
  for (const char* name : {"Content-Type", "Connection", "Expect"}) {
    const absl::string_view value = request_.Header(name);
    if (!value.empty()) request.headers.emplace(name, value);
  }
  request.ranges.clear();
  request.path = std::string(1, '/');
}

int HttpExchange::ReadHeaders(const httplib::Request& request) {
  auto headers = ParseHttpHeaders(stream_->head());
  if (!headers.ok()) return 400;
  request_.headers = *std::move(headers);
  const auto framing = FramingOf(request_);
  if (!framing.ok()) return ErrorAnswer(framing.status()).status;
  framing_ = *framing;
  const bool may_be_old = request.method == "GET" || request.method == "HEAD";
  return request.version != "HTTP/1.1" && !may_be_old ? 505 : 0;
}

bool HttpExchange::IsForm() const {
  return absl::StartsWith(request_.Header("Content-Type"),
                          "multipart/form-data");
}

absl::Status HttpExchange::ReadBody(absl::Duration within, const Take& take) {
  if (IsForm()) {
    return absl::InvalidArgumentError("body: not expected as a form");
  }
  if (!framing_.has_body()) return absl::OkStatus();
  if (reader_ == nullptr) {
    return absl::InvalidArgumentError("body: none is expected");
  }
  stream_->EndBodyBy(absl::Now() + within);
  absl::Status taken;
  const bool read = (*reader_)([&](const char* bytes, size_t size) {
    taken = take({bytes, size});
    return taken.ok();
  });
  return AfterBody(read, taken);
}

absl::Status HttpExchange::ReadForm(
    absl::Duration within,
    const std::function<absl::Status(const HttpPart&)>& begin,
    const Take& take) {
  if (!IsForm() || !framing_.has_body() || reader_ == nullptr) {
    return absl::InvalidArgumentError("body: expected multipart/form-data");
  }
  stream_->EndBodyBy(absl::Now() + within);
  absl::Status taken;
  const bool read = (*reader_)(
      [&](const httplib::MultipartFormData& part) {
        taken = begin({.name = part.name, .file_name = part.filename});
        return taken.ok();
      },
      [&](const char* bytes, size_t size) {
        taken = take({bytes, size});
        return taken.ok();
      });
  return AfterBody(read, taken);
}

absl::Status HttpExchange::AfterBody(bool read, const absl::Status& taken) {
  if (!taken.ok()) return taken;
  if (read) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "body: it is malformed, or was broken off, or came too slowly");
}

void HttpExchange::Answer(HttpAnswer answer) {
  response_->status = answer.status;
  response_->set_content(answer.body, answer.type);
  for (auto& [name, value] : answer.headers) {
    response_->headers.erase(name);
    response_->set_header(name, value);
  }
  if (!whole()) response_->set_header("Connection", "close");
}

void HttpExchange::AnswerInPieces(std::string type,
                                  std::function<void(const Send&)> produce) {
  response_->status = 200;
  response_->set_chunked_content_provider(
      type, [produce = std::move(produce)](size_t, httplib::DataSink& sink) {
        produce([&sink](absl::string_view piece) {
          // An empty one would be the end.
          return piece.empty() || sink.write(piece.data(), piece.size());
        });
        sink.done();
        return true;
      });
}

}  // namespace lenscap
