#include "index/upload_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr uint64_t kNoEnd = ~uint64_t{0};

class UploadStoreTest : public testing::Test {
 protected:
  UploadStoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    options_.directory = directory_;
    options_.clock = &clock_;
    auto store = UploadStore::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  uint64_t Keep(const std::string& content_id, int frames = 3) {
    const auto kept = store_->Keep(
        CleanUpload(content_id), MakeUpload(MovingHashes(frames, 40, random_)));
    EXPECT_TRUE(kept.ok()) << kept.status();
    return kept.value_or(0);
  }
  std::vector<KeptUpload> All() {
    const auto uploads = store_->List(0, kNoEnd, 1'000'000);
    EXPECT_TRUE(uploads.ok()) << uploads.status();
    return uploads.value_or(std::vector<KeptUpload>());
  }
  std::vector<std::string> Kept() {
    std::vector<std::string> ids;
    for (const KeptUpload& upload : All()) {
      ids.push_back(upload.content_id);
    }
    return ids;
  }
  // Counted anew from what is there.
  UploadStore::Size Counted() {
    UploadStore::Size size;
    for (const KeptUpload& upload : All()) {
      ++size.uploads;
      size.bytes +=
          EncodeKeptUpload(upload).size() +
          EncodeFingerprint(*store_->Fingerprint(upload.sequence)).size();
    }
    return size;
  }

  Random random_{1};
  FakeClock clock_;
  UploadStore::Options options_;
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<UploadStore> store_;
};

TEST_F(UploadStoreTest, UploadsAreListedInOrderAndSurviveAReopen) {
  const uint64_t first = Keep("b");
  Keep("a");
  Keep("c");
  Reopen();
  EXPECT_THAT(Kept(), ElementsAre("b", "a", "c"));
  const auto upload = store_->List(first, first + 1, 10);
  ASSERT_THAT(*upload, SizeIs(1));
  EXPECT_EQ((*upload)[0].account, "account of b");
  EXPECT_EQ((*upload)[0].kept, clock_.Now());
  EXPECT_THAT(store_->Fingerprint(first)->frames, SizeIs(3));
  EXPECT_EQ(Keep("d"), 4);
}

TEST_F(UploadStoreTest, TheNewestComeFirstWhereTheyAreAskedFor) {
  for (const char* id : {"a", "b", "c"}) Keep(id);
  const auto newest = *store_->ListNewest(kNoEnd, 2);
  ASSERT_THAT(newest, SizeIs(2));
  EXPECT_EQ(newest[0].content_id, "c");
  EXPECT_EQ(newest[1].content_id, "b");
  EXPECT_EQ(store_->ListNewest(newest[1].sequence, 2)->at(0).content_id, "a");
  EXPECT_THAT(*store_->ListNewest(0, 2), IsEmpty());
}

TEST_F(UploadStoreTest, ContentThatIsScannedAgainIsKeptOnce) {
  const uint64_t before = Keep("a", 3);
  Keep("b");
  const uint64_t after = Keep("a", 5);
  EXPECT_THAT(Kept(), ElementsAre("b", "a"));
  EXPECT_TRUE(absl::IsNotFound(store_->Fingerprint(before).status()));
  EXPECT_THAT(store_->Fingerprint(after)->frames, SizeIs(5));
  EXPECT_EQ(store_->size().uploads, 2);
}

TEST_F(UploadStoreTest, WhatIsOlderThanTheTimeGoes) {
  options_.keep = absl::Hours(10);
  Reopen();
  Keep("a");
  clock_.Advance(absl::Hours(6));
  Keep("b");
  clock_.Advance(absl::Hours(4));
  EXPECT_EQ(*store_->Purge(), 0);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(*store_->Purge(), 1);
  EXPECT_THAT(Kept(), ElementsAre("b"));
  clock_.Advance(absl::Hours(100));
  EXPECT_EQ(*store_->Purge(), 1);
  EXPECT_THAT(Kept(), IsEmpty());
  EXPECT_EQ(store_->size().bytes, 0);
  Reopen();
  EXPECT_THAT(Kept(), IsEmpty());
}

TEST_F(UploadStoreTest, AClockThatIsSetBackKeepsTheOrder) {
  options_.keep = absl::Hours(10);
  Reopen();
  Keep("a");
  clock_.Advance(-absl::Hours(5));
  Keep("b");
  const auto uploads = *store_->List(0, kNoEnd, 10);
  EXPECT_EQ(uploads[1].kept, uploads[0].kept);
}

TEST_F(UploadStoreTest, BeyondTheNumberTheOldestGo) {
  options_.max_uploads = 3;
  Reopen();
  for (int i = 0; i < 10; ++i) Keep(absl::StrCat("upload-", i));
  EXPECT_THAT(Kept(), ElementsAre("upload-7", "upload-8", "upload-9"));
  options_.max_uploads = 1;
  Reopen();
  ASSERT_TRUE(store_->Purge().ok());
  EXPECT_THAT(Kept(), ElementsAre("upload-9"));
}

