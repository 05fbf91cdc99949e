#ifndef LENSCAP_SERVICES_WEB_REQUEST_STREAM_H_
#define LENSCAP_SERVICES_WEB_REQUEST_STREAM_H_

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "services/web/chunk_sender.h"
#include "services/web/http.h"

namespace lenscap {

// Turns the body of a request into the messages that a call of the method is
// made of, each sent as soon as it is there. INVALID_ARGUMENT, naming the field
// and for a stream the line, for a body that is none. It ends early, and is OK,
// once `send` says that nobody wants any more.
absl::Status SendRequest(Exchange& exchange,
                         const google::protobuf::MethodDescriptor& method,
                         const SendMessage& send);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_REQUEST_STREAM_H_
