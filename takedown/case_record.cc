#include "takedown/case_record.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "google/protobuf/wrappers.pb.h"

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
  v1::Case kept;
  kept.set_content_id(decided.content_id());
  kept.set_account(decided.account());
  kept.set_group(decided.group());
  kept.set_appeal(decided.appeal());
  kept.set_reopened_by(decided.reopened_by());
  kept.set_kind(decided.kind());
  kept.set_tenant(decided.tenant());
  kept.set_platform_class(decided.platform_class());
  kept.set_retrospective(decided.retrospective());
  *kept.mutable_withdrawn_basis() = decided.withdrawn_basis();
  *kept.mutable_decisions() = decided.decisions();
  if (decided.has_report()) *kept.mutable_report() = decided.report();
  std::string payload = kept.SerializeAsString();
  if (!CanBeReadBack<v1::Case>(payload)) {
    return absl::InvalidArgumentError("the case holds text that is not UTF-8");
  }
  return payload;
}

absl::StatusOr<v1::Case> DecodeCase(const LeaseQueue::Item& item) {
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
  return decoded;
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
