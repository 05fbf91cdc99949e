#ifndef LENSCAP_SERVICES_STILL_IMAGE_H_
#define LENSCAP_SERVICES_STILL_IMAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "models/cue_footage.h"

namespace lenscap {

// At most so many samples on the longer side of a still that is kept.
inline constexpr int kLongestStillSide = 480;

// A grey JPEG of the still, at most kLongestStillSide: enough to check a cue,
// and no more of what may be somebody's worst moment than that takes. INTERNAL
// where the encoder fails. Pure.
absl::StatusOr<std::string> EncodeStill(const CueStill& still);

// The still in a JPEG that EncodeStill made; its time is zero. DATA_LOSS for
// what is no JPEG or is larger than EncodeStill makes it. Pure.
absl::StatusOr<CueStill> DecodeStill(absl::string_view jpeg);

// The still of the same size with nothing left but where it is bright and dark:
// made of kBlurredCells samples on its longer side and smooth between them.
// Nobody and no text can be told on it, and nothing brings them back. Pure.
inline constexpr int kBlurredCells = 12;
CueStill Blur(const CueStill& still);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_STILL_IMAGE_H_
