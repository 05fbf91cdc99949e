#include "takedown/case_record.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;
using testing::HasSubstr;

v1::Case FullCase() {
  v1::Case full;
  full.set_content_id("content");
  full.set_account("account");
  full.set_group("group");
  full.set_appeal("why?");
  full.add_decisions()->set_note("seen");
  full.mutable_report()->set_scan_id("scan");
  return full;
}

LeaseQueue::Item ItemOf(const v1::Case& kept) {
  LeaseQueue::Item item;
  item.id = "case-1";
  item.payload = *EncodeCase(kept);
  item.priority = 7;
  item.state = State::kLeased;
  item.submitted = absl::FromUnixMicros(1'500'000);
  item.deliveries = 2;
  item.holder = "reviewer";
  item.lease_end = absl::FromUnixSeconds(60);
  return item;
}

TEST(CaseRecordTest, ACaseIsItsPayloadAndItsItem) {
  const auto decoded = DecodeCase(ItemOf(FullCase()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->content_id(), "content");
  EXPECT_EQ(decoded->account(), "account");
  EXPECT_EQ(decoded->group(), "group");
  EXPECT_EQ(decoded->appeal(), "why?");
  EXPECT_EQ(decoded->decisions(0).note(), "seen");
  EXPECT_EQ(decoded->report().scan_id(), "scan");
  EXPECT_EQ(decoded->case_id(), "case-1");
  EXPECT_EQ(decoded->priority(), 7);
  EXPECT_EQ(decoded->state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(decoded->opened().seconds(), 1);
  EXPECT_EQ(decoded->opened().nanos(), 500'000'000);
  EXPECT_EQ(decoded->deliveries(), 2);
  EXPECT_EQ(decoded->reviewer(), "reviewer");
  EXPECT_EQ(decoded->lease_end().seconds(), 60);
}

TEST(CaseRecordTest, WhatTheItemKnowsIsNotKeptTwice) {
  v1::Case with_state = FullCase();
  with_state.set_case_id("other");
  with_state.set_priority(3);
  with_state.set_state(v1::Case::STATE_DECIDED);
  with_state.set_deliveries(9);
  with_state.set_reviewer("other");
  with_state.mutable_lease_end()->set_seconds(9);
  with_state.mutable_opened()->set_seconds(9);
  EXPECT_EQ(*EncodeCase(with_state), *EncodeCase(FullCase()));
}

TEST(CaseRecordTest, OnlyALeasedCaseHasAReviewer) {
  LeaseQueue::Item item = ItemOf(FullCase());
  const std::pair<State, v1::Case::State> states[] = {
      {State::kWaiting, v1::Case::STATE_WAITING},
      {State::kSettled, v1::Case::STATE_DECIDED},
      {State::kDead, v1::Case::STATE_DEAD_LETTER}};
  for (const auto& [state, case_state] : states) {
    item.state = state;
    const auto decoded = DecodeCase(item);
    EXPECT_EQ(decoded->state(), case_state);
    EXPECT_EQ(decoded->reviewer(), "");
    EXPECT_FALSE(decoded->has_lease_end());
  }
}

TEST(CaseRecordTest, ADamagedCaseIsNamed) {
  LeaseQueue::Item item = ItemOf(FullCase());
  item.payload = "\xff\xff";
  const auto decoded = DecodeCase(item);
  EXPECT_TRUE(absl::IsDataLoss(decoded.status()));
  EXPECT_THAT(std::string(decoded.status().message()), HasSubstr("case-1"));
}

TEST(CaseRecordTest, WhatCouldNotBeReadBackIsNotWritten) {
  v1::Case broken = FullCase();
  broken.mutable_report()->set_scan_id("\xff");
  EXPECT_TRUE(absl::IsInvalidArgument(EncodeCase(broken).status()));
}

TEST(CaseRecordTest, TextHasALengthAndIsUtf8) {
  EXPECT_TRUE(CheckText("note", "", 0, 3).ok());
  EXPECT_TRUE(CheckText("note", "\xe5\x81\xb7", 1, 3).ok());
  for (const char* text : {"", "long", "\xff", "\xe5\x81"}) {
    const absl::Status status = CheckText("note", text, 1, 3);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("note"));
  }
}

}  // namespace
}  // namespace lenscap
