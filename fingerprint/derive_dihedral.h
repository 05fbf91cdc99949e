#ifndef LENSCAP_FINGERPRINT_DERIVE_DIHEDRAL_H_
#define LENSCAP_FINGERPRINT_DERIVE_DIHEDRAL_H_

#include "fingerprint/hash256.h"
#include "fingerprint/pdq.h"

namespace lenscap {

// What ComputeDihedralPdq made of a picture, from its upright hash alone.
// Turning a picture over negates some of the coefficients that the bits are the
// signs of, and the median that they are compared with stays near zero: so
// kUpright and kTransposed come out exactly, the other six nearly. On footage
// 6 to 12 bits of those are wrong on average, 32 at most: too many to search
// with, few enough to be stored as what is wrong. Pure.
DihedralPdq DeriveDihedral(const Pdq& upright);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_DERIVE_DIHEDRAL_H_
