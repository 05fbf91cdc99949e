#include "base/numbered_log.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

constexpr absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

class NumberedLogTest : public testing::Test {
 protected:
  NumberedLogTest() { Reopen(); }

  void Reopen() {
    log_ = nullptr;
    auto opened = NumberedLog::Open(directory_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    log_ = *std::move(opened);
  }
  void Append(const std::vector<std::string>& records,
              const NumberedLog::Marks& marks = {}, absl::Time time = kStart) {
    const auto last = log_->Append(time, records, marks);
    ASSERT_TRUE(last.ok()) << last.status();
    EXPECT_EQ(*last, log_->last());
  }
  // "1:a 2:b".
  std::string Text(uint64_t after = 0, int limit = 1000) {
    const auto records = log_->Read(after, limit);
    if (!records.ok()) return records.status().ToString();
    std::string text;
    for (const NumberedLog::Record& record : *records) {
      absl::StrAppend(&text, text.empty() ? "" : " ", record.number, ":",
                      record.bytes);
    }
    return text;
  }

  const std::string directory_ = MakeTempDirectory() + "/log";
  std::unique_ptr<NumberedLog> log_;
};

TEST_F(NumberedLogTest, NumbersWhatComesFromOneAndKeepsIt) {
  EXPECT_EQ(log_->last(), 0);
  EXPECT_EQ(Text(), "");
  Append({"a", "b"});
  Append({"c"});
  EXPECT_EQ(Text(), "1:a 2:b 3:c");
  Reopen();
  EXPECT_EQ(log_->last(), 3);
  EXPECT_EQ(Text(), "1:a 2:b 3:c");
  Append({""});
  EXPECT_EQ(Text(2), "3:c 4:");
}

TEST_F(NumberedLogTest, ReadsFromAnywhereAndNoMoreThanAskedFor) {
  Append({"a", "b", "c"});
  EXPECT_EQ(Text(1), "2:b 3:c");
  EXPECT_EQ(Text(1, 1), "2:b");
  EXPECT_EQ(Text(3), "");
  EXPECT_EQ(Text(~uint64_t{0}), "");
}

TEST_F(NumberedLogTest, LargeRecordsComeInSmallerReads) {
  const std::string large(NumberedLog::kMaxReadBytes - 1, 'x');
  Append({large, large, "end"});
  EXPECT_EQ(log_->Read(0, 10)->size(), 1);
  EXPECT_EQ(log_->Read(1, 10)->size(), 1);
  EXPECT_EQ(Text(2), "3:end");
}

TEST_F(NumberedLogTest, RecordsCarryTheirTime) {
  const absl::Time time = kStart + absl::Microseconds(17);
  Append({"a"}, {}, time);
  Reopen();
  EXPECT_EQ(log_->Read(0, 1)->front().time, time);
}

TEST_F(NumberedLogTest, MarksAreSetWithTheRecordsOrAlone) {
  EXPECT_EQ(*log_->Mark("reader"), 0);
  Append({"a"}, {{"reader", 7}, {"writer", 9}});
  Append({}, {{"reader", 8}});
  Reopen();
  EXPECT_EQ(*log_->Mark("reader"), 8);
  EXPECT_EQ(*log_->Mark("writer"), 9);
  EXPECT_EQ(Text(), "1:a");
}

TEST_F(NumberedLogTest, PurgesTheOldestAndNeverUsesANumberTwice) {
  Append({"a", "b"}, {}, kStart);
  Append({"c"}, {}, kStart + absl::Hours(1));
  EXPECT_EQ(*log_->Purge(kStart), 0);
  EXPECT_EQ(*log_->Purge(kStart + absl::Minutes(1)), 2);
  EXPECT_EQ(Text(), "3:c");
  EXPECT_EQ(*log_->Purge(kStart + absl::Hours(2)), 1);
  Reopen();
  Append({"d"});
  EXPECT_EQ(Text(), "4:d");
}

TEST_F(NumberedLogTest, OneProcessHasIt) {
  EXPECT_EQ(NumberedLog::Open(directory_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(NumberedLogTest, DamageIsSaidWithTheRecordsNumber) {
  Append({"a"});
  log_ = nullptr;
  {
    auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok());
    const std::string key = absl::StrCat("r", EncodeUint64(1));
    ASSERT_TRUE((*db)->Put(Synced(), key, "cut").ok());
  }
  Reopen();
  const auto read = log_->Read(0, 1);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(read.status().message(), HasSubstr("record 1"));
}

TEST_F(NumberedLogTest, ALaterFormatIsRefused) {
  log_ = nullptr;
  {
    auto db = OpenDatabase(directory_);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE((*db)->Put(Synced(), "f", EncodeUint64(2)).ok());
  }
  EXPECT_EQ(NumberedLog::Open(directory_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// Against a map, whatever the order of calls.
TEST_F(NumberedLogTest, DoesAsAMapWould) {
  std::mt19937 random(7);
  std::map<uint64_t, std::string> model;
  uint64_t last = 0, mark = 0;
  absl::Time now = kStart;
  std::map<uint64_t, absl::Time> times;
  for (int i = 0; i < 300; ++i) {
    now += absl::Seconds(1);
    const int what = static_cast<int>(random() % 10);
    if (what == 0) Reopen();
    if (what == 1) {
      const absl::Time before = now - absl::Seconds(random() % 100);
      while (!model.empty() && times[model.begin()->first] < before) {
        model.erase(model.begin());
      }
      ASSERT_TRUE(log_->Purge(before).ok());
    }
    if (what > 1) {
      std::vector<std::string> records(random() % 4);
      for (std::string& record : records) {
        record = absl::StrCat(random() % 1000);
        model[++last] = record;
        times[last] = now;
      }
      mark = random();
      Append(records, {{"m", mark}}, now);
    }
    const uint64_t after = random() % (last + 2);
    const auto read = log_->Read(after, 5);
    ASSERT_TRUE(read.ok());
    auto it = model.upper_bound(after);
    for (const NumberedLog::Record& record : *read) {
      ASSERT_NE(it, model.end());
      EXPECT_EQ(record.number, it->first);
      EXPECT_EQ(record.bytes, it->second);
      ++it;
    }
    EXPECT_TRUE(read->size() == 5 || it == model.end());
    EXPECT_EQ(*log_->Mark("m"), mark);
  }
}

}  // namespace
}  // namespace lenscap
