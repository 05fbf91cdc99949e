#include "fingerprint/derive_dihedral.h"

#include <tuple>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

const Hash256& HashOf(const DihedralPdq& pdq, Orientation orientation) {
  return pdq.hashes[static_cast<int>(orientation)];
}

TEST(DeriveDihedralTest, BitsAreInvertedAndTransposedAsKnown) {
  // One bit: row 1, column 0. Rows and columns of even number are inverted.
  Hash256 hash;
  hash.words[0] = uint64_t{1} << 16;
  const DihedralPdq derived = DeriveDihedral({.hash = hash, .quality = 77});
  EXPECT_EQ(derived.quality, 77);
  EXPECT_EQ(HashOf(derived, Orientation::kUpright), hash);
  Hash256 transposed;
  transposed.words[0] = uint64_t{1} << 1;
  EXPECT_EQ(HashOf(derived, Orientation::kTransposed), transposed);
  EXPECT_EQ(HashOf(derived, Orientation::kFlipped).words[0],
            0x0000'ffff'0001'ffff);
  EXPECT_EQ(HashOf(derived, Orientation::kFlipped).words[3],
            0x0000'ffff'0000'ffff);
  EXPECT_EQ(HashOf(derived, Orientation::kMirrored).words[0],
            0x5555'5555'5554'5555);
  EXPECT_EQ(HashOf(derived, Orientation::kRotated180).words[1],
            0x5555'aaaa'5555'aaaa);
}

// What each turn of a real transform gives, but for the few bits near the
// median; what is derived of what was derived turns back.
TEST(DeriveDihedralTest, HashesOfPicturesAreDerivedButForAFewBits) {
  for (const auto& [pattern, width, height] :
       {std::tuple(Pattern::kRamp, 320, 240),
        std::tuple(Pattern::kNoise, 97, 131),
        std::tuple(Pattern::kNoise, 641, 479)}) {
    const auto picture = MakePicture(pattern, width, height);
    const DihedralPdq truth =
        ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
    const DihedralPdq derived =
        DeriveDihedral({.hash = truth.hashes[0], .quality = truth.quality});
    for (int o = 0; o < kOrientations; ++o) {
      EXPECT_LE(HammingDistance(truth.hashes[o], derived.hashes[o]), 32) << o;
    }
    EXPECT_EQ(HashOf(truth, Orientation::kTransposed),
              HashOf(derived, Orientation::kTransposed));
    for (const Orientation o :
         {Orientation::kFlipped, Orientation::kMirrored,
          Orientation::kRotated180, Orientation::kTransposed}) {
      EXPECT_EQ(
          HashOf(DeriveDihedral({.hash = HashOf(derived, o), .quality = 0}), o),
          truth.hashes[0]);
    }
  }
}

}  // namespace
}  // namespace lenscap
