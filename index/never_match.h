#ifndef LENSCAP_INDEX_NEVER_MATCH_H_
#define LENSCAP_INDEX_NEVER_MATCH_H_

#include <vector>

#include "base/time_span.h"
#include "fingerprint/fingerprint.h"
#include "fingerprint/pdq.h"
#include "index/search_state.h"

namespace lenscap {

// What lists of the purpose kNeverMatch say: logos, intros, test cards. A frame
// of an upload that is like one of theirs, however turned, is evidence of
// nothing. Frames are compared without it, so that what it alone explains is
// no match, and what goes beyond it is one still. Pure.

bool IsNeverMatched(const SearchState& state, const DihedralPdq& picture,
                    int max_distance);

// Whether at least half of the frames of at least `min_quality` in the span are
// such, where there is one: for evidence that is not of whole frames.
bool IsExplainedByNever(const SearchState& state,
                        const std::vector<FrameFingerprint>& frames,
                        const TimeSpan& span, int max_distance,
                        int min_quality);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_NEVER_MATCH_H_
