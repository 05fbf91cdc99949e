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
    queue: CASE_QUEUE_KNOWN_CLIP grouped_by: GROUPED_BY_LIST_ENTRY
    shared: "demo/room-7"
    reach { uploads: 30 undecided: 2 accounts: 7 groups: 1 }
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
  EXPECT_THAT(table, testing::StartsWith(
                         "CASE    QUEUE       STATE        PRIORITY  UPLOADS  "
                         "ADVISED  CLIP         OPENED"));
  EXPECT_THAT(table,
              HasSubstr("case-1  known clip  leased       700       30   "
                        "    BLOCK    demo/room-7  2025-06-1"));
  EXPECT_THAT(table,
              HasSubstr("case-1  known clip  dead letter  700       30   "
                        "    REVIEW   -"));
  EXPECT_THAT(table, HasSubstr("upload-3\n"));
}

TEST(CaseTableTest, AnEmptyQueueIsAHeader) {
  EXPECT_EQ(FormatCaseTable({}),
            "CASE  QUEUE  STATE  PRIORITY  UPLOADS  ADVISED  CLIP  OPENED  "
            "CONTENT\n");
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

TEST(CaseTableTest, ACaseOfManyTellsItsReachAndWhatIsAskedOfWhom) {
  v1::Case opened = Leased();
  opened.MergeFrom(FromText<v1::Case>(R"(
    clocks { name: "48h" deadline { seconds: 1750000000 } }
    hold { until { seconds: 1750000000 } reason: "police" }
    escalations { reviewer: "ann" skill: "law" reason: "staged?" }
    assigned_to: "ben")"));
  EXPECT_THAT(
      DescribeCase(opened),
      AllOf(HasSubstr("uploads 30, 2 undecided, of 7 accounts in 1 groups"),
            HasSubstr("shared  list entry demo/room-7"),
            HasSubstr("clock   48h until 2025"),
            HasSubstr("on hold until 2025"), HasSubstr(": police"),
            HasSubstr("escalated by ann for law: staged?"),
            HasSubstr("assigned to ben")));
}

TEST(CaseTableTest, UploadsQueuesAndHistoriesHaveTheirTables) {
  EXPECT_THAT(
      FormatUploadTable({FromText<v1::CaseUpload>(
          "number: 2 content_id: 'upload-3' account: 'acc' inherited: true "
          "decisions { outcome: OUTCOME_REMOVE }")}),
      testing::ContainsRegex("2 +upload-3 +acc +- .*remove, inherited"));
  EXPECT_THAT(FormatQueueTable(FromText<v1::StatsReply>(
                  "queues { queue: CASE_QUEUE_APPEAL tenant: 'forum' "
                  "waiting: 5 leased: 4 due_soon: 3 overdue: 2 }")),
              testing::ContainsRegex("appeal +forum +5 +4 +3 +2 "));
  EXPECT_THAT(
      DescribeHistory(FromText<v1::History>(
          "name: 'acc' uploads: 9 removed: 5 kept: 3 undecided: 1 "
          "strikes { content_id: 'upload-3' } "
          "neighbours { name: 'chat' uploads: 4 } case_ids: 'case-1'")),
      AllOf(HasSubstr("acc: 9 uploads, 5 removed, 3 kept, 1 undecided"),
            HasSubstr("for upload-3"), HasSubstr("with    chat, 4 uploads"),
            HasSubstr("case    case-1")));
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
  hostile.set_shared(escape);
  hostile.set_assigned_to(escape);
  hostile.add_escalations()->set_reason(escape);
  hostile.set_reviewer(escape);
  hostile.set_appeal(escape + "\n");
  hostile.mutable_decisions(0)->set_note(escape);
  hostile.mutable_decisions(0)->set_reviewer(escape);
  EXPECT_THAT(DescribeCase(hostile), Not(HasSubstr("\x1b")));
  EXPECT_THAT(FormatCaseTable({hostile}), Not(HasSubstr("\x1b")));
  v1::CaseUpload upload;
  upload.set_content_id(escape);
  upload.set_account(escape);
  upload.set_group(escape);
  EXPECT_THAT(FormatUploadTable({upload}), Not(HasSubstr("\x1b")));
  v1::History history;
  history.set_name(escape);
  history.add_neighbours()->set_name(escape);
  history.add_strikes()->set_content_id(escape);
  EXPECT_THAT(DescribeHistory(history), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lenscap::cli
