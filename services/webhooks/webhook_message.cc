#include "services/webhooks/webhook_message.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/util/json_util.h"
#include "services/proto_time.h"

namespace lenscap {

absl::string_view WebhookType(v1::Outcome::Type type) {
  switch (type) {
    case v1::Outcome::TYPE_DECIDED:
      return "upload.decided";
    case v1::Outcome::TYPE_RESTORED:
      return "upload.restored";
    case v1::Outcome::TYPE_REVERSED:
      return "upload.reversed";
    case v1::Outcome::TYPE_REOPENED:
      return "case.reopened";
    case v1::Outcome::TYPE_DEADLINE:
      return "upload.deadline";
    case v1::Outcome::TYPE_CLOCK:
      return "case.clock";
    case v1::Outcome::TYPE_TEST:
      return "webhook.test";
    default:
      return "unknown";
  }
}

absl::StatusOr<std::string> WebhookBody(const v1::Outcome& outcome) {
  v1::Outcome data = outcome;
  data.clear_cursor();
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(data, &json);
  if (!written.ok()) {
    return absl::InternalError(absl::StrCat(
        "outcome ", outcome.id(), " has no JSON: ", written.ToString()));
  }
  const std::string time = absl::FormatTime(
      "%Y-%m-%dT%H:%M:%E6SZ", FromProto(outcome.time()), absl::UTCTimeZone());
  return absl::StrCat(R"({"type":")", WebhookType(outcome.type()),
                      R"(","timestamp":")", time, R"(","data":)", json, "}");
}

}  // namespace lenscap
