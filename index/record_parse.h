#ifndef LENSCAP_INDEX_RECORD_PARSE_H_
#define LENSCAP_INDEX_RECORD_PARSE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lenscap {

// What decoding any record of the clip store needs (index/clip_record.h).

template <typename... What>
absl::Status Damaged(const What&... what) {
  return absl::DataLossError(absl::StrCat(what...));
}

template <typename Record>
absl::StatusOr<Record> ParseRecord(absl::string_view bytes) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), bytes.size())) {
    return Damaged("it is no ", Record::descriptor()->name());
  }
  return record;
}

inline absl::Status CheckNotNegative(absl::string_view field, int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return Damaged(field, " is ", value);
}

// As Damaged: the caller asked for what is on disk.
inline absl::Status AsDamage(const absl::Status& status) {
  return status.ok() ? status : Damaged(status.message());
}

// Nothing where there are no bytes.
template <size_t n>
absl::StatusOr<std::optional<std::array<uint8_t, n>>> ParseDigest(
    absl::string_view field, absl::string_view bytes) {
  std::optional<std::array<uint8_t, n>> digest;
  if (bytes.empty()) return digest;
  if (bytes.size() != n) {
    return Damaged(field, " has ", bytes.size(), " bytes, not ", n);
  }
  digest.emplace();
  std::copy(bytes.begin(), bytes.end(), digest->begin());
  return digest;
}

// An infinite future is no field at all.
template <typename Record>
void SetExpires(absl::Time expires, Record* record) {
  if (expires == absl::InfiniteFuture()) return;
  record->set_expires_unix_micros(absl::ToUnixMicros(expires));
}
template <typename Record>
absl::Time ExpiresOf(const Record& record) {
  return record.has_expires_unix_micros()
             ? absl::FromUnixMicros(record.expires_unix_micros())
             : absl::InfiniteFuture();
}

}  // namespace lenscap

#endif  // LENSCAP_INDEX_RECORD_PARSE_H_
