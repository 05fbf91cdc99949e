#ifndef LENSCAP_FINGERPRINT_BOX_FILTER_H_
#define LENSCAP_FINGERPRINT_BOX_FILTER_H_

#include <algorithm>
#include <array>
#include <vector>

namespace lenscap {

// PDQ shrinks a picture to this many rows and columns before its transform.
inline constexpr int kGridSide = 64;
using LumaGrid = std::array<std::array<float, kGridSide>, kGridSide>;

// The picture sample, 0 to length - 1, that stands for grid row or column i.
inline int GridSample(int i, int length) {
  return static_cast<int>((i + 0.5) * length / kGridSide);
}

// One pass of PDQ's box filter along an axis of `length` samples: output x is
// the mean of the samples [first(x), last(x)], both included. Two passes span
// about one cell of the grid.
class BoxWindow {
 public:
  explicit BoxWindow(int length)
      : length_(length),
        size_((length + 2 * kGridSide - 1) / (2 * kGridSide)),
        right_((size_ + 2) / 2 - 1) {}

  int length() const { return length_; }
  int size() const { return size_; }    // Where the border cuts nothing off.
  int right() const { return right_; }  // Samples after x.
  int first(int x) const { return std::max(0, x - (size_ - 1 - right_)); }
  int last(int x) const { return std::min(length_ - 1, x + right_); }
  int count(int x) const { return last(x) - first(x) + 1; }

 private:
  int length_;
  int size_;
  int right_;
};

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_BOX_FILTER_H_
