#ifndef LENSCAP_SERVICES_WEB_OPENAPI_H_
#define LENSCAP_SERVICES_WEB_OPENAPI_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// The API over HTTP as an OpenAPI 3.1 document in JSON: every RPC with its
// messages, which are named as in their protos and described by the comments
// there. `descriptors` is a serialized FileDescriptorSet with source info.
// INVALID_ARGUMENT where it is none.
absl::StatusOr<std::string> MakeOpenApi(absl::string_view descriptors);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_OPENAPI_H_
