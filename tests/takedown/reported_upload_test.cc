// What becomes of an upload that is in a case when a person reports it.

#include "takedown/case_record.h"
#include "tests/takedown/queue_fixture.h"

namespace lenscap {
namespace {

class ReportedUploadTest : public QueueFixture {
 protected:
  ReportedUploadTest() {
    v1::ClockRule& rule = *review_.add_clocks();
    rule.set_name("report-48h");
    rule.set_start(v1::ClockRule::START_REPORT);
    rule.mutable_limit()->set_seconds(48 * 60 * 60);
    OpenQueue();
  }
  void Report(const std::string& content_id, absl::Time time) {
    v1::Case reported;
    reported.set_content_id(content_id);
    *reported.mutable_reported() = ToTimestamp(time);
    EXPECT_EQ(Submit(reported), Upload(content_id).case_id());
  }
};

TEST_F(ReportedUploadTest, ItsCaseStartsAClock) {
  const std::string id = Submit(Suspected("a"));
  EXPECT_EQ(Get(id).clocks_size(), 0);
  const absl::Time time = clock_.Now();
  clock_.Advance(absl::Hours(1));
  Report("a", time);
  const v1::Case reported = Get(id);
  EXPECT_EQ(reported.reported().seconds(), absl::ToUnixSeconds(time));
  ASSERT_EQ(reported.clocks_size(), 1);
  EXPECT_EQ(reported.clocks(0).deadline().seconds(),
            absl::ToUnixSeconds(time + absl::Hours(48)));
  EXPECT_EQ(reported.reach().uploads(), 1);
  // All else is as it was, and a later report changes nothing.
  Report("a", time + absl::Minutes(5));
  EXPECT_EQ(Get(id).DebugString(), reported.DebugString());
  EXPECT_EQ(Upload("a").account(), "acc");
}

TEST_F(ReportedUploadTest, WhoHoldsTheCaseDecidesItAllTheSame) {
  const std::string id = Submit(Suspected("a"));
  const std::string token = Claim("ann");
  Report("a", clock_.Now());
  EXPECT_EQ(Decide(token, kRemove).state(), v1::Case::STATE_DECIDED);
  EXPECT_TRUE(Get(id).clocks(0).has_met());
}

TEST_F(ReportedUploadTest, WhatIsDecidedStartsNoClock) {
  const std::string id = Submit(Suspected("a"));
  Decide(Claim("ann"), kRemove);
  Report("a", clock_.Now());
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
  EXPECT_TRUE(Get(id).has_reported());
  EXPECT_EQ(Get(id).clocks_size(), 0);
}

}  // namespace
}  // namespace lenscap
