#include "index/says_nothing.h"

#include "fingerprint/pdq.h"
#include "gtest/gtest.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;

Picture Flat(int grey) {
  Picture picture(kWidth, kHeight);
  for (uint8_t& sample : picture.samples) sample = grey;
  return picture;
}

bool AllSayNothing(const Picture& picture, LumaRange range) {
  for (Hash256 hash : ComputeDihedralPdq(picture.plane(), range).hashes) {
    if (!SaysNothing(hash)) return false;
    for (uint64_t& word : hash.words) word = ~word;
    if (!SaysNothing(hash)) return false;
  }
  return true;
}

TEST(SaysNothingTest, FlatFramesSayNothingHoweverTurned) {
  for (const LumaRange range : {LumaRange::kFull, LumaRange::kLimited}) {
    for (const int grey : {0, 16, 100, 128, 235, 255}) {
      EXPECT_TRUE(AllSayNothing(Flat(grey), range)) << grey;
    }
  }
}

TEST(SaysNothingTest, WhiteBetweenBlackBarsSaysNothingThoughOfHighQuality) {
  Picture picture = Flat(235);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      if (y < kHeight / 8 || y >= kHeight - kHeight / 8) picture.at(x, y) = 16;
    }
  }
  EXPECT_TRUE(
      SaysNothing(ComputePdq(picture.plane(), LumaRange::kLimited).hash));
}

TEST(SaysNothingTest, PicturesSaySomething) {
  for (const Pattern pattern : kPatterns) {
    if (pattern == Pattern::kFlat) continue;
    const Picture picture = MakePicture(pattern, kWidth, kHeight);
    EXPECT_FALSE(
        SaysNothing(ComputePdq(picture.plane(), LumaRange::kFull).hash))
        << NameOf(pattern);
  }
}

TEST(SaysNothingTest, DigestsOfNoBytesAndOfNoFileSayNothing) {
  Digester digester;
  const FileDigests none = digester.Finish();
  EXPECT_TRUE(SaysNothing(none.sha256));
  EXPECT_TRUE(SaysNothing(none.sha1));
  EXPECT_TRUE(SaysNothing(none.md5));
  EXPECT_TRUE(SaysNothing(Sha1()));
  digester.Update("a");
  const FileDigests some = digester.Finish();
  EXPECT_FALSE(SaysNothing(some.sha256));
  EXPECT_FALSE(SaysNothing(some.sha1));
  EXPECT_FALSE(SaysNothing(some.md5));
}

TEST(SaysNothingTest, AClipSaysSomethingByOneFrameOrDigest) {
  Clip clip;
  EXPECT_NE(WhyItSaysNothing(clip, 50), "");
  clip.frames = {{.hash = {}, .quality = 100, .time = absl::ZeroDuration()}};
  EXPECT_NE(WhyItSaysNothing(clip, 50), "");
  const Picture picture = MakePicture(Pattern::kBlobs, kWidth, kHeight);
  const Hash256 hash = ComputePdq(picture.plane(), LumaRange::kFull).hash;
  clip.frames.push_back(
      {.hash = hash, .quality = 49, .time = absl::ZeroDuration()});
  EXPECT_NE(WhyItSaysNothing(clip, 50), "");
  clip.frames.back().quality = 50;
  EXPECT_EQ(WhyItSaysNothing(clip, 50), "");
  clip.frames.clear();
  clip.sha1.emplace().fill(0);
  EXPECT_NE(WhyItSaysNothing(clip, 50), "");
  clip.sha1->back() = 1;
  EXPECT_EQ(WhyItSaysNothing(clip, 50), "");
  clip.sha256 = Sha256Of("");
  EXPECT_NE(WhyItSaysNothing(clip, 50), "") << "the surest one counts";
}

}  // namespace
}  // namespace lenscap
