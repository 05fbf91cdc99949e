#ifndef LENSCAP_MODELS_CUE_TENSORS_H_
#define LENSCAP_MODELS_CUE_TENSORS_H_

#include <ATen/core/ivalue.h>

#include <vector>

#include "absl/types/span.h"
#include "models/cue.h"

namespace lenscap {

// The arguments of a cue module: luma, uint8 [n, 128, 128]; times in seconds,
// float64 [n]; saturation, float32 [n].
std::vector<c10::IValue> CueTensors(absl::Span<const CueFrame> frames);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_TENSORS_H_
