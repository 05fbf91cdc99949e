#ifndef LENSCAP_INDEX_FRAME_RUNS_H_
#define LENSCAP_INDEX_FRAME_RUNS_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "index/clip.h"

namespace lenscap {

// Beyond such a pause without a frame, nothing is known of the picture.
inline constexpr absl::Duration kMaxRunPause = absl::Seconds(4);

// Whether both are within 2 bits of each other, in every window if there are
// several, and their qualities within 2.
bool ShowTheSame(const ReferenceFrame& a, const ReferenceFrame& b);
bool ShowTheSame(const WindowFrame& a, const WindowFrame& b);

// Keeps the frames of a clip, ReferenceFrames or WindowFrames, as they come in:
// those that show the same as the first of their run only make it last longer.
// They are compared with the first, so slow change starts new runs. The last
// frame of all is always kept, so that a clip's end is a frame's time. Takes
// memory for what is kept alone.
template <typename Frame>
class FrameRuns {
 public:
  // In order of time; `until` is not looked at.
  void Add(Frame frame) {
    frame.until = frame.time;
    const bool same = !kept_.empty() &&
                      frame.time - LastTime() <= kMaxRunPause &&
                      ShowTheSame(kept_.back(), frame);
    if (last_.has_value()) kept_.back().until = last_->time;
    last_.reset();
    if (same) {
      last_ = std::move(frame);
    } else {
      kept_.push_back(std::move(frame));
    }
  }

  bool empty() const { return kept_.empty(); }

  // Of the last frame that was added; there must be one.
  absl::Duration LastTime() const {
    return last_.has_value() ? last_->time : kept_.back().time;
  }

  // What is kept; nothing may be added afterwards.
  std::vector<Frame> Finish() {
    if (last_.has_value()) kept_.push_back(*std::move(last_));
    return std::move(kept_);
  }

 private:
  std::vector<Frame> kept_;
  std::optional<Frame> last_;  // Of the last run, unless it is the first.
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_FRAME_RUNS_H_
