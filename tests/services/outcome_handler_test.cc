// Where an upload stands, by real rooms and a clock that is stepped.

#include "services/outcome_handler.h"

#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using State = v1::UploadState;

Caller PlatformOf(const std::string& tenant) {
  return {.name = "platform",
          .role = CallerRole::kPlatform,
          .issuer = "",
          .tenant = tenant,
          .platform_class = ""};
}

class OutcomeHandlerTest : public testing::Test {
 protected:
  OutcomeHandlerTest() {
    cases_ =
        *OpenLocalQueue({.directory = directory_ + "/cases", .clock = &clock_});
    holds_ = *HeldUploads::Open(
        {.directory = directory_ + "/holds", .clock = &clock_});
    rooms_.cases = cases_.get();
    rooms_.holds = holds_.get();
    rooms_.undo_window = absl::Seconds(10);
    rooms_.clock = &clock_;
  }

  void Hold(const std::string& content_id, const std::string& tenant) {
    v1::UploadHeader header;
    header.set_content_id(content_id);
    header.set_tenant(tenant);
    header.mutable_pre_publish()->mutable_deadline()->set_seconds(3600);
    header.mutable_pre_publish()->set_fallback(v1::FALLBACK_BLOCK);
    ASSERT_TRUE(holds_->Begin(header).ok());
  }
  void Open(const std::string& content_id, const std::string& tenant) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_tenant(tenant);
    ASSERT_TRUE(cases_->Submit(opened).ok());
  }
  void Decide(v1::Decision::Outcome outcome, const std::string& reviewer) {
    auto leases = cases_->LeaseCases(reviewer, 1, absl::Minutes(5));
    ASSERT_TRUE(leases.ok() && leases->size() == 1) << leases.status();
    ASSERT_TRUE(std::move(leases->front()).Decide(outcome, "note").ok());
  }
  State StateOf(const std::string& content_id, const std::string& tenant) {
    v1::GetUploadStateRequest request;
    request.set_content_id(content_id);
    const auto state = GetUploadState(rooms_, PlatformOf(tenant), request);
    EXPECT_TRUE(state.ok()) << state.status();
    return state.value_or(State());
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<TakedownQueue> cases_;
  std::unique_ptr<HeldUploads> holds_;
  OutcomeRooms rooms_;
};

TEST_F(OutcomeHandlerTest, AHeldUploadSaysUntilWhenAndWhatThen) {
  Hold("a", "forum");
  const State state = StateOf("a", "forum");
  EXPECT_EQ(state.state(), State::STATE_HELD);
  EXPECT_EQ(state.fallback(), v1::FALLBACK_BLOCK);
  EXPECT_EQ(FromProto(state.deadline()), clock_.Now() + absl::Hours(1));
  EXPECT_EQ(StateOf("a", "").state(), State::STATE_HELD);
}

TEST_F(OutcomeHandlerTest, AnotherTenantsHoldIsAsUnknown) {
  Hold("a", "forum");
  EXPECT_EQ(StateOf("a", "shop").state(), State::STATE_UNKNOWN);
  EXPECT_FALSE(StateOf("a", "shop").has_deadline());
}

TEST_F(OutcomeHandlerTest, WhatIsHeldAndHasACaseIsHeldUntilItIsDecided) {
  Hold("a", "forum");
  Open("a", "forum");
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_HELD);
  EXPECT_NE(StateOf("a", "forum").case_id(), "");
  Decide(v1::Decision::OUTCOME_KEEP, "ann");
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_HELD);
  clock_.Advance(absl::Seconds(11));
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_KEPT);
  EXPECT_FALSE(StateOf("a", "forum").has_deadline());
}

TEST_F(OutcomeHandlerTest, WithoutAHoldACaseIsUndecidedUntilItIsDecided) {
  Open("a", "forum");
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_UNDECIDED);
  Decide(v1::Decision::OUTCOME_REMOVE, "ann");
  clock_.Advance(absl::Seconds(9));
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_UNDECIDED);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_REMOVED);
  EXPECT_EQ(StateOf("a", "forum").version(), 1);
}

TEST_F(OutcomeHandlerTest, WhatWasDecidedHoldsWhileItIsDecidedAgain) {
  Open("a", "forum");
  Decide(v1::Decision::OUTCOME_REMOVE, "ann");
  clock_.Advance(absl::Minutes(1));
  ASSERT_TRUE(
      cases_->Appeal(StateOf("a", "forum").case_id(), "my own flat").ok());
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_REMOVED);
  Decide(v1::Decision::OUTCOME_KEEP, "ben");
  EXPECT_EQ(StateOf("a", "forum").state(), State::STATE_REMOVED);
  clock_.Advance(absl::Seconds(10));
  const State state = StateOf("a", "forum");
  EXPECT_EQ(state.state(), State::STATE_KEPT);
  EXPECT_EQ(state.version(), 2);
}

}  // namespace
}  // namespace lenscap
