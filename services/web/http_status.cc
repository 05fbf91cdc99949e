#include "services/web/http_status.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

constexpr char kHttpStatusUrl[] = "lenscap/http-status";

int StatusNumber(const absl::Status& status) {
  int number = 0;
  const auto given = status.GetPayload(kHttpStatusUrl);
  if (given && absl::SimpleAtoi(std::string(*given), &number)) return number;
  return HttpStatusOf(status.code());
}

}  // namespace

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

absl::Status WithHttpStatus(absl::Status status, int http_status) {
  status.SetPayload(kHttpStatusUrl, absl::Cord(absl::StrCat(http_status)));
  return status;
}

std::string ErrorJson(const absl::Status& status) {
  const nlohmann::json error = {
      {"error",
       {{"code", absl::StatusCodeToString(status.code())},
        {"status", StatusNumber(status)},
        {"message", std::string(status.message())}}}};
  // A message may quote bytes that are no UTF-8.
  return error.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

HttpAnswer ErrorAnswer(const absl::Status& status,
                       absl::string_view retry_after) {
  HttpAnswer answer;
  answer.status = StatusNumber(status);
  answer.body = ErrorJson(status);
  if (!retry_after.empty()) {
    answer.headers.emplace_back("Retry-After", retry_after);
  }
  if (answer.status == 401) {
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"lenscap\"");
  }
  return answer;
}

}  // namespace lenscap
