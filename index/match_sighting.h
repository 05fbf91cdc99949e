#ifndef LENSCAP_INDEX_MATCH_SIGHTING_H_
#define LENSCAP_INDEX_MATCH_SIGHTING_H_

#include <vector>

#include "absl/time/time.h"
#include "index/clip.h"
#include "index/clip_match.h"
#include "index/search_state.h"

namespace lenscap {

// Where the upload, rectified as details of its picture say, shows the clip
// that was sighted: compared by the windows of the clip's picture that are seen
// in it. Details that agree by accident, or show the clip's place only, give
// other windows. `duration` is the upload's. Bounded: some 50 million windows
// are compared to find frames alike, as many to align them. Pure.
std::vector<ClipMatch> MatchSighting(const SearchState& state,
                                     const SightingFingerprint& sighting,
                                     absl::Duration duration);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_MATCH_SIGHTING_H_
