#ifndef LENSCAP_SERVICES_GRPC_STATUS_H_
#define LENSCAP_SERVICES_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace lenscap {

// The codes are the same; a message that would not fit into the trailers (a
// hostile file can make one long) is cut.
grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_GRPC_STATUS_H_
