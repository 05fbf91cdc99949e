#ifndef LENSCAP_MODELS_CUE_MODEL_H_
#define LENSCAP_MODELS_CUE_MODEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "models/cue.h"

namespace lenscap {

// Opens the TorchScript model of the highest numbered version folder below
// `directory`; models/CARD.md gives its input and output. NOT_FOUND where
// there is none, INVALID_ARGUMENT, naming the file, where it is damaged or of
// another shape.
absl::StatusOr<std::unique_ptr<CueScorer>> OpenCueModel(
    const std::string& directory);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_MODEL_H_
