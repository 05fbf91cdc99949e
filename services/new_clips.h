#ifndef LENSCAP_SERVICES_NEW_CLIPS_H_
#define LENSCAP_SERVICES_NEW_CLIPS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "index/clip.h"
#include "index/known_clips.h"

namespace lenscap {

// The clips that are searched now and have ids from some first one on to `end`,
// without their details.
struct NewClips {
  std::vector<Clip> clips;
  uint64_t end = 0;  // Half-open.
};

// From `first` on, at most to `end`. Where they are too many for memory it
// stops before, at a greater id than `first`.
using ReadNewClips =
    std::function<absl::StatusOr<NewClips>(uint64_t first, uint64_t end)>;

// Of all lists of known clips that are active; at most some 100 MB at a time.
// Looks through the entries of all these lists. `known` must outlive what is
// returned.
ReadNewClips NewClipsOf(const KnownClips* known);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_NEW_CLIPS_H_
