#ifndef LENSCAP_SERVICES_WEB_HTTP_STATUS_H_
#define LENSCAP_SERVICES_WEB_HTTP_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/web/http.h"

namespace lenscap {

// The status over HTTP that stands for a code of gRPC.
int HttpStatusOf(absl::StatusCode code);

// The same status, which is to be answered with this one over HTTP: where HTTP
// tells apart what gRPC does not.
absl::Status WithHttpStatus(absl::Status status, int http_status);

// {"error":{"code":"ABORTED","status":409,"message":"..."}}
std::string ErrorJson(const absl::Status& status);

// The whole answer; `retry_after` in seconds, where it is not "".
HttpAnswer ErrorAnswer(const absl::Status& status,
                       absl::string_view retry_after = "");

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_HTTP_STATUS_H_
