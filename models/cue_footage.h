#ifndef LENSCAP_MODELS_CUE_FOOTAGE_H_
#define LENSCAP_MODELS_CUE_FOOTAGE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "media/frame.h"

namespace lenscap {

// What is kept of a frame to tell how the camera moved: its luma averaged to
// 128x128 in full range, whatever the frame's shape.
struct CueFrame {
  static constexpr int kSide = 128;
  absl::Duration time;
  std::array<uint8_t, kSide * kSide> luma;
  Colour colour;
};

// What is kept of a frame to be looked at and read: its luma in full range, at
// most kLongestSide on its longer side, in its own shape. Row by row.
struct CueStill {
  static constexpr int kLongestSide = 960;
  static constexpr int kShortestSide = 16;
  absl::Duration time;
  int width = 0;
  int height = 0;
  std::vector<uint8_t> luma;
};

// What a still of the frame is, at most `longest` samples on its longer side.
CueStill MakeStill(const Frame& frame, int longest);

// The still with at most `longest` samples on its longer side.
CueStill Shrink(const CueStill& still, int longest);

// At most `count` of them, evenly spread.
std::vector<const CueStill*> SomeOf(absl::Span<const CueStill> stills,
                                    size_t count);

// Both evenly spread over the whole video and in order of time. All stills have
// one size, that of the first.
struct CueFootage {
  std::vector<CueFrame> frames;
  std::vector<CueStill> stills;
};

// Keeps an evenly spaced choice of a video's frames, however long it is, in
// bounded memory: some 10 MB. Not thread-safe.
class CueSampler {
 public:
  static constexpr int kMaxFrames = 256;
  static constexpr int kMaxStills = 8;

  // Frames come in order of time, two a second.
  void Add(const Frame& frame);
  const CueFootage& footage() const { return footage_; }

 private:
  CueFootage footage_;
  int64_t seen_ = 0;
  int64_t frame_stride_ = 1;  // Every so manieth frame is kept.
  int64_t still_stride_ = 2;
};

}  // namespace lenscap

#endif  // LENSCAP_MODELS_CUE_FOOTAGE_H_
