#include "base/bulk_write.h"

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "gtest/gtest.h"
#include "rocksdb/snapshot.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

// Some three records.
constexpr size_t kRunBytes = 300;

class BulkWriteTest : public testing::Test {
 protected:
  BulkWriteTest() { Reopen(); }

  void Reopen() {
    db_.reset();
    auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok()) << db.status();
    db_ = *std::move(db);
  }
  BulkWrite Bulk() { return {db_.get(), gathered_, kRunBytes}; }
  std::map<std::string, std::string> Records() {
    std::map<std::string, std::string> records;
    const std::unique_ptr<rocksdb::Iterator> record(
        db_->NewIterator(rocksdb::ReadOptions()));
    for (record->SeekToFirst(); record->Valid(); record->Next()) {
      records[record->key().ToString()] = record->value().ToString();
    }
    return records;
  }

  const std::string directory_ = MakeTempDirectory();
  const std::string gathered_ = directory_ + "/gathered";
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(BulkWriteTest, EverythingIsThereAtOnceAndAfterAStart) {
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 100; ++i) {
    const std::string key = absl::StrCat("before", i);
    ASSERT_TRUE(db_->Put(Synced(), key, "old").ok());
    expected[key] = "old";
  }
  const auto before = expected;
  {
    BulkWrite bulk = Bulk();
    // Keys in no order, so that files overlap; some twice, some deleted.
    for (int i = 0; i < 1000; ++i) {
      const std::string key = absl::StrCat(i * 7919 % 300);
      ASSERT_TRUE(bulk.Put(key, absl::StrCat(i)).ok());
      expected[key] = absl::StrCat(i);
      if (i % 10 == 0) {
        const std::string gone = absl::StrCat("before", i / 10);
        ASSERT_TRUE(bulk.Delete(gone).ok());
        ASSERT_TRUE(bulk.Delete(key).ok());
        expected.erase(gone);
        expected.erase(key);
      }
    }
    EXPECT_EQ(Records(), before);
    const auto sequence = db_->GetLatestSequenceNumber();
    ASSERT_TRUE(bulk.Commit().ok());
    EXPECT_GT(db_->GetLatestSequenceNumber(), sequence);
  }
  EXPECT_FALSE(std::filesystem::exists(gathered_));
  const auto sequence = db_->GetLatestSequenceNumber();
  EXPECT_EQ(Records(), expected);
  Reopen();
  EXPECT_EQ(Records(), expected);
  EXPECT_GE(db_->GetLatestSequenceNumber(), sequence);
}

TEST_F(BulkWriteTest, WhatIsNotCommittedLeavesNothing) {
  {
    BulkWrite bulk = Bulk();
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(bulk.Put(absl::StrCat(i), "value").ok());
    }
    EXPECT_TRUE(std::filesystem::exists(gathered_));
  }
  EXPECT_FALSE(std::filesystem::exists(gathered_));
  EXPECT_TRUE(Records().empty());
}

TEST_F(BulkWriteTest, NothingIsNothing) {
  EXPECT_TRUE(Bulk().Commit().ok());
  EXPECT_TRUE(Records().empty());
}

TEST_F(BulkWriteTest, ReadersKeepWhatTheyHad) {
  ASSERT_TRUE(db_->Put(Synced(), "key", "old").ok());
  rocksdb::ManagedSnapshot snapshot(db_.get());
  BulkWrite bulk = Bulk();
  ASSERT_TRUE(bulk.Put("key", "new").ok());
  ASSERT_TRUE(bulk.Commit().ok());
  rocksdb::ReadOptions then;
  then.snapshot = snapshot.snapshot();
  std::string value;
  ASSERT_TRUE(db_->Get(then, "key", &value).ok());
  EXPECT_EQ(value, "old");
  ASSERT_TRUE(db_->Get(rocksdb::ReadOptions(), "key", &value).ok());
  EXPECT_EQ(value, "new");
}

}  // namespace
}  // namespace lenscap
