#include "fingerprint/fingerprint.h"

#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

TEST(FingerprintTest, KeepsTheTimeAndTheHashesOfTheFrame) {
  const Picture picture = MakePicture(Pattern::kBlobs, 160, 120);
  Frame frame;
  frame.time = absl::Milliseconds(1234);
  frame.luma = picture.plane();
  frame.range = LumaRange::kFull;
  const FrameFingerprint fingerprint = Fingerprint(frame);
  EXPECT_EQ(fingerprint.time, absl::Milliseconds(1234));
  const DihedralPdq expected =
      ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
  EXPECT_EQ(fingerprint.pdq.hashes, expected.hashes);
  EXPECT_EQ(fingerprint.hash(), expected.hashes[0]);
  EXPECT_EQ(fingerprint.quality(), expected.quality);
}

TEST(FingerprintTest, TheRangeOfTheLumaCountsForTheQuality) {
  const Picture picture = MakePicture(Pattern::kRamp, 160, 120);
  Frame frame;
  frame.luma = picture.plane();
  frame.range = LumaRange::kFull;
  const int full = Fingerprint(frame).quality();
  frame.range = LumaRange::kLimited;
  EXPECT_GT(Fingerprint(frame).quality(), full);
}

}  // namespace
}  // namespace lenscap
