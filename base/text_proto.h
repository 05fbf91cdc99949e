#ifndef LENSCAP_BASE_TEXT_PROTO_H_
#define LENSCAP_BASE_TEXT_PROTO_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace lenscap {

// Files of settings that people write: messages in protobuf's text format, of
// at most kMaxTextProtoBytes.
inline constexpr size_t kMaxTextProtoBytes = 1 << 20;

// INVALID_ARGUMENT names the lines at fault, at most ten of them.
absl::Status ParseTextProto(absl::string_view text,
                            google::protobuf::Message& message);

// The text of such a file; more of it than may be parsed where it is longer.
// NOT_FOUND, naming the file, where it is not there or cannot be read.
absl::StatusOr<std::string> ReadTextProto(const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_BASE_TEXT_PROTO_H_
