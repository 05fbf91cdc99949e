#include "services/web/json_message.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

namespace lenscap {

std::unique_ptr<google::protobuf::Message> NewMessage(
    const google::protobuf::Descriptor& type) {
  return std::unique_ptr<google::protobuf::Message>(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(&type)
          ->New());
}

absl::Status ReadJson(absl::string_view json,
                      google::protobuf::Message& message) {
  const auto read = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &message);
  if (read.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::string_view(read.message().data(), read.message().size()));
}

std::string WriteJson(const google::protobuf::Message& message) {
  std::string json;
  // It fails for an Any of an unknown type alone; the API has none.
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) {
    json = "{}";
  }
  return json;
}

absl::StatusOr<std::string> JsonOfBytes(
    const google::protobuf::Descriptor& type, absl::string_view bytes) {
  const auto message = NewMessage(type);
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InternalError("the reply cannot be read");
  }
  return WriteJson(*message);
}

}  // namespace lenscap
