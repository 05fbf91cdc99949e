#ifndef LENSCAP_FINGERPRINT_FIND_GRID_H_
#define LENSCAP_FINGERPRINT_FIND_GRID_H_

#include <optional>

#include "fingerprint/region.h"
#include "fingerprint/step_map.h"

namespace lenscap {

inline constexpr int kMostGridLines = 6;  // Rows, and columns.

// Equal cells, side by side with equal gaps between them, in `bounds`.
struct Grid {
  Region bounds;
  int rows = 1;
  int columns = 1;
  double row_gap = 0;     // Between two rows, as a share of the picture.
  double column_gap = 0;  // Between two columns.

  Region Cell(int row, int column) const;
};

// The grid that fills `bounds`, if there is one of more than one cell.
std::optional<Grid> FindGrid(const StepMap& map, const Region& bounds);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_FIND_GRID_H_
