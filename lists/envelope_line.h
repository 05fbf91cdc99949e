#ifndef LENSCAP_LISTS_ENVELOPE_LINE_H_
#define LENSCAP_LISTS_ENVELOPE_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lists/list_file.h"

namespace lenscap {

// The first line of a list file, without its line feed (lists/LISTS.md).

inline constexpr size_t kMaxEnvelopeBytes = 65'536;
inline constexpr int64_t kMaxListEntries = 10'000'000;
inline constexpr size_t kMaxJurisdictions = 256;

// INVALID_ARGUMENT: "field: problem".
absl::StatusOr<ListEnvelope> ParseEnvelope(absl::string_view line);

// In canonical form. The same errors for what could not be read back.
absl::StatusOr<std::string> FormatEnvelope(const ListEnvelope& envelope);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_ENVELOPE_LINE_H_
