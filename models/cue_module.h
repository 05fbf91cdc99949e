#ifndef LENSCAP_MODELS_CUE_MODULE_H_
#define LENSCAP_MODELS_CUE_MODULE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/cue.h"

namespace lenscap {

// Builds the TorchScript module that scores cues, for training: what it
// measures of footage is written in its own language, so that the trainer and
// the server run the same code. models/CARD.md says what is measured and why.

// The measures that footage is judged by, in the order of the module's.
enum CueMeasure {
  kPersistence,       // Share of the edges that are in place in another frame.
  kBlockPersistence,  // The same of the median block of the picture.
  kLogChange,         // Log of the change between frames, by contrast.
  kLogSaturation,     // Log of the mean saturation.
  kActivity,          // Share of the picture that changes at all.
  kTexture,           // Share of the picture that is edge.
  kCueMeasures,       // How many there are.
};

// A cue's probability is the logistic function of bias + weights * measures.
struct LinearCue {
  std::string name;
  double bias = 0;
  std::vector<double> weights;  // kCueMeasures of them.
};

// What the module measures of `frames`, at least one.
absl::StatusOr<std::vector<double>> MeasureCues(
    absl::Span<const CueFrame> frames);

// The file that OpenCueModel reads, for the cues "fixed_angle" and "infrared"
// in this order.
absl::StatusOr<std::string> SerializeCueModule(
    absl::Span<const LinearCue> cues);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_MODULE_H_
