#ifndef LENSCAP_MODELS_CUE_MODULE_H_
#define LENSCAP_MODELS_CUE_MODULE_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/camera_motion.h"
#include "models/cue_footage.h"
#include "models/text_lines.h"

namespace lenscap {

// What was found out of clocks in the pictures, as the module is told.
enum ClockMeasure {
  kClockSureness,  // Of the surest place, that a clock is there, 0 to 1.
  kTextSureness,   // The same of any burned-in text.
  kClockRead,      // Share of the stills in which it could be read.
  kClockDated,     // 1 if it has a date.
  kClockSeconds,   // 1 if it has seconds.
  kClockRuns,      // 1 as the video does, 0.5 at another rate, -1 not at all;
                   // 0 where that cannot be told.
  kClockMeasures,  // How many there are.
};
using ClockMeasures = std::array<double, kClockMeasures>;

// What a module says of footage; one for each of its cues.
struct CueScores {
  std::vector<double> probabilities;  // 0 to 1.
  std::vector<std::string> evidence;
  std::vector<std::vector<TimeSpan>> spans;
  std::vector<double> contributions;
  double distortion = 0;  // As in CueReport, as the next two.
  int rows = 1;
  int columns = 1;
  std::vector<double> features;  // What it rests on, for its trainer.
};

// A TorchScript module that scores cues; models/CARD.md gives its shape.
// Thread-safe. A module may do anything within libtorch's language, so it is
// taken from whom one would take a program from.
class CueModule {
 public:
  // Of the bytes of a file. Runs on the GPU where libtorch knows one.
  // INVALID_ARGUMENT where it is no module or of another shape.
  static absl::StatusOr<std::unique_ptr<CueModule>> Load(std::string bytes);
  virtual ~CueModule() = default;

  virtual const std::vector<std::string>& cue_names() const = 0;
  // Whether it finds and reads text.
  virtual bool reads_text() const = 0;

  // Pictures are looked at and searched for text with at most so many samples
  // on their longer side, which is where networks for it have their strength.
  static constexpr int kLookedSide = 640;

  // Each fails with INTERNAL where the module throws or its answer has another
  // shape than it should have. Stills have one size, at least one each.

  // The mean over the stills, which need not have kLookedSide.
  virtual absl::StatusOr<TextMap> FindText(
      absl::Span<const CueStill* const> stills) const = 0;
  // One text for each line; all lines have one width.
  virtual absl::StatusOr<std::vector<std::string>> ReadLines(
      absl::Span<const LinePicture> lines) const = 0;
  virtual absl::StatusOr<CueScores> Score(const CueFootage& footage,
                                          const CameraMotion& motion,
                                          const ClockMeasures& clock) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_MODULE_H_
