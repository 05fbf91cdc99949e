#ifndef LENSCAP_LISTS_FORMATS_UUID5_H_
#define LENSCAP_LISTS_FORMATS_UUID5_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace lenscap {

using Uuid = std::array<uint8_t, 16>;

// RFC 9562's namespace for names that are URLs or URNs.
inline constexpr Uuid kUrlUuids = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad,
                                   0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0,
                                   0x4f, 0xd4, 0x30, 0xc8};

// The UUID, version 5, of a name in a namespace (RFC 9562, 5.5): the same name
// always has the same one.
Uuid Uuid5(const Uuid& in, absl::string_view name);

// "886313e1-3b8a-5372-9b90-0c9aee199e5d".
std::string FormatUuid(const Uuid& uuid);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_UUID5_H_
