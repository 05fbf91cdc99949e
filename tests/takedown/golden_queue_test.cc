#include "takedown/golden_queue.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/campaign.h"
#include "takedown/local_queue.h"
#include "takedown/reviewer_figures.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;
constexpr absl::Duration kMinute = absl::Minutes(1);

class GoldenQueueTest : public testing::Test {
 protected:
  GoldenQueueTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~GoldenQueueTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    queue_.reset();
    queue_ = std::make_unique<GoldenQueue>(GoldenQueue::Options{
        .real = *OpenLocalQueue(
            {.directory = directory_ + "/cases", .clock = &clock_}),
        .shown = *OpenLocalQueue({.directory = directory_ + "/shown",
                                  .clock = &clock_,
                                  .apart = true}),
        .golden = *GoldenCases::Open(directory_ + "/golden", &clock_),
        .share = 0.5,
        .draw = [this] { return drawn_; }});
  }

  std::string Submit(const std::string& content_id) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_account("user_1");
    opened.set_priority(500);
    v1::ScanReport& report = *opened.mutable_report();
    report.set_sha256(std::string(32, 's'));
    v1::ClipMatch& match = *report.add_matches();
    match.set_list_id("list");
    match.set_entry_id(absl::StrCat("entry of ", content_id));
    match.set_kind(v1::ClipMatch::KIND_FRAMES);
    return *queue_->Submit(opened);
  }
  std::vector<Lease> LeaseBy(const std::string& reviewer, int max = 1) {
    auto leases = queue_->LeaseCases(reviewer, max, kMinute);
    EXPECT_TRUE(leases.ok()) << leases.status();
    return leases.ok() ? *std::move(leases) : std::vector<Lease>();
  }
  // A decided case, golden, and another that waits.
  void MakeGolden() {
    original_ = Submit("video-81");
    drawn_ = 1;
    ASSERT_TRUE(std::move(LeaseBy("ann").at(0)).Decide(kRemove, "").ok());
    const auto golden = queue_->AddGolden(original_, kRemove, "beyond doubt");
    ASSERT_TRUE(golden.ok()) << golden.status();
    golden_id_ = golden->golden_id();
    waiting_ = Submit("video-82");
    drawn_ = 0;
  }
  int64_t EventCount() {
    return queue_->Events(0, 1000, absl::ZeroDuration())->size();
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  double drawn_ = 1;
  std::unique_ptr<GoldenQueue> queue_;
  std::string original_;
  std::string golden_id_;
  std::string waiting_;
};

