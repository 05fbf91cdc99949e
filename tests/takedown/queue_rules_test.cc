// What the review policy makes of a queue: clocks, warnings, second reviews.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/campaign.h"
#include "takedown/clock_watch.h"
#include "takedown/event_search.h"
#include "takedown/local_queue.h"
#include "takedown/review_policy.h"
#include "takedown/trends.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;
constexpr absl::Duration kHour = absl::Hours(1);
constexpr absl::Duration kMinute = absl::Minutes(1);

v1::ReviewPolicy Policy(const std::string& more = "") {
  return *ParseReviewPolicy(absl::StrCat(R"(
      version: "v"
      clocks { name: "day" queues: CASE_QUEUE_SUSPECTED start: START_DETECTION
               limit { seconds: 86400 } alert_before { seconds: 7200 } }
      clocks { name: "report" start: START_REPORT limit { seconds: 172800 } }
      clocks { name: "appeal" queues: CASE_QUEUE_APPEAL start: START_DETECTION
               limit { seconds: 1209600 } } )",
                                         more));
}

class QueueRulesTest : public testing::Test {
 protected:
  QueueRulesTest() { TestDisk::SetMode(TestDisk::Mode::kNoSyncs); }
  ~QueueRulesTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Open(const v1::ReviewPolicy& policy) {
    watch_.reset();
    queue_.reset();
    policy_ = policy;
    auto queue = OpenLocalQueue(
        {.directory = directory_, .clock = &clock_, .review = policy});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
    watch_ = std::make_unique<ClockWatch>(ClockWatch::Options{
        .cases = queue_.get(), .policy = policy, .clock = &clock_});
  }
  void OpenReviewingAll() { Open(Policy("second_review_share: 1")); }

  std::string Submit(const std::string& content_id,
                     absl::Duration reported_ago = absl::InfiniteDuration()) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_priority(500);
    if (reported_ago != absl::InfiniteDuration()) {
      opened.mutable_reported()->set_seconds(
          absl::ToUnixSeconds(clock_.Now() - reported_ago));
    }
    const auto id = queue_->Submit(opened);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }
  // Of the only case that waits for this reviewer; "" where none does.
  std::string Claim(const std::string& reviewer, bool senior = false) {
    Reviewer who{.name = reviewer};
    if (senior) who.skills = {"senior"};
    auto leases = queue_->LeaseCases(who, {}, 1, kMinute);
    EXPECT_TRUE(leases.ok()) << leases.status();
    if (!leases.ok() || leases->empty()) return "";
    return std::move(leases->front()).Detach();
  }
  v1::Case Decide(const std::string& token, v1::Decision::Outcome outcome) {
    const auto decided = queue_->Decide(token, outcome, "note");
    EXPECT_TRUE(decided.ok()) << decided.status();
    return decided.value_or(v1::Case());
  }
  v1::Case DecideBy(const std::string& reviewer, v1::Decision::Outcome outcome,
                    bool senior = false) {
    return Decide(Claim(reviewer, senior), outcome);
  }
  void PassUndoWindow() { clock_.Advance(absl::Seconds(11)); }
  v1::Case Get(const std::string& case_id) { return *queue_->Get(case_id); }
  std::vector<v1::CaseEvent> EventsOf(v1::CaseEvent::Kind kind) {
    std::vector<v1::CaseEvent> told;
    const auto events = queue_->Events(0, 1000, absl::ZeroDuration());
    EXPECT_TRUE(events.ok()) << events.status();
    for (const v1::CaseEvent& event : *events) {
      if (event.kind() == kind) told.push_back(event);
    }
    return told;
  }
  void Tick() {
    const absl::Status ticked = watch_->Tick();
    ASSERT_TRUE(ticked.ok()) << ticked;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  v1::ReviewPolicy policy_;
  std::unique_ptr<TakedownQueue> queue_;
  std::unique_ptr<ClockWatch> watch_;
};

TEST_F(QueueRulesTest, ACaseHasTheClocksOfItsQueueAndOfItsReport) {
  Open(Policy());
  const v1::Case opened = Get(Submit("a", /*reported_ago=*/30 * kHour));
  ASSERT_EQ(opened.clocks_size(), 2);
  EXPECT_EQ(opened.clocks(0).name(), "report");
  EXPECT_EQ(TimeOf(opened.clocks(0).deadline()), clock_.Now() + 18 * kHour);
  EXPECT_EQ(opened.clocks(1).name(), "day");
}

