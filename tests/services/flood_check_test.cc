#include "services/flood_check.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "gtest/gtest.h"
#include "index/clip_set.h"
#include "services/default_policy.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

class FloodCheckTest : public testing::Test {
 protected:
  FloodCheckTest() {
    Open();
    options_.policy = DefaultPolicy();
  }
  void Open() {
    auto uploads =
        UploadStore::Open({.directory = directory_, .clock = &clock_});
    ASSERT_TRUE(uploads.ok()) << uploads.status();
    uploads_ = *std::move(uploads);
  }
  // `shown` of `count` uploads show the content.
  void Keep(int count, int shown, v1::Action action = v1::ACTION_ALLOW) {
    for (int i = 0; i < count; ++i) {
      KeptUpload upload = CleanUpload(absl::StrCat("upload-", ++kept_));
      upload.action = action;
      const auto hashes = i < shown ? CopyOf(content_, 20, 20, 6, random_)
                                    : MovingHashes(20, 40, random_);
      ASSERT_TRUE(uploads_->Keep(upload, MakeUpload(hashes)).ok());
    }
  }
  FloodResult Check() {
    std::vector<Clip> clips = {MakeClip("list", "common", content_)};
    for (int i = 0; i < 30; ++i) {
      clips.push_back(MakeClip("list", absl::StrCat("rare-", i),
                               MovingHashes(40, 40, random_)));
    }
    for (Clip& clip : clips) clip.severity = Severity::kConfirmed;
    const auto result =
        CheckFlood(ClipSet(clips), *uploads_, clock_.Now(), options_);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(FloodResult());
  }

  Random random_{1};
  FakeClock clock_;
  FloodOptions options_;
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<UploadStore> uploads_;
  const std::vector<Hash256> content_ = MovingHashes(80, 40, random_);
  int kept_ = 0;
};

TEST_F(FloodCheckTest, AListThatKnowsFiveOfAHundredCleanUploadsIsAFlood) {
  Keep(100, 5);
  const FloodResult result = Check();
  EXPECT_TRUE(result.flood);
  EXPECT_EQ(result.report.uploads_checked(), 100);
  EXPECT_EQ(result.report.uploads_matched(), 5);
  EXPECT_EQ(result.report.max_share(), 0.01);
  ASSERT_EQ(result.report.entries_size(), 1);
  EXPECT_EQ(result.report.entries(0).entry_id(), "common");
  EXPECT_EQ(result.report.entries(0).uploads(), 5);
}

TEST_F(FloodCheckTest, ExactlyTheShareIsNone) {
  Keep(300, 3);
  EXPECT_FALSE(Check().flood);
  Keep(1, 1);
  EXPECT_TRUE(Check().flood);
}

TEST_F(FloodCheckTest, AFewUploadsAreNoFloodWhateverTheirShare) {
  Keep(19, 19);
  EXPECT_FALSE(Check().flood);
  EXPECT_EQ(Check().report.uploads_matched(), 19);
  Keep(1, 0);
  EXPECT_TRUE(Check().flood);
}

TEST_F(FloodCheckTest, TwoMatchesAreNoFlood) {
  Keep(50, 2);
  EXPECT_FALSE(Check().flood);
}

TEST_F(FloodCheckTest, WithoutUploadsThereIsNoFlood) {
  EXPECT_FALSE(Check().flood);
  EXPECT_EQ(Check().report.uploads_checked(), 0);
}

TEST_F(FloodCheckTest, OnlyRecentUploadsThatWereLetThroughCount) {
  Keep(50, 50);
  clock_.Advance(options_.within + absl::Seconds(1));
  Keep(50, 50, v1::ACTION_REVIEW);
  Keep(50, 50, v1::ACTION_UNREADABLE);
  Keep(50, 0);
  const FloodResult result = Check();
  EXPECT_FALSE(result.flood);
  EXPECT_EQ(result.report.uploads_checked(), 50);
  EXPECT_EQ(result.report.uploads_matched(), 0);
}

TEST_F(FloodCheckTest, TheNewestAreLookedAt) {
  options_.max_uploads = 150;
  Keep(100, 100);
  Keep(150, 0);
  EXPECT_EQ(Check().report.uploads_checked(), 150);
  EXPECT_FALSE(Check().flood);
  Keep(10, 10);
  EXPECT_EQ(Check().report.uploads_matched(), 10);
}

TEST_F(FloodCheckTest, DamagedRecordsArePassedOver) {
  Keep(30, 10);
  uploads_.reset();
  {
    const auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok()) << db.status();
    ASSERT_TRUE((*db)
                    ->Put(rocksdb::WriteOptions(),
                          absl::StrCat("F", EncodeUint64(1)), "damage")
                    .ok());
  }
  Open();
  EXPECT_EQ(Check().report.uploads_checked(), 29);
  EXPECT_EQ(Check().report.uploads_matched(), 9);
}

}  // namespace
}  // namespace lenscap
