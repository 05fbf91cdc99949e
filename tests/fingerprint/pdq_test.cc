#include "fingerprint/pdq.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

struct KnownAnswer {
  Pattern pattern;
  int width, height;
  const char* hex;
  int quality;
};

// What the reference (facebook/ThreatExchange, pdq/cpp, built with g++ 12 -O2
// for x86-64) gives for these planes. Flat and periodic pictures are the hard
// ones: their coefficients are equal but for the reference's own roundings.
constexpr KnownAnswer kKnownAnswers[] = {
    {Pattern::kFlat, 64, 64,
     "2c4b11342c4b2c4b554b11342c4b1134113411340000554b000011342c4b585e", 0},
    {Pattern::kFlat, 641, 479,
     "2c4b11342c4b2c4b554b11342c4b1134113411340000554b000011342c4b585e", 0},
    {Pattern::kRamp, 64, 64,
     "aa964d5a4ceaa64951648aaa495c7a6b69f9dac52b2aed6e56a456cb2aa42d8b", 44},
    {Pattern::kRamp, 5, 7,
     "6c5b685b6c5b00000000695a93a4695a6c5b695a93a4695a6c5b93a4695a6c5b", 56},
    {Pattern::kRamp, 97, 131,
     "9964695244da64dd9554a5aa49da6cadadae4a959aaa6cae524d44d44f4dc99f", 42},
    {Pattern::kRamp, 320, 240,
     "5557d4ac48aaa4b3ad55d2c88cf1938c6c952a95e92b156badf4ccb789255555", 44},
    {Pattern::kRamp, 641, 479,
     "68ea2d9a5a93a2b533295a9d55ab66954ca5552e5455752adad55529a9b3354a", 44},
    {Pattern::kStripes, 64, 64,
     "000055ffaa00aa00aa0055ffaa0055ffaa0055ff55ffaa00aa0055ff55ffaa00", 100},
    {Pattern::kStripes, 5, 7,
     "00001134820000002c4bcc5300002c4b13a00000554b2c4b2c4b11342c4b102f", 0},
    {Pattern::kStripes, 97, 131,
     "00001d7762886288e2881d77e2889d7762881d779d77e288e2881d771d776288", 100},
    {Pattern::kStripes, 320, 240,
     "01eaaa2a51eaaa00aaaafe55020055ffaa00ff5f51aafe1551fa7e55d5ffaa00", 100},
    {Pattern::kStripes, 641, 479,
     "a0005000aaaa555580005fffffff555555555555557faaaa55557eaaa5555555", 100},
    {Pattern::kChecks, 64, 64,
     "ffff55e0ea9f55e0ea9f55e0ea9f57e0ea9f15601560556015605560156055e0", 34},
    {Pattern::kChecks, 5, 7,
     "2c4b554b00002c4b0000554b554b585e11342c4b000011342c4bcc53299b017e", 0},
    {Pattern::kChecks, 97, 131,
     "54ff54ffeb00eb04eb04ef04eb04eb04eb04ef05eb04ef05eb04ef04ef04ef05", 60},
    {Pattern::kChecks, 320, 240,
     "55405555554055555540555555405555554155455540bfbf5541ffff5541ffff", 100},
    {Pattern::kChecks, 641, 479,
     "0000aaaa00000000aaaaffff00000000ffffffffaaaaffff0000ffffaaaaffff", 100},
    {Pattern::kRings, 64, 64,
     "fcd0bff5dc00ed50f008f500402a5500c0ffd0ed42ffd0af0aff40ff02bf40ff", 0},
    {Pattern::kRings, 5, 7,
     "ce7396b531cc9ba693a43d24ce7394b569da6b5a962594a521c892a46e5b615a", 0},
    {Pattern::kRings, 97, 131,
     "143bed4236bdebc0153b153f4004573dc800d7bfc800277f077bfdbb15bfc840", 0},
    {Pattern::kRings, 320, 240,
     "aa95555aaaad5552aaad555aaa95552aab5552aaa5556aaa5555aaaa5555aaaa", 51},
    {Pattern::kRings, 641, 479,
     "99cf673998ce773988ce3339ecc79338a6c749b89267a4982d376a4852d352a4", 100},
    {Pattern::kBlobs, 64, 64,
     "a01cffcef0507bfa9550f946f00df966528c07e65d54e7e1554b8211ecbba211", 100},
    {Pattern::kBlobs, 5, 7,
     "3d8d9b26932664d96cd964d96cd99b26932664d96cd964d993269b2693269b26", 100},
    {Pattern::kBlobs, 97, 131,
     "bbcaf7acfbc8f2acfac8520287cead668748ffee55440811a2bf0c11a2bf0c11", 100},
    {Pattern::kBlobs, 320, 240,
     "92c8aa74d7c8bae4554a505c82f8da5cffe9fafcf2e905035fe20543a2970543", 100},
    {Pattern::kBlobs, 641, 479,
     "81c8bae4b5cafae4554a501da3e8dadcf7e8fafce2e905437de2055308970453", 100},
    {Pattern::kNoise, 64, 64,
     "070e252fc81d5cfd8d9f8d6d6d32d02b7dc29f718a9246988649747d8358b725", 100},
    {Pattern::kNoise, 5, 7,
     "3b0e61d86c5b9e27c6f1cb72c671c3f03c0f6c5bc3f03c0f390e348d390e61d8", 100},
    {Pattern::kNoise, 97, 131,
     "1b8177eb5daaecaadc8cdcf04f322e77c050deb763522800d3dc4112bb9a6533", 100},
    {Pattern::kNoise, 320, 240,
     "0cd86dce8754233fcdf8036556b88a930d010932eb95e851ba3df17276e55de3", 100},
    {Pattern::kNoise, 641, 479,
     "794d67bc0299cd83312665070fa1fe05b63c0d64348588f1e4fbdc5fda1d9d89", 100},
    {Pattern::kSparks, 64, 64,
     "1a54335415e7e60e3ba875b2619f4911421ef97f39fb18889fb8d5d7ce005730", 100},
    {Pattern::kSparks, 5, 7,
     "0000000000000000000000000000000000000000000000000000000000000000", 0},
    {Pattern::kSparks, 97, 131,
     "422505df77b47de60f3c283aa140f27c5bdbb69ffedb469fc02170018bc009d6", 100},
    {Pattern::kSparks, 320, 240,
     "be6da5fea687a4bcac3bc2fbed373022b5380e0c902e24df0cd28cb2129d3267", 100},
    {Pattern::kSparks, 641, 479,
     "4e5c81dbada10a44acd12398a271c2bb0f4526aec4398715eded5cdeed817f63", 100},
};

