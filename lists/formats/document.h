#ifndef LENSCAP_LISTS_FORMATS_DOCUMENT_H_
#define LENSCAP_LISTS_FORMATS_DOCUMENT_H_

#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace lenscap {

// Formats that are one document are read whole, so they are bounded.
inline constexpr size_t kMaxDocumentBytes = size_t{32} << 20;

// All of the input. INVALID_ARGUMENT for more than `max_bytes`, DATA_LOSS
// where it cannot be read.
absl::StatusOr<std::string> ReadDocument(std::istream& input,
                                         size_t max_bytes = kMaxDocumentBytes);

// Strict JSON: UTF-8, at most 16 levels and 2,000,000 values, no member twice.
// INVALID_ARGUMENT says what is wrong, and at which byte it is no JSON.
absl::StatusOr<nlohmann::json> ParseJson(absl::string_view text);

// A member of an object. INVALID_ARGUMENT names it where it is missing or of
// another type; the optional ones give nothing where it is missing or null.
absl::StatusOr<std::string> JsonString(const nlohmann::json& object,
                                       const char* name);
absl::StatusOr<std::string> OptionalJsonString(const nlohmann::json& object,
                                               const char* name);

bool IsUtf8(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_DOCUMENT_H_
