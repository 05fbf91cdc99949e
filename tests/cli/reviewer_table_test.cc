#include "services/cli/reviewer_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ReviewerTableTest, SaysHowReviewersFare) {
  v1::ReviewerStatsReply reply;
  v1::ReviewerFigures& ann = *reply.add_reviewers();
  ann.set_reviewer("ann");
  ann.set_decisions(120);
  ann.mutable_median_time()->set_seconds(75);
  ann.set_golden(10);
  ann.set_golden_right(9);
  ann.set_reversed(3);
  const std::string text = FormatReviewerTable(reply);
  EXPECT_THAT(text, HasSubstr("ann"));
  EXPECT_THAT(text, HasSubstr("120"));
  EXPECT_THAT(text, HasSubstr("1m15s"));
  EXPECT_THAT(text, HasSubstr("9 of 10, 90 %"));
  EXPECT_THAT(FormatReviewerTable({}), HasSubstr("nobody"));
}

TEST(ReviewerTableTest, WhatWasNeverAskedHasNoShare) {
  v1::ListGoldenReply reply;
  v1::GoldenCase& golden = *reply.add_golden();
  golden.set_golden_id("golden-1");
  golden.set_outcome(v1::Decision::OUTCOME_KEEP);
  EXPECT_THAT(FormatGoldenTable(reply), HasSubstr("keep"));
  EXPECT_THAT(FormatGoldenTable(reply), Not(HasSubstr("%")));
  EXPECT_THAT(FormatGoldenTable({}), HasSubstr("no case"));
}

TEST(ReviewerTableTest, ANoteThatIsAnEscapeSequenceIsPrintedAsText) {
  v1::ListGoldenReply reply;
  reply.add_golden()->set_note("\x1b[2J");
  EXPECT_THAT(FormatGoldenTable(reply), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lenscap::cli