Picture Turned(const Picture& picture, Orientation orientation) {
  const int w = picture.width, h = picture.height;
  const bool exchanged = orientation == Orientation::kRotated90 ||
                         orientation == Orientation::kRotated270 ||
                         orientation == Orientation::kTransposed ||
                         orientation == Orientation::kTransversed;
  Picture turned = exchanged ? Picture(h, w) : Picture(w, h);
  for (int y = 0; y < turned.height; ++y) {
    for (int x = 0; x < turned.width; ++x) {
      uint8_t& sample = turned.at(x, y);
      switch (orientation) {
        case Orientation::kUpright:
          sample = picture.at(x, y);
          break;
        case Orientation::kRotated90:
          sample = picture.at(w - 1 - y, x);
          break;
        case Orientation::kRotated180:
          sample = picture.at(w - 1 - x, h - 1 - y);
          break;
        case Orientation::kRotated270:
          sample = picture.at(y, h - 1 - x);
          break;
        case Orientation::kFlipped:
          sample = picture.at(x, h - 1 - y);
          break;
        case Orientation::kMirrored:
          sample = picture.at(w - 1 - x, y);
          break;
        case Orientation::kTransposed:
          sample = picture.at(y, x);
          break;
        case Orientation::kTransversed:
          sample = picture.at(w - 1 - y, h - 1 - x);
          break;
      }
    }
  }
  return turned;
}

Pdq PdqOf(const Picture& picture) {
  return ComputePdq(picture.plane(), LumaRange::kFull);
}

TEST(PdqTest, KnownPicturesHaveTheReferencesHashes) {
  for (const KnownAnswer& known : kKnownAnswers) {
    SCOPED_TRACE(testing::Message() << NameOf(known.pattern) << " "
                                    << known.width << "x" << known.height);
    const Picture picture =
        MakePicture(known.pattern, known.width, known.height);
    const Pdq pdq = PdqOf(picture);
    EXPECT_EQ(ToHex(pdq.hash), known.hex);
    EXPECT_EQ(pdq.quality, known.quality);
    const DihedralPdq dihedral =
        ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
    EXPECT_EQ(ToHex(dihedral.hashes[0]), known.hex);
    EXPECT_EQ(dihedral.quality, known.quality);
  }
}

// In a grid of the picture's own size nothing is filtered, so that a turned
// picture has exactly the turned coefficients, but for the order of addition.
TEST(PdqTest, ATurnedPictureHasTheTurnedHash) {
  for (const Pattern pattern : {Pattern::kBlobs, Pattern::kNoise}) {
    const Picture picture = MakePicture(pattern, 64, 64);
    const DihedralPdq dihedral =
        ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
    for (int k = 0; k < kOrientations; ++k) {
      const Pdq turned = PdqOf(Turned(picture, static_cast<Orientation>(k)));
      EXPECT_EQ(turned.hash, dihedral.hashes[k]) << k;
      EXPECT_EQ(turned.quality, dihedral.quality) << k;
    }
  }
}

