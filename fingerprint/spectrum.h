#ifndef LENSCAP_FINGERPRINT_SPECTRUM_H_
#define LENSCAP_FINGERPRINT_SPECTRUM_H_

#include <array>
#include <optional>

#include "fingerprint/box_filter.h"
#include "fingerprint/hash256.h"

namespace lenscap {

// PDQ's coefficients by row and column: the first frequencies but the constant
// one of the discrete cosine transform along either axis of the grid.
inline constexpr int kHashSide = 16;
using Spectrum = std::array<std::array<float, kHashSide>, kHashSide>;

// Each coefficient to the bit as the reference sums it up. Thread-safe.
Spectrum TransformOf(const LumaGrid& grid);

// The spectrum of the picture turned over. Reversing an axis negates its odd
// frequencies, which have the even indexes as there is no constant one.
Spectrum Reversed(const Spectrum& spectrum, bool rows, bool columns);

// A bit for each coefficient above the median, which is the 128th of 256.
// Nothing where the next one is not `margin` above it. Thread-safe.
std::optional<Hash256> Threshold(const Spectrum& spectrum, float margin);

// The hash of the spectrum with its axes exchanged.
Hash256 Transposed(const Hash256& hash);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_SPECTRUM_H_
