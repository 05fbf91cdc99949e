#include "services/cli/case_table.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

v1::Case Leased() {
  return FromText<v1::Case>(R"(
    case_id: "case-1" content_id: "upload-3" account: "uploader-1"
    group: "channel-2" priority: 700 state: STATE_LEASED
    opened { seconds: 1750000000 } deliveries: 2
    reviewer: "reviewer-1" lease_end { seconds: 1750000300 }
    report { verdict { action: ACTION_BLOCK reasons: "known clip" }
             matches { list_id: "demo" entry_id: "room-7" } }
    appeal: "it is my kitchen"
    decisions { outcome: OUTCOME_REMOVE reviewer: "reviewer-2"
                note: "clear" time { seconds: 1750000100 } })");
}

TEST(CaseTableTest, ARowTellsStatePriorityAdviceAndClip) {
  v1::Case cue = Leased();
  cue.set_state(v1::Case::STATE_DEAD_LETTER);
  cue.mutable_report()->clear_matches();
  cue.mutable_report()->mutable_verdict()->set_action(v1::ACTION_REVIEW);
  const std::string table = FormatCaseTable({Leased(), cue});
  EXPECT_THAT(table, testing::StartsWith("CASE    STATE        PRIORITY  "
                                         "ADVISED  CLIP         OPENED"));
  EXPECT_THAT(table, HasSubstr("case-1  leased       700       BLOCK    "
                               "demo/room-7  2025-06-1"));
  EXPECT_THAT(table, HasSubstr("case-1  dead letter  700       REVIEW   -"));
  EXPECT_THAT(table, HasSubstr("upload-3\n"));
}

TEST(CaseTableTest, AnEmptyQueueIsAHeader) {
  EXPECT_EQ(FormatCaseTable({}),
            "CASE  STATE  PRIORITY  ADVISED  CLIP  OPENED  CONTENT\n");
}

TEST(CaseTableTest, ACaseTellsEverythingAReviewerDecidesBy) {
  const std::string text = DescribeCase(Leased());
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("case-1: leased, priority 700"),
            HasSubstr("delivered 2 times"), HasSubstr("content upload-3"),
            HasSubstr("account uploader-1"), HasSubstr("group   channel-2")));
  EXPECT_THAT(text, AllOf(HasSubstr("leased  by reviewer-1 until 2025"),
                          HasSubstr("appeal  it is my kitchen"),
                          HasSubstr("decided remove by reviewer-2 at 2025"),
                          HasSubstr(": clear"), HasSubstr("advised BLOCK"),
                          HasSubstr("reason  known clip"),
                          HasSubstr("match   demo/room-7")));
}

TEST(CaseTableTest, WhatIsUnknownIsLeftOut) {
  const std::string text =
      DescribeCase(FromText<v1::Case>("case_id: 'c' state: STATE_WAITING"));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("account")), Not(HasSubstr("group")),
                          Not(HasSubstr("leased")), Not(HasSubstr("appeal")),
                          Not(HasSubstr("decided"))));
}

TEST(CaseTableTest, AnEventIsOneLine) {
  EXPECT_THAT(DescribeEvent(FromText<v1::CaseEvent>(
                  "sequence: 12 kind: KIND_OPENED case_id: 'case-1' "
                  "content_id: 'upload-3' time { seconds: 1750000000 } "
                  "advised: ACTION_BLOCK")),
              testing::MatchesRegex(
                  "12  2025-06-1.*  opened  case-1  upload-3  advised "
                  "BLOCK\n"));
  EXPECT_THAT(DescribeEvent(FromText<v1::CaseEvent>(
                  "sequence: 13 kind: KIND_DECIDED case_id: 'case-1' "
                  "decision { outcome: OUTCOME_KEEP reviewer: 'r' }")),
              AllOf(HasSubstr("decided"), HasSubstr("keep by r at -")));
}

TEST(CaseTableTest, NothingOfAStrangersSteersTheTerminal) {
  v1::Case hostile = Leased();
  const std::string escape = "\x1b[2J";
  hostile.set_content_id(escape);
  hostile.set_account(escape);
  hostile.set_group(escape);
  hostile.set_reviewer(escape);
  hostile.set_appeal(escape + "\n");
  hostile.mutable_decisions(0)->set_note(escape);
  hostile.mutable_decisions(0)->set_reviewer(escape);
  EXPECT_THAT(DescribeCase(hostile), Not(HasSubstr("\x1b")));
  EXPECT_THAT(FormatCaseTable({hostile}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lenscap::cli