TEST_F(QueueRulesTest, ADecisionMeetsTheClocksAndUndoingItLetsThemRun) {
  Open(Policy());
  const std::string id = Submit("a");
  const std::string token = Claim("ann");
  EXPECT_EQ(TimeOf(Decide(token, kRemove).clocks(0).met()), clock_.Now());
  ASSERT_TRUE(queue_->Undo(token).ok());
  EXPECT_FALSE(Get(id).clocks(0).has_met());
}

TEST_F(QueueRulesTest, AnAppealHasAClockOfItsOwn) {
  Open(Policy());
  const std::string id = Submit("a");
  DecideBy("ann", kRemove);
  clock_.Advance(100 * kHour);
  const auto appealed = queue_->Appeal(id, "it is mine");
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  ASSERT_EQ(appealed->clocks_size(), 2);
  EXPECT_TRUE(appealed->clocks(0).has_met());
  EXPECT_EQ(appealed->clocks(1).name(), "appeal");
  EXPECT_EQ(TimeOf(appealed->clocks(1).start()), clock_.Now());
}

TEST_F(QueueRulesTest, WarningsAreGivenOnceEachAndRaiseThePriority) {
  Open(Policy());
  const std::string id = Submit("a");
  Tick();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), IsEmpty());
  clock_.Advance(22 * kHour);
  Tick();
  Tick();
  ASSERT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), SizeIs(1));
  EXPECT_EQ(EventsOf(v1::CaseEvent::KIND_CLOCK)[0].clock().name(), "day");
  EXPECT_EQ(Get(id).priority(), 775);
  // A restart forgets and repeats none.
  Open(Policy());
  Tick();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), SizeIs(1));
  clock_.Advance(2 * kHour);
  Tick();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), SizeIs(2));
  EXPECT_EQ(Get(id).priority(), 800);
  clock_.Advance(1000 * kHour);
  Tick();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), SizeIs(2));
  EXPECT_EQ(watch_->given(), 1);
}

TEST_F(QueueRulesTest, OfWhatIsDecidedNobodyIsWarnedAndOfWhatIsUndoneAgain) {
  Open(Policy());
  Submit("a");
  Submit("b");
  Tick();
  const std::string token = Claim("ann");
  Decide(token, kRemove);
  DecideBy("ann", kRemove);
  ASSERT_TRUE(queue_->Undo(token).ok());
  clock_.Advance(23 * kHour);
  Tick();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_CLOCK), SizeIs(1));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Alert(EventsOf(v1::CaseEvent::KIND_CLOCK)[0].case_id())
          .status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Alert("case-none").status()));
}

TEST_F(QueueRulesTest, WarnsOfThousandsOfCasesOverSomeTicks) {
  Open(Policy());
  for (int i = 0; i < 1200; ++i) Submit(absl::StrCat("upload", i));
  clock_.Advance(23 * kHour);
  Tick();
  EXPECT_EQ(watch_->given(), 1000);
  Tick();
  EXPECT_EQ(watch_->given(), 1200);
  Tick();
  EXPECT_EQ(watch_->given(), 1200);
}

TEST_F(QueueRulesTest, TheGravestComesFirstOnceItsClockRunsDown) {
  Open(Policy());
  const std::string old = Submit("a");
  clock_.Advance(22 * kHour);
  v1::Case grave;
  grave.set_content_id("b");
  grave.set_priority(700);
  ASSERT_TRUE(queue_->Submit(grave).ok());
  Tick();
  const auto leases = queue_->LeaseCases("ann", 1, kMinute);
  EXPECT_EQ(leases->at(0).leased().case_id(), old);
}

