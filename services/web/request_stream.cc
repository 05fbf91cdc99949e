#include "services/web/request_stream.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/web/http_status.h"
#include "services/web/json_message.h"
#include "services/web/read_body.h"

namespace lenscap {
namespace {

constexpr size_t kMaxMessageBytes = 4 << 20;
constexpr absl::Duration kMessageWithin = absl::Minutes(1);
constexpr absl::Duration kStreamWithin = absl::Hours(1);
constexpr char kUploadHeader[] = "Lenscap-Header";

// That nobody wants any more, on its way out of the reading of a body.
absl::Status Enough() { return absl::CancelledError("enough"); }

absl::Status SendOne(Exchange& exchange,
                     const google::protobuf::MethodDescriptor& method,
                     const SendMessage& send) {
  RETURN_IF_ERROR(CheckContentType(exchange.request(), "application/json"));
  ASSIGN_OR_RETURN(const std::string json,
                   ReadWholeBody(exchange, kMaxMessageBytes, kMessageWithin));
  const auto message = NewMessage(*method.input_type());
  RETURN_IF_ERROR(ReadJson(json, *message));
  send(message->SerializeAsString());
  return absl::OkStatus();
}

absl::Status SendLines(Exchange& exchange,
                       const google::protobuf::MethodDescriptor& method,
                       const SendMessage& send) {
  int number = 0;
  LineSplitter lines(kMaxMessageBytes, [&](absl::string_view line) {
    ++number;
    const auto message = NewMessage(*method.input_type());
    if (const absl::Status read = ReadJson(line, *message); !read.ok()) {
      return absl::Status(
          read.code(), absl::StrCat("message ", number, ": ", read.message()));
    }
    return send(message->SerializeAsString()) ? absl::OkStatus() : Enough();
  });
  RETURN_IF_ERROR(exchange.ReadBody(
      kStreamWithin,
      [&](absl::string_view piece) { return lines.Take(piece); }));
  return lines.End();
}

absl::Status SendFile(Exchange& exchange,
                      const google::protobuf::MethodDescriptor& method,
                      const SendMessage& send) {
  auto chunks = ChunkSender::Make(*method.input_type(), send);
  if (!chunks) return CheckContentType(exchange.request(), "application/json");
  const absl::string_view json = exchange.request().Header(kUploadHeader);
  const auto header = NewMessage(chunks->header_type());
  if (const absl::Status read = ReadJson(json.empty() ? "{}" : json, *header);
      !read.ok()) {
    return absl::Status(read.code(),
                        absl::StrCat(kUploadHeader, ": ", read.message()));
  }
  if (!chunks->SendHeader(*header)) return Enough();
  RETURN_IF_ERROR(
      exchange.ReadBody(kStreamWithin, [&](absl::string_view piece) {
        return chunks->SendBytes(piece) ? absl::OkStatus() : Enough();
      }));
  return chunks->SendRest() ? absl::OkStatus() : Enough();
}

absl::Status SendStream(Exchange& exchange,
                        const google::protobuf::MethodDescriptor& method,
                        const SendMessage& send) {
  if (HasContentType(exchange.request(), "application/octet-stream")) {
    return SendFile(exchange, method, send);
  }
  RETURN_IF_ERROR(CheckContentType(exchange.request(), "application/x-ndjson"));
  return SendLines(exchange, method, send);
}

}  // namespace

absl::Status SendRequest(Exchange& exchange,
                         const google::protobuf::MethodDescriptor& method,
                         const SendMessage& send) {
  const absl::Status sent = method.client_streaming()
                                ? SendStream(exchange, method, send)
                                : SendOne(exchange, method, send);
  return sent == Enough() ? absl::OkStatus() : sent;
}

}  // namespace lenscap
