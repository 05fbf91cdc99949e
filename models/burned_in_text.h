#ifndef LENSCAP_MODELS_BURNED_IN_TEXT_H_
#define LENSCAP_MODELS_BURNED_IN_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/cue.h"
#include "models/cue_footage.h"
#include "models/cue_module.h"

namespace lenscap {

// The text that is part of a video's pictures, and what its clock does.
struct BurnedInTexts {
  std::vector<BurnedInText> texts;  // The clocks first; at most 4.
  ClockMeasures clock = {};
  std::string sentence;  // What the clock shows and does; empty without one.
};

// Finds lines in a few of the stills, at least one, and reads those that may be
// clocks in all. Nothing where the module reads no text; fails as it does.
absl::StatusOr<BurnedInTexts> ReadBurnedInTexts(
    const CueModule& module, absl::Span<const CueStill> stills);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_BURNED_IN_TEXT_H_
