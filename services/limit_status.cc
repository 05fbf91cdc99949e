#include "services/limit_status.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr char kLimitUrl[] = "lenscap/limit";
constexpr char kRetryAfterUrl[] = "lenscap/retry-after";

std::string PayloadOf(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  return payload ? std::string(*payload) : "";
}

}  // namespace

absl::Status OverLimit(absl::string_view limit, absl::string_view problem,
                       absl::Duration retry_after) {
  std::string message(problem);
  std::string seconds;
  if (retry_after < absl::InfiniteDuration()) {
    seconds = absl::StrCat(std::max<int64_t>(
        1, absl::ToInt64Seconds(absl::Ceil(retry_after, absl::Seconds(1)))));
    absl::StrAppend(&message, ": try again in ", seconds, "s");
  }
  absl::Status status = absl::ResourceExhaustedError(message);
  status.SetPayload(kLimitUrl, absl::Cord(limit));
  if (!seconds.empty()) status.SetPayload(kRetryAfterUrl, absl::Cord(seconds));
  return status;
}

std::string LimitOf(const absl::Status& status) {
  return PayloadOf(status, kLimitUrl);
}

std::string RetryAfterOf(const absl::Status& status) {
  return PayloadOf(status, kRetryAfterUrl);
}

}  // namespace lenscap
