// From cases and holds to a receiver, as a server has it, second by second.

#include "services/outcomes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_receiver.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

class OutcomesTest : public testing::Test {
 protected:
  OutcomesTest() {
    cases_ =
        *OpenLocalQueue({.directory = directory_ + "/cases", .clock = &clock_});
    holds_ = *HeldUploads::Open(
        {.directory = directory_ + "/holds", .clock = &clock_});
    news_.Subscribe(kOutcomeNews, [this] { ++told_; });
    outcomes_ = *Outcomes::Open({.directory = directory_ + "/outcomes",
                                 .webhooks = directory_ + "/webhooks",
                                 .cases = cases_.get(),
                                 .holds = holds_.get(),
                                 .news = &news_,
                                 .clock = &clock_});
    EXPECT_TRUE(outcomes_->webhooks()
                    .Create({.tenant = "", .url = receiver_.url(), .types = {}})
                    .ok());
    outcomes_->webhooks().Start();
  }
  void CatchUp() {
    const absl::Status caught_up = outcomes_->CatchUp();
    ASSERT_TRUE(caught_up.ok()) << caught_up;
    outcomes_->webhooks().WaitUntilIdle();
  }
  void Decide() {
    auto leases = cases_->LeaseCases("ann", 1, absl::Minutes(5));
    ASSERT_TRUE(leases.ok() && leases->size() == 1) << leases.status();
    ASSERT_TRUE(std::move(leases->front())
                    .Decide(v1::Decision::OUTCOME_REMOVE, "note")
                    .ok());
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  Notifier news_;
  int told_ = 0;
  HttpReceiver receiver_{[](const ReceivedPost&) { return ReceiverReply(); }};
  std::unique_ptr<TakedownQueue> cases_;
  std::unique_ptr<HeldUploads> holds_;
  std::unique_ptr<Outcomes> outcomes_;
};

TEST_F(OutcomesTest, ADecisionIsTellableAndPostedOnceItCounts) {
  v1::Case opened;
  opened.set_content_id("a");
  ASSERT_TRUE(cases_->Submit(opened).ok());
  Decide();
  CatchUp();
  EXPECT_EQ(told_, 0);
  EXPECT_EQ(receiver_.posts().size(), 0);
  clock_.Advance(absl::Seconds(10));
  CatchUp();
  EXPECT_EQ(told_, 1);
  ASSERT_EQ(receiver_.posts().size(), 1);
  EXPECT_THAT(receiver_.posts()[0].body, HasSubstr("upload.decided"));
  CatchUp();
  EXPECT_EQ(told_, 1);
  EXPECT_EQ(receiver_.posts().size(), 1);
}

TEST_F(OutcomesTest, ADeadlineIsPostedOnceWithItsFallbackAndCase) {
  v1::UploadHeader header;
  header.set_content_id("held");
  header.set_tenant("forum");
  header.set_account("seller");
  header.mutable_pre_publish()->mutable_deadline()->set_seconds(60);
  header.mutable_pre_publish()->set_fallback(v1::FALLBACK_ALLOW);
  ASSERT_TRUE(holds_->Begin(header).ok());
  v1::Case opened;
  opened.set_content_id("held");
  opened.set_tenant("forum");
  const std::string case_id = *cases_->Submit(opened);
  clock_.Advance(absl::Minutes(2));
  ASSERT_TRUE(
      holds_->FallDue([](absl::string_view) { return UploadStanding::kOpen; })
          .ok());
  CatchUp();
  CatchUp();
  const auto told = outcomes_->log().Read(0, 10);
  ASSERT_TRUE(told.ok() && told->size() == 1) << told.status();
  const v1::Outcome& outcome = (*told)[0].outcome;
  EXPECT_EQ(outcome.type(), v1::Outcome::TYPE_DEADLINE);
  EXPECT_EQ(outcome.fallback(), v1::FALLBACK_ALLOW);
  EXPECT_EQ(outcome.tenant(), "forum");
  EXPECT_EQ(outcome.case_id(), case_id);
  EXPECT_EQ(outcome.uploads(0).content_id(), "held");
  EXPECT_EQ(outcome.uploads(0).account(), "seller");
  EXPECT_EQ(receiver_.posts().size(), 1);
}

TEST_F(OutcomesTest, WhatWasToldLongAgoIsForgotten) {
  v1::Case opened;
  opened.set_content_id("a");
  ASSERT_TRUE(cases_->Submit(opened).ok());
  Decide();
  clock_.Advance(absl::Minutes(1));
  CatchUp();
  clock_.Advance(absl::Hours(24 * 89));
  ASSERT_TRUE(outcomes_->Purge().ok());
  EXPECT_EQ(outcomes_->log().Read(0, 10)->size(), 1);
  clock_.Advance(absl::Hours(24 * 2));
  ASSERT_TRUE(outcomes_->Purge().ok());
  EXPECT_EQ(outcomes_->log().Read(0, 10)->size(), 0);
}

}  // namespace
}  // namespace lenscap
