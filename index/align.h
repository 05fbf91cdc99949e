#ifndef LENSCAP_INDEX_ALIGN_H_
#define LENSCAP_INDEX_ALIGN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "index/path_finder.h"
#include "index/path_fit.h"

namespace lenscap {

struct AlignOptions {
  int max_distance = 31;
  // About how many pairs of frames may be compared, which bounds the time to
  // some 5 ns each. Beyond it, places are searched more sparsely.
  int64_t max_comparisons = 100'000'000;
};

// A stretch of the query that shows a stretch of the reference, at its speed or
// another one or backwards, or one frame of it all the while.
struct Alignment {
  Path path;
  size_t first = 0;  // The first and last frames of the query.
  size_t last = 0;
  int64_t score = 0;           // The closer and the longer, the greater.
  std::vector<int> distances;  // Of the agreeing frames.
};

// Where the query shows the reference, in order of query time, never twice at
// one time; at most 32 places, the best.
//
// `hits` are in order of `query`. If not `complete`, they are some of those
// there are, as with a fixed camera, where nearly every frame is near nearly
// every other; the frames are then compared here. The place is found by the
// whole closeness of the frames that lie on one line in time, so it is right
// even where each single frame would fit anywhere.
//
// Speeds other than 1 are found from what the hits have in common; where they
// are not complete, and what was found at speed 1 is only the same scene
// (index/agreement.h), by trying all places at all speeds, as far as a fifth of
// the comparisons goes.
//
// To agree is to be within the distance of one of the reference's frames before
// and after that time. It takes 3 agreeing frames, or as many as there are if
// there are fewer; a reference of one frame takes 1. Some frames in between may
// disagree: with n = max_distance + 1, an agreeing frame at distance d earns
// 2n - d, one that disagrees costs 3/4 (d - n + 1), at most 3/4 n, one with no
// frame at that time costs 1, a new place costs n for each frame that it takes;
// what earns most in all is chosen. A frame of a still earns n / 2 less where
// it could also move: a fixed camera is no still. At another speed than 1 a
// place costs 2 n more, and a frame earns 1 less. At both ends a place goes on
// while frames are within 3/2 n: at that one time, that is no accident.
std::vector<Alignment> Align(const Track& query, const Track& reference,
                             absl::Span<const FrameHit> hits, bool complete,
                             const AlignOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_ALIGN_H_
