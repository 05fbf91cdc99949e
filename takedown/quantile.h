#ifndef LENSCAP_TAKEDOWN_QUANTILE_H_
#define LENSCAP_TAKEDOWN_QUANTILE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/time/time.h"

namespace lenscap {

// The smallest value that `share` of all are not above. `sorted` has some.
inline absl::Duration NearestRank(const std::vector<absl::Duration>& sorted,
                                  double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_QUANTILE_H_
