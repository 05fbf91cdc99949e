#include "services/web/http_exchange.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"

namespace lenscap {

void HttpExchange::Begin(httplib::Request& request) {
  stream_->BeginBody();
  request_.method = request.method;
  request_.path = request.target.substr(0, request.target.find('?'));
  request_.peer = request.remote_addr;
  for (const auto& [name, value] : request.headers) {
    request_.headers.emplace_back(name, value);
  }
  version_ = request.version;
  form_ = request.is_multipart_form_data();
  framing_status_ = JudgeFraming();
  request.ranges.clear();
  request.headers.erase("Accept-Encoding");
  request.path = std::string(1, '/');
}

int HttpExchange::JudgeFraming() {
  const auto lengths = request_.All("Content-Length");
  const auto encodings = request_.All("Transfer-Encoding");
  if (lengths.size() + encodings.size() > 1) return 400;
  if (!encodings.empty()) {
    if (!absl::EqualsIgnoreCase(encodings[0], "chunked")) return 501;
    has_body_ = true;
    body_bytes_ = -1;
  } else if (!lengths.empty()) {
    if (lengths[0].empty() ||
        !std::all_of(lengths[0].begin(), lengths[0].end(),
                     absl::ascii_isdigit) ||
        !absl::SimpleAtoi(lengths[0], &body_bytes_)) {
      return 400;
    }
    has_body_ = body_bytes_ > 0;
  }
  if (!request_.All("Content-Encoding").empty()) return 415;
  const bool old = version_ != "HTTP/1.1";
  if (old && request_.method != "GET" && request_.method != "HEAD") return 505;
  return 0;
}

absl::Status HttpExchange::ReadBody(absl::Duration within, const Take& take) {
  if (form_) return absl::InvalidArgumentError("body: not expected as a form");
  if (!has_body_) return absl::OkStatus();
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
  if (!form_ || !has_body_ || reader_ == nullptr) {
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
  body_read_ = read;
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
