#ifndef LENSCAP_INDEX_COMMON_SEARCH_H_
#define LENSCAP_INDEX_COMMON_SEARCH_H_

#include <cstdint>

#include "index/search_state.h"

namespace lenscap {

// What a match of a common stretch scores at most.
inline constexpr double kMaxCommonScore = 0.2;

// Whether other clips show that this stretch of the clip, [start, end) in
// microseconds, is one that many share (index/common_stretch.h). Searches at
// most 16 of its frames. Pure.
bool IsCommonStretch(const SearchState& state, const SearchedClip& clip,
                     int64_t start, int64_t end, int max_distance);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_COMMON_SEARCH_H_
