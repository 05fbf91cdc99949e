// The store on a disk that is slow, full or broken.

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// So that a version of a few clips is gathered in files.
constexpr size_t kRunBytes = 10'000;

class KnownClipsDiskTest : public testing::Test {
 protected:
  KnownClipsDiskTest() {
    Reopen();
    EXPECT_TRUE(clips_->CreateList("list", "issuer").ok());
  }
  ~KnownClipsDiskTest() override {
    clips_.reset();
    TestDisk::SetMode(TestDisk::Mode::kSound);
  }

  void Reopen() {
    clips_.reset();
    TestDisk::SetMode(TestDisk::Mode::kSound);
    auto clips = KnownClips::Open(
        {.directory = directory_, .update_run_bytes = kRunBytes});
    ASSERT_TRUE(clips.ok()) << clips.status();
    clips_ = *std::move(clips);
  }

  Clip MakeOne(const std::string& entry_id) {
    return MakeClip("list", entry_id, hashes_);
  }
  size_t Matches() {
    Random random(7);
    return clips_->Match(MakeUpload(CopyOf(hashes_, 0, 20, 4, random))).size();
  }

  Random random_{1};
  const std::vector<Hash256> hashes_ = MovingHashes(60, 10, random_);
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<KnownClips> clips_;
};

