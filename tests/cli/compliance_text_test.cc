#include "services/cli/compliance_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ComplianceTextTest, SaysWhatWasMetAndWhichCasesWereNot) {
  v1::ComplianceReply reply;
  v1::ClockFigures& clock = *reply.add_clocks();
  clock.set_name("known-clip-24h");
  clock.set_met(2);
  clock.set_missed(1);
  clock.set_running(7);
  clock.mutable_median()->set_seconds(5400);
  clock.mutable_p95()->set_seconds(90'000);
  clock.add_missed_case_ids("case-A");
  const std::string text = DescribeCompliance(reply);
  EXPECT_THAT(text, HasSubstr("known-clip-24h"));
  EXPECT_THAT(text, HasSubstr("66.7 %"));
  EXPECT_THAT(text, HasSubstr("1h30m"));
  EXPECT_THAT(text, HasSubstr("25h"));
  EXPECT_THAT(text, HasSubstr("known-clip-24h missed by case-A\n"));
}

TEST(ComplianceTextTest, WhatHasNotEndedHasNoShare) {
  v1::ComplianceReply reply;
  reply.add_clocks()->set_running(1);
  EXPECT_THAT(DescribeCompliance(reply), HasSubstr("-"));
  EXPECT_THAT(DescribeCompliance(reply), Not(HasSubstr("%")));
  EXPECT_THAT(DescribeCompliance({}), HasSubstr("No clock"));
}

TEST(ComplianceTextTest, ANameThatIsAnEscapeSequenceIsPrintedAsText) {
  v1::ComplianceReply reply;
  reply.add_clocks()->set_name("\x1b[2J");
  EXPECT_THAT(DescribeCompliance(reply), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lenscap::cli
