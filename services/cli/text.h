#ifndef LENSCAP_SERVICES_CLI_TEXT_H_
#define LENSCAP_SERVICES_CLI_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "proto/lenscap/v1/common.pb.h"

namespace lenscap::cli {

// `text` with every control character, and every byte that is no UTF-8, as a
// question mark: names of files and texts of strangers cannot steer the
// terminal.
std::string Printable(absl::string_view text);

bool IsUtf8(absl::string_view text);

// Columns that `text` takes on a terminal, for printable UTF-8 under a UTF-8
// locale (East Asian characters take two).
size_t DisplayWidth(absl::string_view text);
// The longest tail of `text`, after "..." where something was cut off, that
// fits into `columns`.
std::string FitTail(absl::string_view text, size_t columns);

// "0:10.0", "1:02:03.4"; whole seconds where `tenths` is false.
std::string FormatTime(absl::Duration time, bool tenths = true);
// "0:10.0-0:20.0".
std::string FormatSpan(const v1::Span& span);
// "12.3 MB", in powers of 1000.
std::string FormatBytes(double bytes);
// "2026-01-31 23:59:59" in the local time zone; "-" for the epoch, which is
// what an absent field reads as.
std::string FormatClock(const google::protobuf::Timestamp& timestamp);

// Rows under a header, columns two spaces apart, no trailing spaces. Cells
// must be printable.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

// Protobuf's JSON on one line, field names as in the .proto files, fields
// without presence always there, "\n" at the end. INTERNAL for a message that
// has no JSON, such as one with a time out of range.
absl::StatusOr<std::string> ToJsonLine(
    const google::protobuf::Message& message);
// The same without fields that are empty.
absl::StatusOr<std::string> ToSparseJsonLine(
    const google::protobuf::Message& message);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_TEXT_H_
