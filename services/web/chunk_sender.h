#ifndef LENSCAP_SERVICES_WEB_CHUNK_SENDER_H_
#define LENSCAP_SERVICES_WEB_CHUNK_SENDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lenscap {

// Takes a message that is serialized; false where nobody wants any more.
using SendMessage = std::function<bool(const std::string& message)>;

// Cuts the bytes of one file into messages of a type that has a `header` and a
// `chunk`: first the header, then chunks of 256 KiB. Each method is false once
// nobody wants any more.
class ChunkSender {
 public:
  // None where messages of the type carry no file.
  static std::optional<ChunkSender> Make(
      const google::protobuf::Descriptor& type, SendMessage send);

  // The type of the header.
  const google::protobuf::Descriptor& header_type() const {
    return *header_->message_type();
  }
  bool SendHeader(const google::protobuf::Message& header);
  bool SendBytes(absl::string_view bytes);
  bool SendRest();

 private:
  ChunkSender(const google::protobuf::FieldDescriptor* header,
              const google::protobuf::FieldDescriptor* chunk, SendMessage send)
      : header_(header), chunk_(chunk), send_(std::move(send)) {}
  bool SendField(const google::protobuf::FieldDescriptor& field,
                 const google::protobuf::Message& value) const;

  const google::protobuf::FieldDescriptor* header_;
  const google::protobuf::FieldDescriptor* chunk_;
  SendMessage send_;
  std::string waiting_;  // Less than a chunk.
  int64_t sent_ = 0;     // Bytes.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_CHUNK_SENDER_H_
