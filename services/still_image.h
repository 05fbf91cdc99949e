#ifndef LENSCAP_SERVICES_STILL_IMAGE_H_
#define LENSCAP_SERVICES_STILL_IMAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "models/cue_footage.h"

namespace lenscap {

// A grey JPEG of the still, at most 480 samples on its longer side: enough to
// check a cue, and no more of what may be somebody's worst moment than that
// takes. INTERNAL where the encoder fails. Pure.
absl::StatusOr<std::string> EncodeStill(const CueStill& still);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_STILL_IMAGE_H_