TEST_F(KnownClipsDiskTest, WritersThatComeTogetherShareSyncs) {
  constexpr int kWriters = 16;
  std::vector<std::thread> writers;
  const auto publish = [&](int i) {
    EXPECT_TRUE(clips_->Publish(MakeOne(absl::StrCat(i))).ok());
  };
  const int64_t before = TestDisk::syncs();
  {
    TestDisk::SyncHolder holder;
    writers.emplace_back(publish, 0);
    holder.AwaitSync();
    std::atomic<int> coming = 0;
    for (int i = 1; i < kWriters; ++i) {
      writers.emplace_back([&, i] {
        ++coming;
        publish(i);
      });
    }
    while (coming < kWriters - 1) std::this_thread::yield();
    holder.AwaitOthers();
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_LT(TestDisk::syncs() - before, kWriters);
  EXPECT_EQ(clips_->GetList("list")->version, kWriters);
  EXPECT_EQ(Matches(), kWriters);
}

TEST_F(KnownClipsDiskTest, NothingShowsOfAPublishThatIsNotOnDisk) {
  TestDisk::SyncHolder holder;
  std::thread writer(
      [&] { EXPECT_TRUE(clips_->Publish(MakeOne("entry")).ok()); });
  holder.AwaitSync();
  EXPECT_EQ(Matches(), 0);  // And does not wait.
  EXPECT_EQ(clips_->GetList("list")->version, 0);
  EXPECT_THAT(*clips_->Entries("list", "", 10), IsEmpty());
  EXPECT_THAT(*clips_->History("list", 10), IsEmpty());
  holder.LetGo();
  writer.join();
  EXPECT_EQ(Matches(), 1);
}

TEST_F(KnownClipsDiskTest, AWithdrawalThatIsNotOnDiskStillMatches) {
  ASSERT_TRUE(clips_->Publish(MakeOne("entry")).ok());
  TestDisk::SyncHolder holder;
  std::thread writer(
      [&] { EXPECT_TRUE(clips_->Withdraw("list", {"entry"}, "reason").ok()); });
  holder.AwaitSync();
  EXPECT_EQ(Matches(), 1);
  holder.LetGo();
  writer.join();
  EXPECT_EQ(Matches(), 0);
}

TEST_F(KnownClipsDiskTest, AFullDiskChangesNothing) {
  ASSERT_TRUE(clips_->Publish(MakeOne("before")).ok());
  TestDisk::SetMode(TestDisk::Mode::kFull);
  for (int i = 0; i < 2; ++i) {
    for (const absl::Status& status :
         {clips_->Publish(MakeOne("new")).status(),
          clips_->Withdraw("list", {"before"}, "reason").status(),
          clips_->WithdrawAll("list", "reason").status(),
          clips_->CreateList("more", "issuer")}) {
      EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
      EXPECT_THAT(std::string(status.message()), HasSubstr("free some space"));
    }
  }
  EXPECT_EQ(Matches(), 1);
  EXPECT_EQ(clips_->GetList("list")->version, 1);
  EXPECT_THAT(clips_->Lists(), SizeIs(1));
  EXPECT_THAT(*clips_->Entries("list", "", 10), SizeIs(1));
  Reopen();
  EXPECT_EQ(Matches(), 1);
  const auto published = clips_->Publish(MakeOne("after"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->list_version, 2);
  EXPECT_EQ(Matches(), 2);
}

TEST_F(KnownClipsDiskTest, NothingShowsOfAVersionThatIsNotOnDisk) {
  TestDisk::SyncHolder holder;
  std::thread writer([&] {
    EXPECT_TRUE(Apply(*clips_, NextVersion(*clips_, "signed", true),
                      {AddOf(MakeOne("a")), AddOf(MakeOne("b"))})
                    .ok());
  });
  holder.AwaitSync();
  EXPECT_EQ(Matches(), 0);
  EXPECT_TRUE(absl::IsNotFound(clips_->GetList("signed").status()));
  holder.LetGo();
  writer.join();
  EXPECT_EQ(Matches(), 2);
}

TEST_F(KnownClipsDiskTest, ADiskThatIsFullAtAnyTimeLeavesTheVersionBefore) {
  const std::vector<EntryChange> first = {AddOf(MakeOne("a"))};
  ASSERT_TRUE(Apply(*clips_, NextVersion(*clips_, "signed", true), first).ok());
  std::vector<EntryChange> second;
  for (int i = 0; i < 20; ++i) {
    second.push_back(AddOf(MakeOne(absl::StrCat("b", i))));
  }
  // Before anything is gathered, and before it is taken in.
  for (const bool late : {false, true}) {
    ListUpdateHooks hooks;
    hooks.review = [](const ClipMatcher&, const ListUpdateResult&) {
      TestDisk::SetMode(TestDisk::Mode::kFull);
      return ListUpdateHooks::Review();
    };
    const ListUpdate update = NextVersion(*clips_, "signed", true);
    if (!late) TestDisk::SetMode(TestDisk::Mode::kFull);
    const absl::Status status = Apply(*clips_, update, second, hooks).status();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ(Matches(), 1);
    EXPECT_EQ(clips_->GetList("signed")->signed_version, 1);
    Reopen();
    EXPECT_EQ(Matches(), 1);
    EXPECT_EQ(clips_->GetList("signed")->signed_version, 1);
  }
  ASSERT_TRUE(
      Apply(*clips_, NextVersion(*clips_, "signed", true), second).ok());
  EXPECT_EQ(Matches(), 20);
}

// RocksDB looks every five seconds whether there is space again.
TEST_F(KnownClipsDiskTest, ChangesWorkAgainOnceThereIsSpace) {
  ASSERT_TRUE(clips_->Publish(MakeOne("before")).ok());
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(clips_->Publish(MakeOne("refused")).ok());
  TestDisk::SetMode(TestDisk::Mode::kSound);
  while (!clips_->Publish(MakeOne("after")).ok()) std::this_thread::yield();
  EXPECT_EQ(clips_->GetList("list")->version, 2);
  EXPECT_EQ(Matches(), 2);
  Reopen();
  EXPECT_EQ(Matches(), 2);
  EXPECT_EQ((*clips_->Entries("list", "", 10))[0].entry_id, "after");
}

TEST_F(KnownClipsDiskTest, ABrokenDiskIsSaidAndWhatWasOnItIsKept) {
  int published = 0;
  for (const TestDisk::Mode mode :
       {TestDisk::Mode::kBroken, TestDisk::Mode::kBrokenSyncs}) {
    ASSERT_TRUE(
        clips_->Publish(MakeOne(absl::StrCat("before", published))).ok());
    ++published;
    TestDisk::SetMode(mode);
    for (int i = 0; i < 2; ++i) {
      const absl::Status status = clips_->Publish(MakeOne("new")).status();
      EXPECT_TRUE(absl::IsInternal(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
      EXPECT_EQ(Matches(), published);
    }
    Reopen();
    // The last one may have reached the disk after all: whole, or not at all.
    if (clips_->GetList("list")->entries > published) {
      EXPECT_TRUE(clips_->Withdraw("list", {"new"}, "not acknowledged").ok());
    }
    EXPECT_EQ(Matches(), published);
  }
}

}  // namespace
}  // namespace lenscap