TEST_F(QueueRulesTest, TwoReviewersDecideASampledCaseAndKnowNothingOfIt) {
  OpenReviewingAll();
  const std::string id = Submit("a");
  const v1::Case before = Get(id);
  // To the first reviewer it is a decision like any other.
  const v1::Case first = DecideBy("ann", kRemove);
  EXPECT_EQ(first.state(), v1::Case::STATE_DECIDED);
  ASSERT_EQ(first.decisions_size(), 1);
  EXPECT_TRUE(first.reviews().empty());
  EXPECT_THAT(*queue_->Claims("ann"), IsEmpty());
  // Nothing is told, and nothing shown.
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_DECIDED), IsEmpty());
  EXPECT_TRUE(Get(id).decisions().empty());
  EXPECT_TRUE(Get(id).reviews().empty());
  EXPECT_FALSE(Get(id).clocks(0).has_met());
  EXPECT_TRUE(queue_->Upload("a")->decisions().empty());
  // Until it can no longer be undone nobody else has it, and the same never.
  EXPECT_EQ(Claim("bob"), "");
  PassUndoWindow();
  EXPECT_EQ(Claim("ann"), "");
  auto lease = queue_->LeaseCases("bob", 1, kMinute);
  ASSERT_THAT(*lease, SizeIs(1));
  EXPECT_TRUE(lease->at(0).leased().decisions().empty());
  EXPECT_TRUE(lease->at(0).leased().reviews().empty());
  const auto settled = std::move(lease->at(0)).Decide(kRemove, "note");
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
  ASSERT_EQ(Get(id).decisions_size(), 1);
  EXPECT_EQ(Get(id).decisions(0).reviewer(), "bob");
  EXPECT_EQ(Get(id).reviews_size(), 2);
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_DECIDED), SizeIs(1));
}

TEST_F(QueueRulesTest, WhereTwoDifferASeniorSeesBothAndDecides) {
  OpenReviewingAll();
  const std::string id = Submit("a");
  DecideBy("ann", kRemove);
  PassUndoWindow();
  const v1::Case second = DecideBy("bob", kKeep);
  EXPECT_EQ(second.state(), v1::Case::STATE_DECIDED);
  EXPECT_TRUE(second.reviews().empty());
  PassUndoWindow();
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_DECIDED), IsEmpty());
  EXPECT_EQ(Claim("cy"), "");
  EXPECT_EQ(Claim("ann", /*senior=*/true), "");
  const std::string token = Claim("cy", /*senior=*/true);
  EXPECT_EQ(queue_->Claimed(token)->reviews_size(), 2);
  Decide(token, kKeep);
  EXPECT_EQ(Get(id).decisions(0).reviewer(), "cy");
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_DECIDED), SizeIs(1));
  // A later appeal is decided once, by whoever did not decide last.
  ASSERT_TRUE(queue_->Appeal(id, "it is mine").ok());
  EXPECT_EQ(DecideBy("ann", kRemove).decisions_size(), 2);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
}

TEST_F(QueueRulesTest, AReviewIsRepeatedSafelyAndUndoneInTime) {
  OpenReviewingAll();
  const std::string id = Submit("a");
  const std::string token = Claim("ann");
  const std::string once = Decide(token, kRemove).SerializeAsString();
  EXPECT_EQ(Decide(token, kRemove).SerializeAsString(), once);
  EXPECT_TRUE(absl::IsAborted(queue_->Decide(token, kKeep, "note").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Hold(token, kHour, "why").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Escalate(token, "why", "").status()));
  const auto undone = queue_->Undo(token);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->state(), v1::Case::STATE_LEASED);
  Decide(token, kKeep);
  PassUndoWindow();
  EXPECT_TRUE(absl::IsAborted(queue_->Undo(token).status()));
  const std::string second = Claim("bob");
  Decide(second, kKeep);
  // The second one's, too: it is theirs that made it.
  ASSERT_TRUE(queue_->Undo(second).ok());
  EXPECT_TRUE(Get(id).decisions().empty());
  EXPECT_TRUE(Get(id).reviews().empty());
  Decide(second, kRemove);
  EXPECT_EQ(Get(id).reviews_size(), 2);
}

TEST_F(QueueRulesTest, ARestartKeepsWhatIsHidden) {
  OpenReviewingAll();
  const std::string id = Submit("a");
  DecideBy("ann", kRemove);
  OpenReviewingAll();
  PassUndoWindow();
  EXPECT_EQ(Claim("ann"), "");
  DecideBy("bob", kRemove);
  EXPECT_EQ(Get(id).decisions_size(), 1);
}

