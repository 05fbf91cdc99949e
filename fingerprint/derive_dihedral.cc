#include "fingerprint/derive_dihedral.h"

#include <cstdint>

#include "fingerprint/spectrum.h"

namespace lenscap {
namespace {

// Reversing an axis negates the coefficients of even index along it (see
// Reversed); bit 16 * row + column is that of one coefficient.
constexpr uint64_t kEvenRows = 0x0000'ffff'0000'ffff;
constexpr uint64_t kEvenColumns = 0x5555'5555'5555'5555;

Hash256 Inverted(Hash256 hash, uint64_t bits) {
  for (uint64_t& word : hash.words) word ^= bits;
  return hash;
}

}  // namespace

DihedralPdq DeriveDihedral(const Pdq& upright) {
  DihedralPdq derived;
  derived.quality = upright.quality;
  const auto set = [&](uint64_t inverted, Orientation straight,
                       Orientation transposed) {
    const Hash256 hash = Inverted(upright.hash, inverted);
    derived.hashes[static_cast<int>(straight)] = hash;
    derived.hashes[static_cast<int>(transposed)] = Transposed(hash);
  };
  set(0, Orientation::kUpright, Orientation::kTransposed);
  set(kEvenRows, Orientation::kFlipped, Orientation::kRotated270);
  set(kEvenColumns, Orientation::kMirrored, Orientation::kRotated90);
  set(kEvenRows ^ kEvenColumns, Orientation::kRotated180,
      Orientation::kTransversed);
  return derived;
}

}  // namespace lenscap
