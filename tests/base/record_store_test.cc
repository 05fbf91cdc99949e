#include "base/record_store.h"

#include <map>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecordStoreTest : public testing::Test {
 protected:
  RecordStoreTest() { Reopen(); }
  ~RecordStoreTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    store_.reset();
    auto store = RecordStore::Open(directory_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  std::vector<std::string> Keys(absl::string_view prefix,
                                absl::string_view after, int limit) {
    std::vector<std::string> keys;
    const auto records = store_->List(prefix, after, limit);
    EXPECT_TRUE(records.ok()) << records.status();
    for (const auto& record : *records) keys.push_back(record.key);
    return keys;
  }

  const std::string directory_ = MakeTempDirectory();
  std::unique_ptr<RecordStore> store_;
};

TEST_F(RecordStoreTest, WhatWasWrittenIsThereAfterTheNextStart) {
  ASSERT_TRUE(store_->Write({{"a", "1"}, {"b", ""}}).ok());
  Reopen();
  EXPECT_EQ(store_->Get("a").value_or("-"), "1");
  EXPECT_EQ(store_->Get("b").value_or("-"), "");
  EXPECT_TRUE(absl::IsNotFound(store_->Get("c").status()));
  ASSERT_TRUE(store_->Write({{"a", std::nullopt}, {"c", "2"}}).ok());
  Reopen();
  EXPECT_TRUE(absl::IsNotFound(store_->Get("a").status()));
  EXPECT_EQ(store_->Get("c").value_or("-"), "2");
}

TEST_F(RecordStoreTest, PrefixesAreListedInOrderPageByPage) {
  const std::string zero("x\0", 2);
  ASSERT_TRUE(store_
                  ->Write({{"x", "0"},
                           {zero, "1"},
                           {"xa", "2"},
                           {"xb", "3"},
                           {"w", "4"},
                           {"y", "5"}})
                  .ok());
  EXPECT_THAT(Keys("x", "", 100), ElementsAre("x", zero, "xa", "xb"));
  EXPECT_THAT(Keys("x", "", 2), ElementsAre("x", zero));
  EXPECT_THAT(Keys("x", zero, 2), ElementsAre("xa", "xb"));
  EXPECT_THAT(Keys("x", "xb", 2), IsEmpty());
  EXPECT_THAT(Keys("x", "z", 2), IsEmpty());
  EXPECT_THAT(Keys("", "", 1), ElementsAre("w"));
}

TEST_F(RecordStoreTest, OneProcessAtATime) {
  EXPECT_TRUE(
      absl::IsFailedPrecondition(RecordStore::Open(directory_).status()));
}

TEST_F(RecordStoreTest, AWriteOnAFullDiskFailsAndChangesNothing) {
  ASSERT_TRUE(store_->Write({{"a", "1"}}).ok());
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(
      absl::IsResourceExhausted(store_->Write({{"a", "2"}, {"b", "2"}})));
  TestDisk::SetMode(TestDisk::Mode::kSound);
  Reopen();
  EXPECT_EQ(store_->Get("a").value_or("-"), "1");
  EXPECT_TRUE(absl::IsNotFound(store_->Get("b").status()));
}

TEST_F(RecordStoreTest, AgreesWithAMap) {
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  std::mt19937 random(7);
  std::map<std::string, std::string> model;
  const auto key = [&] {
    return absl::StrCat(std::string(1, "ab"[random() % 2]), random() % 50);
  };
  for (int step = 0; step < 2000; ++step) {
    std::vector<RecordStore::Change> changes;
    for (int i = random() % 3; i >= 0; --i) {
      changes.push_back({key(), std::nullopt});
      if (random() % 3) changes.back().value = absl::StrCat(step, "/", i);
      if (changes.back().value) {
        model[changes.back().key] = *changes.back().value;
      } else {
        model.erase(changes.back().key);
      }
    }
    ASSERT_TRUE(store_->Write(changes).ok());
    const std::string prefix(1, "ab"[random() % 2]);
    const std::string after = key();
    std::vector<std::string> expected;
    for (const auto& [name, value] : model) {
      if (absl::StartsWith(name, prefix) && name > after &&
          expected.size() < 5) {
        expected.push_back(name);
      }
    }
    ASSERT_EQ(Keys(prefix, after, 5), expected) << step;
    if (step % 500 == 0) Reopen();
  }
}

}  // namespace
}  // namespace lenscap
