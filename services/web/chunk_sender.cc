#include "services/web/chunk_sender.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "proto/lenscap/v1/common.pb.h"
#include "services/web/json_message.h"

namespace lenscap {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

}  // namespace

std::optional<ChunkSender> ChunkSender::Make(
    const google::protobuf::Descriptor& type, SendMessage send) {
  const auto* const header = type.FindFieldByName("header");
  const auto* const chunk = type.FindFieldByName("chunk");
  if (header == nullptr || chunk == nullptr ||
      header->message_type() == nullptr ||
      chunk->message_type() != v1::Chunk::descriptor()) {
    return std::nullopt;
  }
  return ChunkSender(header, chunk, std::move(send));
}

bool ChunkSender::SendField(const google::protobuf::FieldDescriptor& field,
                            const google::protobuf::Message& value) const {
  const auto message = NewMessage(*field.containing_type());
  message->GetReflection()
      ->MutableMessage(message.get(), &field)
      ->CopyFrom(value);
  return send_(message->SerializeAsString());
}

bool ChunkSender::SendHeader(const google::protobuf::Message& header) {
  return SendField(*header_, header);
}

bool ChunkSender::SendBytes(absl::string_view bytes) {
  while (!bytes.empty()) {
    const absl::string_view part =
        bytes.substr(0, kChunkBytes - waiting_.size());
    absl::StrAppend(&waiting_, part);
    bytes.remove_prefix(part.size());
    if (waiting_.size() == kChunkBytes && !SendRest()) return false;
  }
  return true;
}

bool ChunkSender::SendRest() {
  if (waiting_.empty()) return true;
  v1::Chunk chunk;
  chunk.set_offset(sent_);
  sent_ += static_cast<int64_t>(waiting_.size());
  chunk.set_data(std::move(waiting_));
  waiting_.clear();
  return SendField(*chunk_, chunk);
}

}  // namespace lenscap
