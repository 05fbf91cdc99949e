#ifndef LENSCAP_LISTS_STRICT_JSON_H_
#define LENSCAP_LISTS_STRICT_JSON_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace lenscap {

// The JSON of signed documents: one reading, or none. Errors are
// INVALID_ARGUMENT and begin with the field concerned, where there is one.

template <typename... What>
absl::Status InvalidField(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

// `text` as a message shows it: printable, not endless.
std::string QuotedField(absl::string_view text);

// Refuses what is no UTF-8, names a member twice, has a fraction or an exponent
// in a number, nests deeper than 8, or has more than `max_values` values (a
// value takes up to 100 bytes of memory, however few of the text).
absl::StatusOr<nlohmann::json> ParseStrictJson(absl::string_view text,
                                               size_t max_values = 10'000);

// Members sorted, no white space: of what ParseStrictJson accepts and numbers
// below 2^53, the same as RFC 8785. INVALID_ARGUMENT for text that is no UTF-8.
absl::StatusOr<std::string> CanonicalJson(const nlohmann::json& value);

// The members of an object, taken one by one; what is left over is unknown.
// Refers to the object and is not thread-safe.
class JsonFields {
 public:
  // `path` stands before the names in messages: "keys[2].".
  static absl::StatusOr<JsonFields> Of(const nlohmann::json& value,
                                       std::string path = "");

  // Null where it is absent.
  const nlohmann::json* Find(absl::string_view name);
  bool Has(absl::string_view name) { return Find(name) != nullptr; }

  absl::StatusOr<const nlohmann::json*> Array(absl::string_view name);
  absl::StatusOr<absl::string_view> Text(absl::string_view name);
  absl::StatusOr<absl::string_view> Text(absl::string_view name,
                                         size_t max_bytes);
  // Between the bounds, both included.
  absl::StatusOr<int64_t> Integer(absl::string_view name, int64_t min,
                                  int64_t max);
  // "2026-01-31T23:59:59Z".
  absl::StatusOr<absl::Time> Time(absl::string_view name);
  // Each of 1 to `max_bytes` bytes.
  absl::StatusOr<std::vector<std::string>> Texts(absl::string_view name,
                                                 size_t max_count,
                                                 size_t max_bytes);

  // That every member was asked for.
  absl::Status CheckNoneLeft() const;

 private:
  JsonFields(const nlohmann::json* value, std::string path)
      : value_(value), path_(std::move(path)) {}

  const nlohmann::json* value_;
  std::string path_;
  std::vector<absl::string_view> found_;
};

// Whole seconds, UTC, years 1970 to 9999.
std::string FormatListTime(absl::Time time);
absl::StatusOr<absl::Time> ParseListTime(absl::string_view text);

// Exactly so many lower-case hexadecimal digits.
bool IsLowerHex(absl::string_view text, size_t digits);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_STRICT_JSON_H_
