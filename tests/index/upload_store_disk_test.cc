// The upload store on a disk that is full or broken.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/upload_store.h"
#include "tests/index/hashes.h"
#include "tests/index/uploads.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::SizeIs;

class UploadStoreDiskTest : public testing::Test {
 protected:
  UploadStoreDiskTest() { Reopen(); }
  ~UploadStoreDiskTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    store_.reset();
    TestDisk::SetMode(TestDisk::Mode::kSound);
    auto store = UploadStore::Open({.directory = directory_});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  absl::Status Keep(const std::string& content_id) {
    return store_
        ->Keep(CleanUpload(content_id),
               MakeUpload(MovingHashes(20, 40, random_)))
        .status();
  }

  Random random_{1};
  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<UploadStore> store_;
};

TEST_F(UploadStoreDiskTest, WhatAFullDiskRefusesIsNotKeptAndNothingElseIsLost) {
  ASSERT_TRUE(Keep("before").ok());
  const int64_t bytes = store_->size().bytes;
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(Keep("refused")));
  EXPECT_EQ(store_->size().uploads, 1);
  EXPECT_EQ(store_->size().bytes, bytes);
  EXPECT_THAT(*store_->List(0, 100, 100), SizeIs(1));
  Reopen();
  EXPECT_EQ(store_->size().uploads, 1);
  ASSERT_TRUE(Keep("after").ok());
  EXPECT_THAT(*store_->List(0, 100, 100), SizeIs(2));
}

TEST_F(UploadStoreDiskTest, ABrokenDiskIsToldAsSuch) {
  ASSERT_TRUE(Keep("before").ok());
  TestDisk::SetMode(TestDisk::Mode::kBroken);
  EXPECT_TRUE(absl::IsInternal(Keep("refused")));
  Reopen();
  EXPECT_THAT(*store_->List(0, 100, 100), SizeIs(1));
}

}  // namespace
}  // namespace lenscap
