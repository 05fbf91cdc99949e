#ifndef LENSCAP_MODELS_CUE_H_
#define LENSCAP_MODELS_CUE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/time_span.h"
#include "media/frame.h"

namespace lenscap {

// One sign that footage was filmed by a hidden or fixed camera.
struct Cue {
  std::string name;             // "fixed_angle", "infrared"; models/CARD.md.
  double probability = 0;       // Calibrated, 0 to 1.
  std::vector<TimeSpan> spans;  // Empty where it speaks of the whole video.
  std::string evidence;         // One sentence with the measured figure.
};

struct CueReport {
  std::vector<Cue> cues;
  std::string model_version;  // Empty where no model scored.
  std::string unavailable;    // Why there are no cues, where there are none.
};

// What is kept of a frame for the cues: its luma averaged to 128x128, scaled
// to the full range 0 to 255, whatever the frame's shape.
struct CueFrame {
  static constexpr int kSide = 128;
  absl::Duration time;
  std::array<uint8_t, kSide * kSide> luma;
  float saturation = 0;  // As Frame::saturation.
};

// Keeps an evenly spaced choice of a video's frames, however long it is, in
// bounded memory: at most kMaxFrames. Not thread-safe.
class CueFrameSampler {
 public:
  static constexpr int kMaxFrames = 256;

  // Frames come in order of time.
  void Add(const Frame& frame);
  absl::Span<const CueFrame> frames() const { return frames_; }

 private:
  std::vector<CueFrame> frames_;
  int64_t seen_ = 0;
  int64_t stride_ = 1;  // Every stride-th frame is kept.
};

// Scores cues. Thread-safe.
class CueScorer {
 public:
  virtual ~CueScorer() = default;
  // An error means that the model failed; the scan goes on without cues. Too
  // few frames to tell is not an error: `unavailable` says so.
  virtual absl::StatusOr<CueReport> Score(
      absl::Span<const CueFrame> frames) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_H_
