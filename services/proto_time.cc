#include "services/proto_time.h"

#include <algorithm>
#include <cstdint>

namespace lenscap {
namespace {

// The bounds that duration.proto and timestamp.proto give.
constexpr absl::Duration kMaxDuration = absl::Seconds(315'576'000'000);
constexpr absl::Time kMinTime = absl::FromUnixSeconds(-62'135'596'800);
constexpr absl::Time kMaxTime = absl::FromUnixSeconds(253'402'300'799);

}  // namespace

google::protobuf::Duration ToProto(absl::Duration duration) {
  duration = std::clamp(duration, -kMaxDuration, kMaxDuration);
  google::protobuf::Duration proto;
  proto.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  proto.set_nanos(static_cast<int32_t>(duration / absl::Nanoseconds(1)));
  return proto;
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  time = std::clamp(time, kMinTime, kMaxTime);
  const int64_t seconds = absl::ToUnixSeconds(time);  // Rounds down.
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((time - absl::FromUnixSeconds(seconds)) /
                                       absl::Nanoseconds(1)));
  return proto;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

}  // namespace lenscap
