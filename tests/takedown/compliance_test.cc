#include "takedown/compliance.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::ElementsAre;

constexpr int64_t kStart = 1'750'000'000;
constexpr int64_t kHour = 3600;

std::vector<std::string> NoJurisdictions(absl::string_view) { return {}; }

// A clock of a day that started `start` hours after kStart and was met `taken`
// hours later, or not at all.
v1::Case CaseWith(const std::string& case_id, const std::string& clock,
                  int start, int taken) {
  v1::Case opened;
  opened.set_case_id(case_id);
  opened.set_tenant("forum");
  v1::Clock& added = *opened.add_clocks();
  added.set_name(clock);
  added.mutable_start()->set_seconds(kStart + start * kHour);
  added.mutable_deadline()->set_seconds(kStart + (start + 24) * kHour);
  if (taken >= 0) {
    added.mutable_met()->set_seconds(kStart + (start + taken) * kHour);
  }
  return opened;
}

ComplianceCounter CounterAt(int hours, v1::CaseFilter filter = {},
                            Period period = {}) {
  return ComplianceCounter(period, std::move(filter), NoJurisdictions,
                           absl::FromUnixSeconds(kStart + hours * kHour));
}

TEST(ComplianceTest, ClocksAreMetMissedOrRunning) {
  ComplianceCounter counter = CounterAt(48);
  counter.Add(CaseWith("case-a", "day", 0, 1));
  counter.Add(CaseWith("case-b", "day", 0, 24));  // Just in time.
  counter.Add(CaseWith("case-c", "day", 2, 25));
  counter.Add(CaseWith("case-d", "day", 1, -1));   // Too late already.
  counter.Add(CaseWith("case-e", "day", 24, -1));  // To the second.
  counter.Add(CaseWith("case-f", "another", 40, -1));
  const v1::ComplianceReply reply = counter.Finish();
  ASSERT_EQ(reply.clocks_size(), 2);
  EXPECT_EQ(reply.clocks(0).name(), "another");
  EXPECT_EQ(reply.clocks(0).running(), 1);
  EXPECT_FALSE(reply.clocks(0).has_median());
  const v1::ClockFigures& day = reply.clocks(1);
  EXPECT_EQ(day.name(), "day");
  EXPECT_EQ(day.met(), 2);
  EXPECT_EQ(day.missed(), 2);
  EXPECT_EQ(day.running(), 1);
  EXPECT_EQ(day.median().seconds(), 24 * kHour);
  EXPECT_EQ(day.p95().seconds(), 25 * kHour);
  EXPECT_THAT(day.missed_case_ids(), ElementsAre("case-d", "case-c"));
}

TEST(ComplianceTest, CountsClocksThatStartedInThePeriodOnly) {
  const auto at = [](int hours) {
    return absl::FromUnixSeconds(kStart + hours * kHour);
  };
  int64_t sum = 0;
  for (const Period period : {Period{at(0), at(10)}, Period{at(10), at(20)}}) {
    ComplianceCounter counter = CounterAt(100, {}, period);
    for (int start = -5; start < 25; ++start) {
      counter.Add(CaseWith(absl::StrCat(start), "day", start, 1));
    }
    EXPECT_EQ(counter.Finish().clocks(0).met(), 10);
    sum += counter.Finish().clocks(0).met();
  }
  EXPECT_EQ(sum, 20);
}

TEST(ComplianceTest, CountsWhatTheFilterAllows) {
  v1::CaseFilter filter;
  filter.set_tenant("shop");
  ComplianceCounter counter = CounterAt(1, filter);
  counter.Add(CaseWith("case-a", "day", 0, 1));
  EXPECT_EQ(counter.Finish().clocks_size(), 0);
  v1::Case opened = CaseWith("case-b", "day", 0, 1);
  opened.set_tenant("shop");
  counter.Add(opened);
  EXPECT_EQ(counter.Finish().clocks_size(), 1);
}

TEST(ComplianceTest, ACaseWithTwoMissedClocksOfOneNameIsNamedOnce) {
  v1::Case opened = CaseWith("case-a", "day", 0, 30);
  *opened.add_clocks() = CaseWith("", "day", 50, 30).clocks(0);
  ComplianceCounter counter = CounterAt(100);
  counter.Add(opened);
  const v1::ComplianceReply reply = counter.Finish();
  EXPECT_EQ(reply.clocks(0).missed(), 2);
  EXPECT_THAT(reply.clocks(0).missed_case_ids(), ElementsAre("case-a"));
}

TEST(ComplianceTest, NamesTheHundredOldest) {
  ComplianceCounter counter = CounterAt(1000);
  for (int start = 149; start >= 0; --start) {
    counter.Add(CaseWith(absl::StrCat("case-", start), "day", start, -1));
  }
  const v1::ComplianceReply reply = counter.Finish();
  EXPECT_EQ(reply.clocks(0).missed(), 150);
  ASSERT_EQ(reply.clocks(0).missed_case_ids_size(), 100);
  EXPECT_EQ(reply.clocks(0).missed_case_ids(0), "case-0");
  EXPECT_EQ(reply.clocks(0).missed_case_ids(99), "case-99");
}

}  // namespace
}  // namespace lenscap
