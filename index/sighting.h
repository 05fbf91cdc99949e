#ifndef LENSCAP_INDEX_SIGHTING_H_
#define LENSCAP_INDEX_SIGHTING_H_

#include <vector>

#include "absl/types/span.h"
#include "fingerprint/pdq.h"
#include "index/clip.h"
#include "index/clip_sighter.h"
#include "index/search_state.h"

namespace lenscap {

// What index/clip_sighter.h says, in one state. Pure.

// Bounded for any input: each keypoint gives at most 256 hits, and the 16 clips
// with the most are looked at.
std::vector<PictureSighting> FindSightings(const SearchState& state,
                                           absl::Span<const Keypoint> keypoints,
                                           absl::Span<const Keypoint> mirrored,
                                           double width);

bool HasFrameLike(const SearchState& state, const DihedralPdq& picture,
                  int max_distance);

// Bounded: each orientation gives at most 256 hits.
std::vector<Lookalike> FindLookalikes(const SearchState& state,
                                      const DihedralPdq& picture,
                                      int max_distance);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SIGHTING_H_
