#ifndef LENSCAP_SERVICES_VALIDATE_H_
#define LENSCAP_SERVICES_VALIDATE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"

namespace lenscap {

// Each answers INVALID_ARGUMENT with a message that begins with the name of
// the field, and says what is expected and what came instead.

// From `min` to `max`, both included.
absl::Status CheckRange(absl::string_view field, int64_t value, int64_t min,
                        int64_t max);
// As above, in bytes.
absl::Status CheckLength(absl::string_view field, absl::string_view value,
                         size_t min, size_t max);
// 1 to 64 of a-z, 0-9, '-', '_' and '.'.
absl::Status CheckListId(absl::string_view field, absl::string_view value);
// 1 to 128 of A-Z, a-z, 0-9, '-', '_', '.' and ':'.
absl::Status CheckEntryId(absl::string_view field, absl::string_view value);

// A known value of an enum, other than "unspecified".
template <typename Enum>
absl::Status CheckEnum(absl::string_view field, Enum value,
                       bool (*is_valid)(int)) {
  if (is_valid(value) && value != 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": expected a known value, got ", static_cast<int>(value)));
}

// A well-formed duration from `min` to `max`.
absl::StatusOr<absl::Duration> CheckDuration(
    absl::string_view field, const google::protobuf::Duration& value,
    absl::Duration min, absl::Duration max);

// The size of a page, 1 to 1,000; 0 means 100.
absl::StatusOr<int> CheckPageSize(absl::string_view field, int value);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_VALIDATE_H_
