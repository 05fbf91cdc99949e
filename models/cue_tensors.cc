#include "models/cue_tensors.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "absl/time/time.h"

namespace lenscap {

std::vector<c10::IValue> CueTensors(absl::Span<const CueFrame> frames) {
  const int64_t n = frames.size();
  const at::Tensor luma =
      at::empty({n, CueFrame::kSide, CueFrame::kSide}, at::kByte);
  const at::Tensor times = at::empty({n}, at::kDouble);
  const at::Tensor saturation = at::empty({n}, at::kFloat);
  uint8_t* samples = luma.data_ptr<uint8_t>();
  for (int64_t i = 0; i < n; ++i) {
    samples = std::copy(frames[i].luma.begin(), frames[i].luma.end(), samples);
    times.data_ptr<double>()[i] = absl::ToDoubleSeconds(frames[i].time);
    saturation.data_ptr<float>()[i] = frames[i].saturation;
  }
  return {luma, times, saturation};
}

}  // namespace lenscap
