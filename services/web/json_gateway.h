#ifndef LENSCAP_SERVICES_WEB_JSON_GATEWAY_H_
#define LENSCAP_SERVICES_WEB_JSON_GATEWAY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/web/channels.h"
#include "services/web/http.h"
#include "services/web/rpc_call.h"
#include "services/web/web_caller.h"

namespace lenscap {

// Passes "POST /v1/SERVICE/METHOD" on as a call, whatever the method. One
// message is a JSON object; a stream of them is a line for each. An upload may
// also be sent as it is, as application/octet-stream, with what goes before its
// bytes as JSON in the header Lenscap-Header. Thread-safe.
class JsonGateway {
 public:
  struct Options {
    Channels* channels = nullptr;  // Must outlive the gateway.
    // Told of a caller whom the server does not know, or no longer.
    std::function<void(const WebCaller&)> on_unauthenticated;
  };

  explicit JsonGateway(Options options);

  // The method of a path. NOT_FOUND for none.
  absl::StatusOr<const google::protobuf::MethodDescriptor*> Find(
      absl::string_view path) const;

  // Makes the call of what the exchange asks for, and answers.
  void Serve(Exchange& exchange, const WebCaller& caller,
             const google::protobuf::MethodDescriptor& method) const;

  // In pieces, for what is no JSON: a call to send messages over, and the
  // answer to a call over which all was sent. UNAVAILABLE while the server
  // ends; INVALID_ARGUMENT for a bad Grpc-Timeout.
  using MethodDescriptor = google::protobuf::MethodDescriptor;
  absl::StatusOr<std::shared_ptr<RpcCall>> Open(
      Exchange& exchange, const WebCaller& caller,
      const MethodDescriptor& method) const;
  void Answer(Exchange& exchange, const WebCaller& caller,
              const MethodDescriptor& method,
              const std::shared_ptr<RpcCall>& call) const;

  // A unary call of the gateway's own.
  absl::Status Call(const WebCaller& caller, const MethodDescriptor& method,
                    const google::protobuf::Message& request,
                    google::protobuf::Message& reply) const;

 private:
  absl::Status Finish(const WebCaller& caller, RpcCall& call) const;

  const Options options_;
  std::map<std::string, const MethodDescriptor*> methods_;  // By path.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_JSON_GATEWAY_H_
