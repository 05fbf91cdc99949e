#include "index/clip_set.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(ClipSetTest, ItsClipsAreFoundAsInAStore) {
  Random random(1);
  const auto hashes = MovingHashes(400, 8, random);
  const Clip clip = MakeClip("list", "entry", hashes);
  auto frames = MovingHashes(20, 20, random);
  for (const Hash256& hash : CopyOf(hashes, 200, 20, 6, random)) {
    frames.push_back(hash);
  }
  const ClipSet known(clip);
  const auto matches = known.Match(MakeUpload(frames));
  ASSERT_THAT(matches, SizeIs(1));
  EXPECT_EQ(matches[0].entry_id, "entry");
  EXPECT_EQ(matches[0].query, (TimeSpan{absl::Seconds(10), absl::Seconds(20)}));
  EXPECT_NEAR(absl::ToDoubleSeconds(matches[0].reference.start), 50, 0.26);
  EXPECT_THAT(known.Match(MakeUpload(MovingHashes(40, 8, random))), IsEmpty());
}

TEST(ClipSetTest, SeveralClipsAreFoundAsAStoreFindsThem) {
  Random random(2);
  const auto store = KnownClips::Open({.directory = MakeTempDirectory()});
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)->CreateList("list", "issuer").ok());
  std::vector<std::vector<Hash256>> contents;
  std::vector<Clip> clips;
  for (int c = 0; c < 5; ++c) {
    contents.push_back(MovingHashes(60 + 20 * c, 20, random));
    clips.push_back(MakeClip("list", absl::StrCat("entry-", c), contents[c]));
    ASSERT_TRUE((*store)->Publish(clips[c]).ok());
  }
  const ClipSet known(clips);
  for (int c = 0; c < 5; ++c) {
    auto frames = CopyOf(contents[c], 4, 20, 6, random);
    for (const auto& hash : CopyOf(contents[(c + 1) % 5], 0, 20, 6, random)) {
      frames.push_back(hash);
    }
    const UploadFingerprint upload = MakeUpload(frames);
    const auto expected = (*store)->Match(upload);
    const auto matches = known.Match(upload);
    ASSERT_THAT(expected, SizeIs(2));
    ASSERT_THAT(matches, SizeIs(2));
    for (int m = 0; m < 2; ++m) {
      EXPECT_EQ(matches[m].entry_id, expected[m].entry_id);
      EXPECT_EQ(matches[m].clip_id, expected[m].clip_id);
      EXPECT_EQ(matches[m].query, expected[m].query);
      EXPECT_EQ(matches[m].reference, expected[m].reference);
      EXPECT_EQ(matches[m].score, expected[m].score);
    }
  }
}

}  // namespace
}  // namespace lenscap