TEST_F(QueueRulesTest, ACaseThatWasGivenBackTooOftenIsDecidedByOne) {
  OpenReviewingAll();
  Submit("a");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(queue_->Release(Claim("ann")).ok());
  }
  DecideBy("bob", kRemove);
  EXPECT_THAT(EventsOf(v1::CaseEvent::KIND_DECIDED), SizeIs(1));
}

TEST_F(QueueRulesTest, ACaseThatWasAssignedIsReviewedByAnother) {
  OpenReviewingAll();
  const std::string id = Submit("a");
  ASSERT_TRUE(
      queue_->Reassign({.case_id = id, .reviewer = "ann", .oversees = true})
          .ok());
  DecideBy("ann", kRemove);
  PassUndoWindow();
  DecideBy("bob", kRemove);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
}

TEST_F(QueueRulesTest, ADecisionSaysHowLongItTook) {
  Open(Policy());
  Submit("a");
  const std::string token = Claim("ann");
  clock_.Advance(absl::Seconds(42));
  EXPECT_EQ(Decide(token, kRemove).decisions(0).taken().seconds(), 42);
}

TEST_F(QueueRulesTest, TrendsCountWhatHappenedInEachStep) {
  Open(Policy());
  const absl::Time start = clock_.Now();
  const std::string id = Submit("a");
  Submit("b");
  DecideBy("ann", kRemove);
  clock_.Advance(kHour);
  DecideBy("ann", kKeep);
  ASSERT_TRUE(queue_->Appeal(id, "it is mine").ok());
  clock_.Advance(kHour);
  Submit("c");
  const std::string token = Claim("ann");
  Decide(token, kRemove);
  ASSERT_TRUE(queue_->Undo(token).ok());
  const auto trends =
      CountTrends(*queue_, {start, start + 150 * kMinute, kHour});
  ASSERT_TRUE(trends.ok()) << trends.status();
  ASSERT_EQ(trends->trends_size(), 3);
  const auto figures = [&](int step) {
    const v1::Trend& trend = trends->trends(step);
    EXPECT_EQ(TimeOf(trend.start()), start + step * kHour);
    return std::vector<int64_t>{trend.opened(), trend.removed(), trend.kept(),
                                trend.appealed()};
  };
  EXPECT_THAT(figures(0), ElementsAre(2, 1, 0, 0));
  EXPECT_THAT(figures(1), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(figures(2), ElementsAre(1, 0, 0, 0));
  // A period within.
  const auto within =
      CountTrends(*queue_, {start + kHour, start + 2 * kHour, 10 * kMinute});
  EXPECT_EQ(within->trends_size(), 6);
  EXPECT_EQ(within->trends(0).kept(), 1);
  EXPECT_EQ(within->trends(0).opened(), 0);
}

TEST_F(QueueRulesTest, EventsOfATimeAreFoundAmongMany) {
  Open(Policy());
  std::vector<absl::Time> times;
  for (int i = 0; i < 200; ++i) {
    times.push_back(clock_.Now());
    Submit(absl::StrCat("upload", i));
    if (i % 3 == 0) clock_.Advance(absl::Seconds(1 + i % 7));
  }
  for (size_t i = 0; i < times.size(); i += 7) {
    const auto place = PlaceBefore(*queue_, times[i]);
    ASSERT_TRUE(place.ok()) << place.status();
    const auto events = queue_->Events(*place, 1, absl::ZeroDuration());
    ASSERT_THAT(*events, SizeIs(1));
    EXPECT_EQ(TimeOf(events->front().time()), times[i]);
    if (*place == 0) continue;
    const auto before = queue_->Events(*place - 1, 1, absl::ZeroDuration());
    EXPECT_LT(TimeOf(before->front().time()), times[i]);
  }
  const auto end = PlaceBefore(*queue_, absl::InfiniteFuture());
  EXPECT_THAT(*queue_->Events(*end, 1, absl::ZeroDuration()), IsEmpty());
  EXPECT_EQ(*PlaceBefore(*queue_, absl::InfinitePast()), 0);
}

}  // namespace
}  // namespace lenscap
