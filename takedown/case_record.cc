#include "takedown/case_record.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "google/protobuf/wrappers.pb.h"
#include "takedown/second_review.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;

v1::Case::State ToCaseState(State state) {
  switch (state) {
    case State::kWaiting:
      return v1::Case::STATE_WAITING;
    case State::kLeased:
      return v1::Case::STATE_LEASED;
    case State::kSettled:
      return v1::Case::STATE_DECIDED;
    case State::kDead:
      return v1::Case::STATE_DEAD_LETTER;
  }
  return v1::Case::STATE_UNSPECIFIED;
}

// Protobuf writes strings that are not UTF-8 but does not read them.
template <typename Message>
bool CanBeReadBack(const std::string& bytes) {
  return Message().ParseFromString(bytes);
}

}  // namespace

absl::StatusOr<std::string> EncodeCase(const v1::Case& decided) {
  v1::Case kept = decided;
  kept.clear_case_id();
  kept.clear_priority();
  kept.clear_state();
  kept.clear_opened();
  kept.clear_deliveries();
  kept.clear_reviewer();
  kept.clear_lease_end();
  kept.clear_time_claimed();
  std::string payload = kept.SerializeAsString();
  if (!CanBeReadBack<v1::Case>(payload)) {
    return absl::InvalidArgumentError("the case holds text that is not UTF-8");
  }
  return payload;
}

absl::StatusOr<v1::Case> DecodeRecord(const LeaseQueue::Item& item) {
  v1::Case decoded;
  if (!decoded.ParseFromString(item.payload)) {
    return absl::DataLossError(absl::StrCat(
        item.id, " is damaged: restore the data directory from a backup"));
  }
  decoded.set_case_id(item.id);
  decoded.set_priority(item.priority);
  decoded.set_state(ToCaseState(item.state));
  *decoded.mutable_opened() = ToTimestamp(item.submitted);
  decoded.set_deliveries(item.deliveries);
  if (item.state == State::kLeased) {
    decoded.set_reviewer(item.holder);
    *decoded.mutable_lease_end() = ToTimestamp(item.lease_end);
  }
  if (!item.set_aside) decoded.clear_hold();
  if (item.leased_for > absl::ZeroDuration()) {
    *decoded.mutable_time_claimed() =
        google::protobuf::util::TimeUtil::MicrosecondsToDuration(
            absl::ToInt64Microseconds(item.leased_for));
  }
  return decoded;
}

absl::StatusOr<v1::Case> DecodeCase(const LeaseQueue::Item& item) {
  auto decoded = DecodeRecord(item);
  if (decoded.ok()) HideReviews(*decoded);
  return decoded;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

absl::Status CheckText(absl::string_view field, absl::string_view value,
                       size_t least, size_t most) {
  if (value.size() < least || value.size() > most) {
    return absl::InvalidArgumentError(absl::StrCat(field, " has ", value.size(),
                                                   " bytes; it must have ",
                                                   least, " to ", most));
  }
  google::protobuf::StringValue text;
  text.set_value(std::string(value));
  if (!CanBeReadBack<google::protobuf::StringValue>(text.SerializeAsString())) {
    return absl::InvalidArgumentError(absl::StrCat(field, " is not UTF-8"));
  }
  return absl::OkStatus();
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
      absl::ToUnixMicros(time));
}

}  // namespace lenscap
