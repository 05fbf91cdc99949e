#ifndef LENSCAP_MODELS_CUE_H_
#define LENSCAP_MODELS_CUE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/time_span.h"

namespace lenscap {

// One sign that footage was filmed by a hidden or fixed camera.
struct Cue {
  std::string name;             // "fixed_angle", "infrared"; models/CARD.md.
  double probability = 0;       // Calibrated, 0 to 1.
  std::vector<TimeSpan> spans;  // Empty where it speaks of the whole video.
  std::string evidence;         // One sentence with the measured figure.
  // What it adds to the log of the odds of "hidden_camera"; 0 if nothing.
  double contribution = 0;
};

// How the picture moved since the frame before: what was in the middle is now
// `dx` to the right of it and `dy` below, in shares of the width and the
// height, and everything is `zoom` times as large.
struct CameraMove {
  absl::Duration time;
  float dx = 0;
  float dy = 0;
  float zoom = 1;
};

// A line of text that is part of every picture, and what it says of time.
struct BurnedInText {
  // Its place in shares of the picture's width and height, 0 to 1.
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  std::string text;  // UTF-8, as read.
  enum class Clock {
    kNone,       // It shows neither date nor time of day.
    kUnknown,    // It does, but whether it runs cannot be told.
    kTicks,      // It goes on as the video does.
    kFrozen,     // It stands still while the video goes on.
    kOtherRate,  // It goes on faster or slower than the video: `rate`.
  };
  Clock clock = Clock::kNone;
  double rate = 0;  // Clock seconds for each second of video, where it runs.
};

struct CueReport {
  std::vector<Cue> cues;
  std::string model_version;  // Empty where no model scored.
  std::string unavailable;    // Why there are no cues, where there are none.

  // What the cues rest on, for whoever checks them.
  std::vector<CameraMove> motion;   // In order of time.
  std::vector<BurnedInText> texts;  // The clocks first; at most 4.
  double distortion = 0;  // Of the lens: 0 straight, 1 a circle of 180 degrees.
  int rows = 1;           // Of views in the picture.
  int columns = 1;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_H_