TEST_F(UploadStoreTest, BeyondTheSizeTheOldestGo) {
  options_.max_bytes = 20'000;
  Reopen();
  for (int i = 0; i < 100; ++i) Keep(absl::StrCat("upload-", i), 20);
  EXPECT_LE(store_->size().bytes, 20'000);
  EXPECT_GE(store_->size().uploads, 3);
  EXPECT_EQ(Kept().back(), "upload-99");
  EXPECT_EQ(Counted().bytes, store_->size().bytes);
}

TEST_F(UploadStoreTest, ACaseIsRemembered) {
  const uint64_t kept = Keep("a");
  ASSERT_TRUE(store_->SetCase(kept, v1::ACTION_BLOCK, "case-1").ok());
  const auto upload = store_->List(kept, kept + 1, 1)->at(0);
  EXPECT_EQ(upload.action, v1::ACTION_BLOCK);
  EXPECT_EQ(upload.case_id, "case-1");
  EXPECT_EQ(Counted().bytes, store_->size().bytes);
  EXPECT_TRUE(store_->SetCase(999, v1::ACTION_BLOCK, "case-1").ok());
}

TEST_F(UploadStoreTest, TheCursorSurvivesAReopen) {
  EXPECT_EQ(*store_->Cursor(), RetroCursor());
  const RetroCursor cursor = {
      .clips = 1, .uploads = 2, .pass_clips = 3, .pass_uploads = 4};
  ASSERT_TRUE(store_->SetCursor(cursor).ok());
  Reopen();
  EXPECT_EQ(*store_->Cursor(), cursor);
}

TEST_F(UploadStoreTest, ADamagedRecordIsAsOneThatIsNotKept) {
  const uint64_t damaged = Keep("a");
  Keep("b");
  store_.reset();
  {
    const auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok()) << db.status();
    for (const char* prefix : {"U", "F"}) {
      ASSERT_TRUE((*db)
                      ->Put(rocksdb::WriteOptions(),
                            absl::StrCat(prefix, EncodeUint64(damaged)),
                            "damage")
                      .ok());
    }
  }
  Reopen();
  EXPECT_THAT(Kept(), ElementsAre("b"));
  EXPECT_THAT(*store_->ListNewest(kNoEnd, 10), SizeIs(1));
  EXPECT_TRUE(absl::IsDataLoss(store_->Fingerprint(damaged).status()));
  Keep("a");
  EXPECT_THAT(Kept(), ElementsAre("b", "a"));
  clock_.Advance(options_.keep + absl::Seconds(1));
  EXPECT_EQ(*store_->Purge(), 2);
  EXPECT_THAT(Kept(), IsEmpty());
}

TEST_F(UploadStoreTest, AStoreOfANewerVersionIsLeftAlone) {
  Keep("a");
  store_.reset();
  {
    const auto db = OpenDatabase(directory_);
    ASSERT_TRUE((*db)->Put(rocksdb::WriteOptions(), "V", EncodeUint64(2)).ok());
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(UploadStore::Open(options_).status()));
}

TEST_F(UploadStoreTest, ItIsAsASimpleModelOfItWouldBe) {
  options_.max_uploads = 12;
  options_.keep = absl::Hours(50);
  Reopen();
  std::map<uint64_t, std::pair<std::string, absl::Time>> model;
  const auto forget = [&](const auto& is_to_go) {
    while (!model.empty() && is_to_go()) model.erase(model.begin());
  };
  for (int step = 0; step < 500; ++step) {
    clock_.Advance(absl::Hours(Below(10, random_)));
    const int what = Below(20, random_);
    if (what == 0) {
      Reopen();
    } else if (what < 3) {
      ASSERT_TRUE(store_->Purge().ok());
      forget([&] {
        return model.begin()->second.second < clock_.Now() - absl::Hours(50);
      });
    } else {
      const std::string id = absl::StrCat("upload-", Below(20, random_));
      std::erase_if(model,
                    [&](const auto& kept) { return kept.second.first == id; });
      model[Keep(id, 1 + Below(5, random_))] = {id, clock_.Now()};
      forget([&] { return model.size() > 12; });
    }
    std::vector<std::string> expected;
    for (const auto& [sequence, kept] : model) expected.push_back(kept.first);
    ASSERT_EQ(Kept(), expected) << step;
    ASSERT_EQ(store_->size().uploads, Counted().uploads);
    ASSERT_EQ(store_->size().bytes, Counted().bytes);
  }
}

TEST_F(UploadStoreTest, SeveralThreadsMayKeepAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Random random(t);
      for (int i = 0; i < 50; ++i) {
        const auto upload = MakeUpload(MovingHashes(3, 40, random));
        ASSERT_TRUE(
            store_->Keep(CleanUpload(absl::StrCat(t, "-", i)), upload).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->size().uploads, 200);
  EXPECT_THAT(Kept(), SizeIs(200));
}

// What was kept before a kill is there after it.
TEST_F(UploadStoreTest, AKilledProcessLosesNothingThatWasKept) {
  const std::string directory = MakeTempDirectory();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto store = UploadStore::Open({.directory = directory});
    Random random(1);
    for (int i = 0;; ++i) {
      const auto upload = MakeUpload(MovingHashes(30, 40, random));
      if (!store.ok() ||
          !(*store)->Keep(CleanUpload(absl::StrCat(i)), upload).ok() ||
          write(ends[1], "k", 1) != 1) {
        _exit(1);
      }
    }
  }
  char kept = 0;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(read(ends[0], &kept, 1), 1);
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  close(ends[1]);
  int acknowledged = 200;
  while (read(ends[0], &kept, 1) == 1) ++acknowledged;
  close(ends[0]);
  const auto store = UploadStore::Open({.directory = directory});
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_GE((*store)->size().uploads, acknowledged);
  const auto uploads = *(*store)->List(0, kNoEnd, 1'000'000);
  EXPECT_EQ(uploads.size(), (*store)->size().uploads);
  for (const KeptUpload& upload : uploads) {
    EXPECT_THAT((*store)->Fingerprint(upload.sequence)->frames, SizeIs(30));
  }
}

}  // namespace
}  // namespace lenscap
