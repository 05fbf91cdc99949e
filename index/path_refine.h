#ifndef LENSCAP_INDEX_PATH_REFINE_H_
#define LENSCAP_INDEX_PATH_REFINE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "index/path_fit.h"

namespace lenscap {

inline constexpr double kSlowest = 0.4;
inline constexpr double kFastest = 2.5;

// Query frames on a path, both included.
struct Place {
  Path path;
  size_t first = 0;
  size_t last = 0;
};

// Moves the place's offset by up to a second to where the reference, thought of
// as changing evenly between its frames, is closest.
void RefineOffset(const Track& query, const Track& reference, Place* place);

// The same with offset and speed together, in small steps as long as it gets
// closer. A path backwards keeps its speed.
void RefineSpeed(const Track& query, const Track& reference, Place* place);

// Refines the path, and moves the place's ends to where its frames earn most in
// all (GainOf), in turns, until nothing changes. `taken` says which query
// frames to leave out. Returns what they earn; at most 0 where none agree.
int64_t Grow(const Track& query, const Track& reference,
             absl::Span<const char> taken, int max_distance, Place* place);

// Whether another speed makes no difference worth the name: the path stays
// within a quarter of a second of one at speed 1 all over the place.
bool IsEven(const Track& query, const Place& place);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_PATH_REFINE_H_
