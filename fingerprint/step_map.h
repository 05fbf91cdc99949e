#ifndef LENSCAP_FINGERPRINT_STEP_MAP_H_
#define LENSCAP_FINGERPRINT_STEP_MAP_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "media/frame.h"

namespace lenscap {

// Samples or positions along an axis, half-open.
struct Extent {
  int from = 0;
  int to = 0;

  int size() const { return to - from; }
};

// A rectangle of whole samples.
struct Box {
  Extent columns;
  Extent rows;
};

// What a stretch of video shows of straight lines across one axis of the
// picture. A line stands at a position on the axis, a place between samples
// (position p is between the samples p - 1 and p), and runs along the other
// axis: across the columns lines are upright, across the rows level.
// The vectors hold `positions` runs of `length` samples.
struct AxisMap {
  int positions = 0;
  int length = 0;
  int frames = 0;
  std::vector<uint8_t> low, high;  // A sample's least and greatest value.
  // In how many frames the picture steps at the sample: changes along the axis
  // by far more than it does nearby. A line that stays makes a run of samples
  // with many.
  std::vector<uint8_t> steps;
  // sums[p * (length + 1) + q]: the steps at position p before sample q, each
  // the more frequent one of the two samples beside the position.
  std::vector<int32_t> sums;
  // How sharp the picture is along the line of samples at each position: the
  // mean of |a - 2b + c| over three samples in a row, over all frames.
  std::vector<double> sharpness;

  int index(int position, int along) const { return position * length + along; }
  // In what share of the frames the picture steps at `position`, 0 to
  // `positions`, on average over the samples [from, to); 0 if there are none.
  double Support(int position, int from, int to) const;
};

struct StepMap {
  AxisMap columns;
  AxisMap rows;
};

// The map of 1 to 64 planes of one size, at least 8 by 8.
StepMap MapSteps(absl::Span<const Plane> planes, LumaRange range);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_STEP_MAP_H_
