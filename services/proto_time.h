#ifndef LENSCAP_SERVICES_PROTO_TIME_H_
#define LENSCAP_SERVICES_PROTO_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace lenscap {

// To the nanosecond, as protobuf counts; what is beyond its range is cut.
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Duration FromProto(const google::protobuf::Duration& duration);
google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time FromProto(const google::protobuf::Timestamp& time);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_PROTO_TIME_H_
