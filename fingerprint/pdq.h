#ifndef LENSCAP_FINGERPRINT_PDQ_H_
#define LENSCAP_FINGERPRINT_PDQ_H_

#include <array>

#include "fingerprint/hash256.h"
#include "media/frame.h"

namespace lenscap {

// The ways to turn a square over onto itself, in the order of PDQ's own
// dihedral hashes. Values are frozen: they are indexes, and in the API + 1.
enum class Orientation {
  kUpright = 0,
  kRotated90 = 1,  // Counter-clockwise, as is the next but one.
  kRotated180 = 2,
  kRotated270 = 3,
  kFlipped = 4,      // Top and bottom exchanged.
  kMirrored = 5,     // Left and right exchanged.
  kTransposed = 6,   // Reflected in the main diagonal.
  kTransversed = 7,  // Reflected in the other diagonal.
};
inline constexpr int kOrientations = 8;

struct Pdq {
  Hash256 hash;
  int quality = 0;  // 0 (flat) to 100. Below 50 a hash says little.
};

struct DihedralPdq {
  std::array<Hash256, kOrientations> hashes;  // By Orientation.
  int quality = 0;
};

// PDQ (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
// Image-Hashing Algorithm", 2019) of a luma plane, bit for bit as the
// reference computes it from the same luminance. The plane must be at least
// 1x1; where a side is shorter than 5 all bits and the quality are 0. Pure;
// thread-safe.
Pdq ComputePdq(const Plane& luma, LumaRange range);

// The hashes of the picture and of its seven rotations and reflections, from
// one transform.
DihedralPdq ComputeDihedralPdq(const Plane& luma, LumaRange range);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_PDQ_H_