TEST_F(GoldenQueueTest, AGoldenCaseIsClaimedReadAndDecidedAsAnyOther) {
  MakeGolden();
  const int64_t events = EventCount();
  auto leases = LeaseBy("bob");
  ASSERT_THAT(leases, SizeIs(1));
  const v1::Case leased = leases[0].leased();
  EXPECT_NE(leased.case_id(), original_);
  EXPECT_NE(leased.case_id(), waiting_);
  EXPECT_EQ(leased.reviewer(), "bob");
  EXPECT_TRUE(leased.decisions().empty());
  EXPECT_EQ(queue_->OriginalOf(leased.case_id())->value(), original_);
  EXPECT_FALSE(queue_->OriginalOf(waiting_)->has_value());
  const std::string token = std::move(leases[0]).Detach();
  EXPECT_EQ(queue_->Get(leased.case_id())->case_id(), leased.case_id());
  EXPECT_EQ(queue_->Upload(leased.content_id())->case_id(), leased.case_id());
  EXPECT_EQ(queue_->Uploads(leased.case_id(), "", 10, true)->uploads.size(), 1);
  EXPECT_EQ(queue_->Account("", leased.account())->uploads(), 1);
  EXPECT_THAT(*queue_->Claims("bob"), SizeIs(1));
  EXPECT_TRUE(queue_->Extend(token, kMinute).ok());
  const auto held = queue_->Hold(token, absl::Hours(1), "ask somebody");
  EXPECT_EQ(held->hold().reason(), "ask somebody");
  const auto decided = queue_->Decide(token, kKeep, "innocent");
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->state(), v1::Case::STATE_DECIDED);
  EXPECT_TRUE(queue_->Undo(token).ok());
  EXPECT_TRUE(queue_->Decide(token, kRemove, "known").ok());
  // And nothing follows.
  EXPECT_EQ(EventCount(), events);
  EXPECT_EQ(queue_->Stats()->decided(), 1);
  int64_t cases = 0;
  ASSERT_TRUE(queue_
                  ->ForEach([&](const v1::Case&) {
                    ++cases;
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(cases, 2);
  EXPECT_EQ(queue_->Account("", "user_1")->uploads(), 2);
}

TEST_F(GoldenQueueTest, AnswersAreMeasuredAgainstWhatIsRight) {
  MakeGolden();
  ASSERT_TRUE(std::move(LeaseBy("bob").at(0)).Decide(kRemove, "").ok());
  ASSERT_TRUE(std::move(LeaseBy("cy").at(0)).Decide(kKeep, "").ok());
  const auto listed = queue_->ListGolden();
  ASSERT_THAT(*listed, SizeIs(1));
  EXPECT_EQ(listed->at(0).answered(), 2);
  EXPECT_EQ(listed->at(0).answered_rightly(), 1);
  ReviewerCounter counter({});
  ASSERT_TRUE(queue_
                  ->ForEachAnswer([&](const takedown::GoldenTurn& turn,
                                      const v1::Decision& answer) {
                    counter.AddGolden(turn.reviewer(),
                                      turn.outcome() == answer.outcome(),
                                      TimeOf(answer.time()));
                  })
                  .ok());
  EXPECT_EQ(counter.Finish().reviewers(0).golden_right(), 1);
  EXPECT_EQ(counter.Finish().reviewers(1).golden_right(), 0);
}

TEST_F(GoldenQueueTest, TheSameFootageIsNotDecidedForTheNextReviewer) {
  MakeGolden();
  ASSERT_TRUE(std::move(LeaseBy("bob").at(0)).Decide(kRemove, "").ok());
  clock_.Advance(absl::Hours(1));
  const auto leases = LeaseBy("cy");
  ASSERT_THAT(leases, SizeIs(1));
  EXPECT_EQ(leases[0].leased().reach().undecided(), 1);
  EXPECT_EQ(queue_->OriginalOf(leases[0].leased().case_id())->value(),
            original_);
}

TEST_F(GoldenQueueTest, EachReviewerHasItOnceAndUndecidedAgain) {
  MakeGolden();
  std::string given = LeaseBy("bob").at(0).leased().case_id();  // Given back.
  Reopen();
  drawn_ = 0;
  auto again = LeaseBy("bob");
  EXPECT_EQ(again.at(0).leased().case_id(), given);
  ASSERT_TRUE(std::move(again.at(0)).Decide(kRemove, "").ok());
  EXPECT_EQ(LeaseBy("bob").at(0).leased().case_id(), waiting_);
}

TEST_F(GoldenQueueTest, ItIsDrawnByItsShareAndNotFromAnEmptyQueue) {
  MakeGolden();
  drawn_ = 0.5;  // Not below the share.
  EXPECT_EQ(LeaseBy("bob").at(0).leased().case_id(), waiting_);
  drawn_ = 0.49;
  auto both = LeaseBy("bob", 2);
  EXPECT_THAT(both, SizeIs(2));
  for (Lease& lease : both) {
    ASSERT_TRUE(std::move(lease).Decide(kRemove, "").ok());
  }
  EXPECT_THAT(LeaseBy("cy"), IsEmpty());
}

TEST_F(GoldenQueueTest, OnlyADecidedCaseBecomesGolden) {
  const std::string waiting = Submit("a");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->AddGolden(waiting, kRemove, "").status()));
  EXPECT_TRUE(
      absl::IsNotFound(queue_->AddGolden("case-none", kRemove, "").status()));
}

TEST_F(GoldenQueueTest, ARemovedOneIsGivenToNobody) {
  MakeGolden();
  ASSERT_TRUE(queue_->RemoveGolden(golden_id_).ok());
  EXPECT_EQ(LeaseBy("bob").at(0).leased().case_id(), waiting_);
  EXPECT_THAT(*queue_->ListGolden(), IsEmpty());
}

TEST_F(GoldenQueueTest, ATokenOfNoQueueIsRefusedAsByAnyQueue) {
  MakeGolden();
  EXPECT_TRUE(absl::IsInvalidArgument(queue_->Claimed("x").status()));
  auto leases = LeaseBy("bob");
  const std::string token = std::move(leases.at(0)).Detach();
  clock_.Advance(2 * kMinute);
  EXPECT_TRUE(absl::IsAborted(queue_->Decide(token, kKeep, "").status()));
}

}  // namespace
}  // namespace lenscap
