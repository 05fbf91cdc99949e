#ifndef LENSCAP_MEDIA_MEDIA_LIMITS_H_
#define LENSCAP_MEDIA_MEDIA_LIMITS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace lenscap {

// What an upload may cost. Beyond any of them the read ends with
// RESOURCE_EXHAUSTED, naming the limit.
struct MediaLimits {
  int64_t max_bytes = int64_t{16} << 30;
  int64_t max_pixels = int64_t{8192} * 4608;  // Of one picture, as coded.
  int max_streams = 64;
  absl::Duration max_duration = absl::Hours(12);
  int64_t probe_bytes = 5 << 20;  // Read to find out what the file is.
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_MEDIA_LIMITS_H_
