#include "base/rocksdb.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

class RocksdbTest : public testing::Test {
 protected:
  ~RocksdbTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  std::unique_ptr<rocksdb::DB> MustOpen() {
    auto db = OpenDatabase(path_);
    EXPECT_TRUE(db.ok()) << db.status();
    return db.ok() ? *std::move(db) : nullptr;
  }

  const std::string path_ = MakeTempDirectory() + "/db";
};

std::string ValueOf(rocksdb::DB& db, const std::string& key) {
  std::string value;
  const rocksdb::Status status = db.Get({}, key, &value);
  return status.ok() ? value : status.ToString();
}

TEST_F(RocksdbTest, EachKindOfFailureHasItsStatus) {
  using rocksdb::Status;
  EXPECT_EQ(ToStatus(Status::OK(), "x"), absl::OkStatus());
  EXPECT_TRUE(absl::IsNotFound(ToStatus(Status::NotFound(), "x")));
  EXPECT_TRUE(absl::IsResourceExhausted(ToStatus(Status::NoSpace(), "x")));
  EXPECT_TRUE(absl::IsDataLoss(ToStatus(Status::Corruption(), "x")));
  EXPECT_TRUE(absl::IsInternal(ToStatus(Status::IOError(), "x")));
  EXPECT_TRUE(absl::IsInternal(ToStatus(Status::Aborted(), "x")));
}

TEST_F(RocksdbTest, AMessageSaysWhatWasDoneAndWhatToDo) {
  const absl::Status status =
      ToStatus(rocksdb::Status::NoSpace(), "writing to /data/queue");
  EXPECT_EQ(status.message().find("writing to /data/queue: "), 0);
  EXPECT_NE(status.message().find("free some space"), std::string::npos);
}

