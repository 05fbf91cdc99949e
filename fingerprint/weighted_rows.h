#ifndef LENSCAP_FINGERPRINT_WEIGHTED_ROWS_H_
#define LENSCAP_FINGERPRINT_WEIGHTED_ROWS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "media/frame.h"

namespace lenscap {

// sums[x] = weights[0] * luma(x, first) + weights[1] * luma(x, first + 1) + ...
// for each column x. Sums must fit: in 16 bits, as whole numbers in a float.
// Rows are read once, and those after them fetched meanwhile. Thread-safe.
void SumRows(const Plane& luma, int first, absl::Span<const uint16_t> weights,
             uint16_t* sums);
void SumRows(const Plane& luma, int first, absl::Span<const float> weights,
             float* sums);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_WEIGHTED_ROWS_H_