// The filter looks one sample further one way than the other where its window
// is even, so a few bits may differ.
TEST(PdqTest, ATurnedLargePictureNearlyHasTheTurnedHash) {
  const Picture picture = MakePicture(Pattern::kBlobs, 640, 360);
  const DihedralPdq dihedral =
      ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
  for (int k = 0; k < kOrientations; ++k) {
    const Pdq turned = PdqOf(Turned(picture, static_cast<Orientation>(k)));
    EXPECT_LE(HammingDistance(turned.hash, dihedral.hashes[k]), 10) << k;
  }
}

TEST(PdqTest, HashesOfOneOrientationAreFarFromThoseOfAnother) {
  const Picture picture = MakePicture(Pattern::kNoise, 320, 240);
  const DihedralPdq dihedral =
      ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
  for (int a = 0; a < kOrientations; ++a) {
    for (int b = 0; b < a; ++b) {
      EXPECT_GT(HammingDistance(dihedral.hashes[a], dihedral.hashes[b]), 80)
          << a << " " << b;
    }
  }
}

TEST(PdqTest, HalfOfTheBitsAreSet) {
  for (const Pattern pattern : {Pattern::kNoise, Pattern::kBlobs}) {
    const Pdq pdq = PdqOf(MakePicture(pattern, 400, 300));
    EXPECT_EQ(HammingDistance(pdq.hash, Hash256()), 128);
  }
}

TEST(PdqTest, TooSmallPicturesHashToNothing) {
  for (const auto& [width, height] :
       {std::pair(1, 1), {4, 4}, {4, 100}, {100, 4}, {1, 2000}}) {
    const Picture picture = MakePicture(Pattern::kNoise, width, height);
    EXPECT_EQ(PdqOf(picture).hash, Hash256());
    EXPECT_EQ(PdqOf(picture).quality, 0);
    const DihedralPdq dihedral =
        ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
    for (const Hash256& hash : dihedral.hashes) EXPECT_EQ(hash, Hash256());
  }
}

TEST(PdqTest, FlatPicturesHaveNoQuality) {
  for (const auto& [width, height] : {std::pair(5, 5), {640, 480}}) {
    EXPECT_EQ(PdqOf(MakePicture(Pattern::kFlat, width, height)).quality, 0);
  }
}

TEST(PdqTest, AStridedViewIsHashedAsIfItWereCopiedOut) {
  const Picture large = MakePicture(Pattern::kNoise, 500, 400);
  Picture cut(300, 200);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 300; ++x) cut.at(x, y) = large.at(x + 150, y + 99);
  }
  const Plane view = {&large.samples[99 * 500 + 150], 300, 200, 500};
  EXPECT_EQ(ComputePdq(view, LumaRange::kFull).hash, PdqOf(cut).hash);
}

// Samples 16 to 235 are the same picture as 0 to 255.
TEST(PdqTest, LimitedRangeIsStretchedForTheQuality) {
  Picture full = MakePicture(Pattern::kRings, 320, 240);
  Picture limited = full;
  for (uint8_t& sample : limited.samples) {
    sample = static_cast<uint8_t>(16 + std::lround(sample * 219 / 255.0));
  }
  const int expected = PdqOf(full).quality;
  EXPECT_LT(expected, 100);
  EXPECT_NEAR(ComputePdq(limited.plane(), LumaRange::kLimited).quality,
              expected, 5);
  EXPECT_LT(ComputePdq(limited.plane(), LumaRange::kFull).quality,
            expected - 5);
  EXPECT_EQ(ComputePdq(full.plane(), LumaRange::kLimited).hash,
            PdqOf(full).hash);
}

TEST(PdqTest, BrightnessAndContrastHardlyMatter) {
  const Picture picture = MakePicture(Pattern::kBlobs, 320, 240);
  Picture dull = picture;
  for (uint8_t& sample : dull.samples) sample = 70 + sample / 2;
  EXPECT_LE(HammingDistance(PdqOf(picture).hash, PdqOf(dull).hash), 10);
}

TEST(PdqTest, ExtremeShapesAreHashed) {
  for (const auto& [width, height] :
       {std::pair(5, 20'000), {20'000, 5}, {8192, 64}, {65, 4608}}) {
    const Pdq pdq = PdqOf(MakePicture(Pattern::kNoise, width, height));
    EXPECT_EQ(HammingDistance(pdq.hash, Hash256()), 128);
  }
}

TEST(PdqTest, ThreadsDoNotDisturbEachOther) {
  const Picture small = MakePicture(Pattern::kRings, 200, 150);
  const Picture large = MakePicture(Pattern::kStripes, 300, 310);
  const Hash256 of_small = PdqOf(small).hash, of_large = PdqOf(large).hash;
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        count += PdqOf(small).hash != of_small;
        count += PdqOf(large).hash != of_large;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace lenscap
