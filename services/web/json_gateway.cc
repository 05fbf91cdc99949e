#include "services/web/json_gateway.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/web/api_services.h"
#include "services/web/http_status.h"
#include "services/web/json_message.h"
#include "services/web/request_stream.h"

namespace lenscap {
namespace {

// Of a call with one request and one reply that names no other.
constexpr absl::Duration kUnaryTimeout = absl::Minutes(1);
// A stream that has nothing to say is answered with its beginning after this.
constexpr absl::Duration kFirstMessage = absl::Seconds(1);
// Of a call that streams both ways: over HTTP/1.1 its answers are sent when the
// request has been read.
constexpr size_t kMaxHeldBytes = 32 << 20;

std::string CallName(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

// As gRPC has it: 1 to 8 digits and a unit.
absl::StatusOr<absl::Duration> TimeoutOf(
    const HttpRequest& request,
    const google::protobuf::MethodDescriptor& method) {
  const absl::string_view text = request.Header("Grpc-Timeout");
  if (text.empty()) {
    const bool streams = method.client_streaming() || method.server_streaming();
    return streams ? absl::InfiniteDuration() : kUnaryTimeout;
  }
  int64_t amount = 0;
  if (text.size() >= 2 && text.size() <= 9 &&
      std::all_of(text.begin(), text.end() - 1, absl::ascii_isdigit) &&
      absl::SimpleAtoi(text.substr(0, text.size() - 1), &amount)) {
    switch (text.back()) {
      case 'H':
        return absl::Hours(amount);
      case 'M':
        return absl::Minutes(amount);
      case 'S':
        return absl::Seconds(amount);
      case 'm':
        return absl::Milliseconds(amount);
      case 'u':
        return absl::Microseconds(amount);
      case 'n':
        return absl::Nanoseconds(amount);
    }
  }
  return absl::InvalidArgumentError(
      "Grpc-Timeout: expected 1 to 8 digits and one of H, M, S, m, u, n");
}

std::string ResultLine(const google::protobuf::Descriptor& type,
                       absl::string_view bytes) {
  const absl::StatusOr<std::string> json = JsonOfBytes(type, bytes);
  if (!json.ok()) return absl::StrCat(ErrorJson(json.status()), "\n");
  return absl::StrCat("{\"result\":", *json, "}\n");
}

}  // namespace

JsonGateway::JsonGateway(Options options) : options_(std::move(options)) {
  for (const auto* service : ApiServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      methods_[PathOf(*service->method(i))] = service->method(i);
    }
  }
}

absl::StatusOr<const google::protobuf::MethodDescriptor*> JsonGateway::Find(
    absl::string_view path) const {
  const auto it = methods_.find(std::string(path));
  if (it != methods_.end()) return it->second;
  return absl::NotFoundError("there is no such method; /openapi.json has all");
}

absl::StatusOr<std::shared_ptr<RpcCall>> JsonGateway::Open(
    Exchange& exchange, const WebCaller& caller,
    const MethodDescriptor& method) const {
  ASSIGN_OR_RETURN(const absl::Duration timeout,
                   TimeoutOf(exchange.request(), method));
  auto channel = options_.channels->Next();
  if (channel == nullptr) {
    return absl::UnavailableError("the server has no room for the call");
  }
  return std::make_shared<RpcCall>(
      caller,
      RpcCall::Options{
          .channel = std::move(channel),
          .method = CallName(method),
          .timeout = timeout,
          .bytes_ahead = method.client_streaming() && method.server_streaming()
                             ? kMaxHeldBytes
                             : 0,
          .gone = [&exchange] { return exchange.Gone(); }});
}

void JsonGateway::Serve(Exchange& exchange, const WebCaller& caller,
                        const MethodDescriptor& method) const {
  // A request of one message is read before the call begins: it may come as
  // slowly as it likes. Of a stream the call is first to say no.
  std::optional<std::string> only;
  if (!method.client_streaming()) {
    const absl::Status read =
        SendRequest(exchange, method, [&only](const std::string& message) {
          only = message;
          return true;
        });
    if (!read.ok()) return exchange.Answer(ErrorAnswer(read));
  }
  const auto opened = Open(exchange, caller, method);
  if (!opened.ok()) return exchange.Answer(ErrorAnswer(opened.status()));
  RpcCall& call = **opened;
  if (only) {
    call.Write(*only);
  } else if (const absl::Status sent =
                 SendRequest(exchange, method,
                             [&call](const std::string& message) {
                               return call.Write(message);
                             });
             !sent.ok()) {
    return exchange.Answer(ErrorAnswer(sent));
  }
  call.WritesDone();
  Answer(exchange, caller, method, *opened);
}

void JsonGateway::Answer(Exchange& exchange, const WebCaller& caller,
                         const MethodDescriptor& method,
                         const std::shared_ptr<RpcCall>& call) const {
  const auto* const type = method.output_type();
  if (method.server_streaming()) {
    call->AwaitMessage(kFirstMessage);
    if (!call->ended()) {
      return exchange.AnswerInPieces(
          "application/x-ndjson",
          [this, call, type, caller](const Exchange::Send& send) {
            while (const std::optional<std::string> message = call->Read()) {
              if (!send(ResultLine(*type, *message))) return call->Cancel();
            }
            const absl::Status ended = Finish(caller, *call);
            if (!ended.ok()) send(absl::StrCat(ErrorJson(ended), "\n"));
          });
    }
  }
  const std::optional<std::string> reply = call->Read();
  const absl::Status ended = Finish(caller, *call);
  if (!ended.ok()) {
    return exchange.Answer(ErrorAnswer(ended, call->retry_after()));
  }
  if (method.server_streaming()) {
    return exchange.Answer({.type = "application/x-ndjson", .body = ""});
  }
  const absl::StatusOr<std::string> json =
      JsonOfBytes(*type, reply.value_or(""));
  exchange.Answer(json.ok() ? HttpAnswer{.body = *json}
                            : ErrorAnswer(json.status()));
}

absl::Status JsonGateway::Finish(const WebCaller& caller, RpcCall& call) const {
  absl::Status ended = call.Finish();
  if (absl::IsUnimplemented(ended) && ended.message().empty()) {
    ended = absl::UnimplementedError("this server does not offer that");
  }
  if (absl::IsUnauthenticated(ended)) options_.on_unauthenticated(caller);
  if (absl::IsUnavailable(ended)) options_.channels->Drop(call.channel());
  return ended;
}

absl::Status JsonGateway::Call(const WebCaller& caller,
                               const MethodDescriptor& method,
                               const google::protobuf::Message& request,
                               google::protobuf::Message& reply) const {
  auto channel = options_.channels->Next();
  if (channel == nullptr) {
    return absl::UnavailableError("the server has no room for the call");
  }
  RpcCall call(caller, {.channel = std::move(channel),
                        .method = CallName(method),
                        .timeout = kUnaryTimeout,
                        .bytes_ahead = 0,
                        .gone = nullptr});
  call.Write(request.SerializeAsString());
  call.WritesDone();
  const std::optional<std::string> bytes = call.Read();
  RETURN_IF_ERROR(Finish(caller, call));
  if (!bytes || !reply.ParseFromString(*bytes)) {
    return absl::InternalError("the reply cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace lenscap
