#ifndef LENSCAP_MODELS_CUE_SCORER_H_
#define LENSCAP_MODELS_CUE_SCORER_H_

#include "absl/status/statusor.h"
#include "models/cue.h"
#include "models/cue_footage.h"

namespace lenscap {

// Scores cues. Thread-safe.
class CueScorer {
 public:
  virtual ~CueScorer() = default;

  // An error means that the model failed; the scan goes on without cues. Too
  // little footage to tell is not an error: `unavailable` says so.
  virtual absl::StatusOr<CueReport> Score(const CueFootage& footage) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_SCORER_H_
