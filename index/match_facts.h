#ifndef LENSCAP_INDEX_MATCH_FACTS_H_
#define LENSCAP_INDEX_MATCH_FACTS_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "base/time_span.h"
#include "index/clip_match.h"
#include "index/search_state.h"

namespace lenscap {

// A match that says whose clip it is, and nothing of where.
ClipMatch MatchOf(const SearchState& state, const SearchedClip& clip);

// In microseconds, within [0, duration].
TimeSpan SpanOf(int64_t start, int64_t end, int64_t duration);

// Which share of the duration (microseconds) the span is; 1 where it is 0.
double Coverage(const TimeSpan& span, int64_t duration);

// Sets how many frames agree, and how closely. There must be one.
void SetDistances(std::vector<int> distances, ClipMatch* match);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_MATCH_FACTS_H_
