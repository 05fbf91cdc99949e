#include "lists/formats/uuid5.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/digest.h"

namespace lenscap {

Uuid Uuid5(const Uuid& in, absl::string_view name) {
  Digester digester;
  digester.Update(ToBytes(in));
  digester.Update(name);
  const Sha1 sha1 = digester.Finish().sha1;
  Uuid uuid;
  std::copy_n(sha1.begin(), uuid.size(), uuid.begin());
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0f) | 0x50);  // Version 5.
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3f) | 0x80);  // Of RFC 9562.
  return uuid;
}

std::string FormatUuid(const Uuid& uuid) {
  const std::string hex = ToHex(uuid);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

}  // namespace lenscap
