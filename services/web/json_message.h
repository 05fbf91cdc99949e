#ifndef LENSCAP_SERVICES_WEB_JSON_MESSAGE_H_
#define LENSCAP_SERVICES_WEB_JSON_MESSAGE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lenscap {

// Of a type that is linked in.
std::unique_ptr<google::protobuf::Message> NewMessage(
    const google::protobuf::Descriptor& type);

// Proto3 JSON, with names in lowerCamelCase. INVALID_ARGUMENT, naming the
// field, for what is malformed or no field of the message.
absl::Status ReadJson(absl::string_view json,
                      google::protobuf::Message& message);
std::string WriteJson(const google::protobuf::Message& message);

// The same for a message that is serialized. INTERNAL where it is not.
absl::StatusOr<std::string> JsonOfBytes(
    const google::protobuf::Descriptor& type, absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_JSON_MESSAGE_H_
