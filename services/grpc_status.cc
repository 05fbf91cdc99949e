#include "services/grpc_status.h"

#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {
namespace {

// Trailers are limited to 8 KiB, and each byte may be escaped into three.
constexpr size_t kMaxMessageBytes = 2048;

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const absl::string_view message =
      status.message().substr(0, kMaxMessageBytes);
  return {static_cast<grpc::StatusCode>(status.code()), std::string(message)};
}

absl::Status FromGrpc(const grpc::Status& status) {
  return {static_cast<absl::StatusCode>(status.error_code()),
          status.error_message()};
}

}  // namespace lenscap
