#ifndef LENSCAP_INDEX_SPEED_FINDER_H_
#define LENSCAP_INDEX_SPEED_FINDER_H_

#include <vector>

#include "index/path_finder.h"
#include "index/path_refine.h"

namespace lenscap {

// Where the query may show the reference at another speed than 1, or
// backwards: the best places first, at most 32, each grown as far as it goes.
//
// In windows of 16 seconds or so, the hits vote for speed and place together.
// With `everywhere`, all places are tried at all speeds, in as many windows as
// the comparisons allow, those with the most change first: for a fixed camera,
// where hits say nothing. Windows that are closest at speed 1 give none.
std::vector<Place> FindSpeeds(const Track& query, const Track& reference,
                              const PathEvidence& evidence, bool everywhere);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SPEED_FINDER_H_
