#ifndef LENSCAP_AUDIT_SEALED_LINE_H_
#define LENSCAP_AUDIT_SEALED_LINE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lenscap {

// A line of JSON, an object, whose last member is made over the bytes before
// it: {"a":1 and then ,"name":"0123...ef"} with lower-case hexadecimal digits.
// So nobody has to agree on how JSON is written to check it. Pure functions.
struct SealedLine {
  absl::string_view body;  // All before the last member.
  std::string seal;        // The bytes that the last member stands for.
};

// `body` is an object without its closing brace.
std::string SealLine(std::string body, absl::string_view name,
                     absl::string_view seal);
// Nothing where the line does not end in such a member of `seal_bytes` bytes.
std::optional<SealedLine> SplitSealedLine(absl::string_view line,
                                          absl::string_view name,
                                          size_t seal_bytes);

// "2026-01-31T23:59:59.123456Z", always in microseconds and UTC.
std::string FormatAuditTime(absl::Time time);
// Nothing for what FormatAuditTime has not made.
std::optional<absl::Time> ParseAuditTime(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_SEALED_LINE_H_
