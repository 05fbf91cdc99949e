#ifndef LENSCAP_INDEX_AGREEMENT_H_
#define LENSCAP_INDEX_AGREEMENT_H_

#include "index/path_fit.h"
#include "index/path_refine.h"

namespace lenscap {

// Whether two videos that look alike are the same footage, or the same scene at
// another time. A fixed camera gives almost the same picture for hours; what
// must agree is what changes.
struct Agreement {
  bool same_footage = false;
  // How much of the changes the two have in common, about -1 to 1. What the
  // changes of each frame against frames 1.5 to 10 s later in the same place
  // have in common, over how much there are; little change counts as none, and
  // fewer than 5 pairs of moments count for less.
  double correlation = 0;
  // Bits, at most 64 a frame: how much closer the frames are than to the
  // reference's other moments; of the same scene, than to anything.
  double evidence = 0;
};

// Judges a place. It is the same footage if
// - its frames' changes correlate by `CorrelationNeeded`, or
// - most of its frames are like nothing that the reference shows 1.5 to 10 s
//   before or after, so that it is no fixed camera; or
// - there is nothing else to compare with: a reference of one frame, or shorter
//   than 1.5 s that is no still; a query of one frame, unless nearly all of the
//   reference is within `max_distance` of it.
// The tracks may not be empty. Pure; the time is linear in the frames.
Agreement Judge(const Track& query, const Track& reference, const Place& place,
                int max_distance);

// The more there is to choose the best path from, the better some path fits by
// accident: grows with the reference's length, and for other speeds than 1.
double CorrelationNeeded(const Track& reference, const Path& path);

// A number from 0 to 1 for the evidence: up to 0.3 for the same scene, more
// for the same footage.
double ScoreOf(const Agreement& agreement);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_AGREEMENT_H_
