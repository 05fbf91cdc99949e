#include "services/scan_id.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "base/digest.h"

namespace lenscap {

std::string NewScanId() {
  std::array<uint8_t, 16> bytes;
  // So few bytes always come whole (getrandom(2)).
  if (getrandom(bytes.data(), bytes.size(), 0) != std::ssize(bytes)) {
    std::abort();
  }
  return absl::StrCat("scan-", ToHex(bytes));
}

}  // namespace lenscap
