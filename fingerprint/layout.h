#ifndef LENSCAP_FINGERPRINT_LAYOUT_H_
#define LENSCAP_FINGERPRINT_LAYOUT_H_

#include <vector>

#include "absl/types/span.h"
#include "fingerprint/region.h"
#include "media/frame.h"

namespace lenscap {

inline constexpr int kMaxLayoutPlanes = 64;
inline constexpr int kMaxLayoutParts = 64;

// A picture that stands in the picture.
struct LayoutPart {
  enum class Kind {
    kContent,  // What is left without borders.
    kTile,     // One cell of a grid, without borders of its own.
    kInner,    // A picture in the picture, or beside another.
  };
  Kind kind = Kind::kContent;
  Region region;
  // Of a tile: its place in the grid, from the top left, and the grid's size.
  // A cell without a picture is no tile.
  int row = 0;
  int column = 0;
  int rows = 1;
  int columns = 1;
};

// The pictures that stand in one stretch of video besides the whole of it, at
// most kMaxLayoutParts; none for an ordinary video. They are told by straight
// lines that stay from frame to frame, so let `planes` be 1 to
// kMaxLayoutPlanes samples spread evenly over the stretch, of one size, about
// 320 by 180 to 320 by 320 (those beyond that number are left out; none are
// found in planes that are below 32 by 32 or differ in size). A part that is
// not there only costs time, so doubtful ones are given. Pure.
std::vector<LayoutPart> FindLayout(absl::Span<const Plane> planes,
                                   LumaRange range);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_LAYOUT_H_