TEST_F(RocksdbTest, NumbersSortAsTheirBytes) {
  const uint64_t numbers[] = {
      0, 1, 255, 256, 1'000'000, uint64_t{1} << 63, ~uint64_t{0}};
  std::string last;
  for (const uint64_t number : numbers) {
    const std::string bytes = EncodeUint64(number);
    EXPECT_EQ(bytes.size(), 8);
    EXPECT_EQ(DecodeUint64(bytes), number);
    EXPECT_EQ(DecodeUint64(bytes + "rest"), number);
    EXPECT_LT(last, bytes);
    last = bytes;
  }
  EXPECT_EQ(EncodeUint64(0x0102), std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_EQ(DecodeUint64("short"), 0);
}

TEST_F(RocksdbTest, WhatWasWrittenIsThereAgain) {
  ASSERT_TRUE(MustOpen()->Put(Synced(), "key", "value").ok());
  EXPECT_EQ(ValueOf(*MustOpen(), "key"), "value");
}

TEST_F(RocksdbTest, AcknowledgedWritesAreSynced) {
  const auto db = MustOpen();
  const int64_t before = TestDisk::syncs();
  ASSERT_TRUE(db->Put(Synced(), "key", "value").ok());
  EXPECT_EQ(TestDisk::syncs(), before + 1);
}

TEST_F(RocksdbTest, ASecondOpeningIsRefusedAndSaysWhatToDo) {
  const auto db = MustOpen();
  const auto second = OpenDatabase(path_);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_NE(second.status().message().find(path_ + " is in use"),
            std::string::npos);
}

TEST_F(RocksdbTest, AFileIsNoDatabase) {
  std::ofstream(path_) << "text";
  EXPECT_FALSE(OpenDatabase(path_).ok());
}

TEST_F(RocksdbTest, ATornTailOfTheLogIsDropped) {
  for (const std::string key : {"a", "b", "c"}) {
    ASSERT_TRUE(MustOpen()->Put(Synced(), key, key).ok());
  }
  // The last write's own log, cut off within its record.
  std::filesystem::path last;
  for (const auto& file : std::filesystem::directory_iterator(path_)) {
    if (file.path().extension() == ".log" &&
        (last.empty() || last < file.path())) {
      last = file.path();
    }
  }
  ASSERT_GT(std::filesystem::file_size(last), 3);
  std::filesystem::resize_file(last, std::filesystem::file_size(last) - 3);
  const auto db = MustOpen();
  EXPECT_EQ(ValueOf(*db, "a"), "a");
  EXPECT_EQ(ValueOf(*db, "b"), "b");
  EXPECT_EQ(ValueOf(*db, "c"), "NotFound: ");
}

absl::Status Put(rocksdb::DB& db, const std::string& key,
                 const std::string& value) {
  return ToStatus(db.Put(Synced(), key, value), "writing " + key);
}

class FullDiskTest : public RocksdbTest,
                     public testing::WithParamInterface<TestDisk::Mode> {};

TEST_P(FullDiskTest, FailsWritesUntilThereIsSpaceAndNothingElse) {
  ASSERT_TRUE(Put(*MustOpen(), "a", "1").ok());
  // The first write since the opening, and one with others before it.
  for (const std::string key : {"b", "c"}) {
    auto db = MustOpen();
    if (key == "c") {
      ASSERT_TRUE(Put(*db, "d", "1").ok());
    }
    TestDisk::SetMode(GetParam());
    for (int i = 0; i < 3; ++i) {
      const absl::Status status = Put(*db, key, "refused");
      EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
      EXPECT_EQ(ValueOf(*db, key), "NotFound: ");
    }
    EXPECT_EQ(ValueOf(*db, "a"), "1");
    TestDisk::SetMode(TestDisk::Mode::kSound);
    // RocksDB looks every five seconds.
    while (!Put(*db, key, "2").ok()) std::this_thread::yield();
  }
  const auto db = MustOpen();
  EXPECT_EQ(ValueOf(*db, "a"), "1");
  EXPECT_EQ(ValueOf(*db, "b"), "2");
  EXPECT_EQ(ValueOf(*db, "c"), "2");
}

TEST_P(FullDiskTest, ManyWritersGoOnOnceThereIsSpace) {
  auto db = MustOpen();
  constexpr int kWriters = 8;
  std::vector<std::thread> threads;
  TestDisk::SetMode(GetParam());
  std::atomic<int> refused = 0;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      const std::string key(1, static_cast<char>('a' + i));
      if (absl::IsResourceExhausted(Put(*db, key, "1"))) ++refused;
      while (!Put(*db, key, "2").ok()) std::this_thread::yield();
    });
  }
  while (refused < kWriters) std::this_thread::yield();
  TestDisk::SetMode(TestDisk::Mode::kSound);
  for (std::thread& thread : threads) thread.join();
  db.reset();
  db = MustOpen();
  for (int i = 0; i < kWriters; ++i) {
    EXPECT_EQ(ValueOf(*db, std::string(1, static_cast<char>('a' + i))), "2");
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, FullDiskTest,
                         testing::Values(TestDisk::Mode::kFull,
                                         TestDisk::Mode::kFullSyncs));

TEST_F(RocksdbTest, ABrokenDiskIsSaidUntilTheNextOpening) {
  auto db = MustOpen();
  ASSERT_TRUE(Put(*db, "a", "1").ok());
  TestDisk::SetMode(TestDisk::Mode::kBroken);
  EXPECT_TRUE(absl::IsInternal(Put(*db, "b", "2")));
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_TRUE(absl::IsInternal(Put(*db, "b", "2")));
  EXPECT_EQ(ValueOf(*db, "a"), "1");
  db.reset();
  EXPECT_TRUE(Put(*MustOpen(), "b", "2").ok());
}

TEST_F(RocksdbTest, AFullDiskIsSaidAtOpeningToo) {
  TestDisk::SetMode(TestDisk::Mode::kFull);
  const auto db = OpenDatabase(path_);
  EXPECT_TRUE(absl::IsResourceExhausted(db.status())) << db.status();
}

}  // namespace
}  // namespace lenscap
