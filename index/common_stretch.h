#ifndef LENSCAP_INDEX_COMMON_STRETCH_H_
#define LENSCAP_INDEX_COMMON_STRETCH_H_

#include <cstdint>

#include "index/path_fit.h"

namespace lenscap {

// A stretch of a video, [start, end) in microseconds, that a clip has too. Of a
// clip's own stretch the path is the one at offset 0.
struct Stretch {
  Track clip;
  uint32_t clip_id = 0;
  Path path;
  int64_t start = 0;
  int64_t end = 0;
};

// Whether the stretch may be what many clips share, as an intro or a channel's
// end card: at most 15 seconds, at most half of its clip, and at one of its
// ends.
bool MayBeCommon(const Stretch& stretch);

// Whether the two, which are of one video, show that it is, and so says little
// about either clip: both clips begin with it, or both end with it, and they
// differ beyond it. Copies and cuts of one clip do not differ. Pure.
bool ShowCommon(const Stretch& a, const Stretch& b);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_COMMON_STRETCH_H_
