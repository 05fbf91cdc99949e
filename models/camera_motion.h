#ifndef LENSCAP_MODELS_CAMERA_MOTION_H_
#define LENSCAP_MODELS_CAMERA_MOTION_H_

#include <array>
#include <vector>

#include "absl/types/span.h"
#include "base/time_span.h"
#include "models/cue.h"
#include "models/cue_footage.h"

namespace lenscap {

// What tells a camera that stands still, with things moving before it, from one
// that moves. An edge is a place where neighbouring samples differ more than
// at four fifths of the picture's places, and by 1 % of black to white.
enum MotionMeasure {
  kPersistence,       // Share of the edges that are in place in another frame.
  kBlockPersistence,  // The same of the median block of 16x16 samples.
  kUpperPersistence,  // The same of the block that a quarter are better than.
  kStillMoves,        // Share of the frames that did not move from the last.
  kLogMove,           // Log of the median move, in samples.
  kLogChange,         // Log of the change between frames, by contrast.
  kActivity,          // Share of the picture that changes at all.
  kTexture,           // Share of the picture that is edge.
  kMotionMeasures,    // How many there are.
};

// The measures of some frames that follow each other.
struct MotionWindow {
  TimeSpan span;
  std::array<double, kMotionMeasures> measures = {};
};

struct CameraMotion {
  std::vector<CameraMove> moves;  // Of each frame but the first.
  MotionWindow whole;
  // Of 8 frames each, half overlapping; none where there are fewer frames.
  std::vector<MotionWindow> windows;
};

// Of at least two frames; of fewer, all is zero. Pure; 40 us a frame.
CameraMotion MeasureMotion(absl::Span<const CueFrame> frames);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CAMERA_MOTION_H_
