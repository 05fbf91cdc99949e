#include "takedown/exposure_ledger.h"

#include <map>
#include <random>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

constexpr absl::Duration kBudget = absl::Seconds(10);

class ExposureLedgerTest : public testing::Test {
 protected:
  ExposureLedgerTest() { Reopen(); }
  void TearDown() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    ledger_.reset();
    ledger_ = *ExposureLedger::Open(
        {.directory = directory_ + "/exposure", .clock = &clock_});
  }
  // Seconds, or -1 where it was refused.
  int64_t Charge(const std::string& reviewer, const std::string& footage,
                 const std::vector<int64_t>& seconds,
                 absl::Duration budget = kBudget) {
    const auto total = ledger_->Charge(reviewer, footage, seconds, budget);
    return total.ok() ? absl::ToInt64Seconds(*total) : -1;
  }
  int64_t Today(const std::string& reviewer) {
    return absl::ToInt64Seconds(*ledger_->Today(reviewer));
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<ExposureLedger> ledger_;
};

TEST_F(ExposureLedgerTest, ASecondThatWasShownTodayCountsOnce) {
  EXPECT_EQ(Charge("ann", "clip", {1, 2, 2}), 2);
  EXPECT_EQ(Charge("ann", "clip", {2, 3}), 3);
  EXPECT_EQ(Charge("ann", "other", {2, 3}), 5);
  EXPECT_EQ(Charge("ben", "clip", {1}), 1);
  EXPECT_EQ(Today("ann"), 5);
  EXPECT_EQ(Today("nobody"), 0);
}

TEST_F(ExposureLedgerTest, BeyondTheBudgetNothingIsCharged) {
  EXPECT_EQ(Charge("ann", "clip", {0, 1, 2, 3, 4, 5, 6, 7}), 8);
  const auto refused = ledger_->Charge("ann", "other", {0, 1, 2}, kBudget);
  EXPECT_TRUE(absl::IsResourceExhausted(refused.status()));
  EXPECT_THAT(refused.status().message(), testing::HasSubstr("8s"));
  EXPECT_EQ(Today("ann"), 8);
  EXPECT_EQ(Charge("ann", "other", {0, 1}), 10);
  // What was shown may be looked at again.
  EXPECT_EQ(Charge("ann", "clip", {0, 7}), 10);
  EXPECT_EQ(Charge("ann", "clip", {8}), -1);
}

TEST_F(ExposureLedgerTest, ANewDayBeginsAtMidnightInUtc) {
  // The clock stands at 15:06:40 UTC.
  EXPECT_EQ(Charge("ann", "clip", {1}), 1);
  clock_.Advance(absl::Hours(8) + absl::Minutes(53));
  EXPECT_EQ(Today("ann"), 1);
  clock_.Advance(absl::Seconds(20));
  EXPECT_EQ(Today("ann"), 0);
  EXPECT_EQ(Charge("ann", "clip", {1}), 1);
}

TEST_F(ExposureLedgerTest, WhatWasChargedIsThereAfterAStart) {
  EXPECT_EQ(Charge("ann", "clip", {1, 5}), 2);
  Reopen();
  EXPECT_EQ(Today("ann"), 2);
  EXPECT_EQ(Charge("ann", "clip", {5, 6}), 3);
}

TEST_F(ExposureLedgerTest, DaysThatEndedAreForgotten) {
  EXPECT_EQ(Charge("ann", "clip", {1}), 1);
  ASSERT_TRUE(ledger_->Purge(clock_.Now()).ok());
  EXPECT_EQ(Today("ann"), 1);
  ASSERT_TRUE(ledger_->Purge(clock_.Now() + absl::Hours(24)).ok());
  EXPECT_EQ(Today("ann"), 0);
}

TEST_F(ExposureLedgerTest, WhatCannotBeChargedIsNotShown) {
  TestDisk::SetMode(TestDisk::Mode::kBrokenSyncs);
  EXPECT_EQ(Charge("ann", "clip", {1}), -1);
  TestDisk::SetMode(TestDisk::Mode::kSound);
  EXPECT_EQ(Charge("ann", "clip", {-1}), -1);
  EXPECT_EQ(Charge("ann", "clip", {int64_t{1} << 33}), -1);
}

TEST_F(ExposureLedgerTest, CountsAsASetOfSecondsDoes) {
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  std::mt19937 random(3);
  std::map<std::string, std::set<std::pair<std::string, int64_t>>> model;
  for (int step = 0; step < 3000; ++step) {
    const std::string reviewer = absl::StrCat("reviewer-", random() % 4);
    const std::string footage = absl::StrCat("clip-", random() % 6);
    std::vector<int64_t> seconds(random() % 4);
    for (int64_t& second : seconds) second = random() % 12;
    auto after = model[reviewer];
    for (const int64_t second : seconds) after.emplace(footage, second);
    const bool fits =
        after.size() <= 40 || after.size() == model[reviewer].size();
    ASSERT_EQ(Charge(reviewer, footage, seconds, absl::Seconds(40)),
              fits ? std::ssize(after) : -1);
    if (fits) model[reviewer] = after;
    ASSERT_EQ(Today(reviewer), std::ssize(model[reviewer]));
    if (random() % 300 == 0) Reopen();
    if (random() % 200 == 0) {
      clock_.Advance(absl::Hours(24));
      model.clear();
    }
  }
}

}  // namespace
}  // namespace lenscap
