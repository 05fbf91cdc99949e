#ifndef LENSCAP_MODELS_CUE_MODEL_H_
#define LENSCAP_MODELS_CUE_MODEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "models/cue_scorer.h"

namespace lenscap {

// The highest number that names a folder below `directory`; NOT_FOUND where
// there is none.
absl::StatusOr<int> NewestCueVersion(const std::string& directory);

// Opens the TorchScript model in such a folder; models/CARD.md gives its input
// and output. Runs on the GPU where libtorch knows one. INVALID_ARGUMENT,
// naming the file, where it is damaged or of another shape.
absl::StatusOr<std::unique_ptr<CueScorer>> OpenCueModel(
    const std::string& directory, int version);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_MODEL_H_
