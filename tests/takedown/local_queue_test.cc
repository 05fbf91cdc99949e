#include "takedown/local_queue.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::Duration kMinute = absl::Minutes(1);
constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

v1::Case CaseOf(const std::string& content_id, int priority = 500) {
  v1::Case opened;
  opened.set_content_id(content_id);
  opened.set_account("account of " + content_id);
  opened.set_group("group of " + content_id);
  opened.set_priority(priority);
  opened.mutable_report()->set_scan_id("scan of " + content_id);
  opened.mutable_report()->mutable_verdict()->set_action(v1::ACTION_BLOCK);
  return opened;
}

class LocalQueueTest : public testing::Test {
 protected:
  LocalQueueTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }
  ~LocalQueueTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    queue_.reset();
    auto queue = OpenLocalQueue(
        {.directory = directory_, .max_deliveries = 3, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  std::string Submit(const std::string& content_id, int priority = 500) {
    const auto id = queue_->Submit(CaseOf(content_id, priority));
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  std::vector<Lease> LeaseCases(const std::string& reviewer, int max) {
    auto leases = queue_->LeaseCases(reviewer, max, kMinute);
    EXPECT_TRUE(leases.ok()) << leases.status();
    return leases.ok() ? *std::move(leases) : std::vector<Lease>();
  }

  // The best waiting case, which must be there, by its token.
  std::string LeaseOne(const std::string& reviewer) {
    std::vector<Lease> leases = LeaseCases(reviewer, 1);
    EXPECT_EQ(leases.size(), 1);
    return leases.empty() ? "" : std::move(leases[0]).Detach();
  }

  std::string SubmitAndDecide(const std::string& content_id,
                              const std::string& reviewer) {
    const std::string id = Submit(content_id, 1000);
    EXPECT_TRUE(queue_->Decide(LeaseOne(reviewer), kRemove, "seen").ok());
    return id;
  }

  std::vector<std::string> List(v1::Case::State state) {
    std::vector<std::string> contents;
    const auto page = queue_->List(state, "", 100);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const v1::Case& listed : page->cases) {
      contents.push_back(listed.content_id());
    }
    return contents;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<TakedownQueue> queue_;
};

TEST_F(LocalQueueTest, ASubmittedCaseWaitsWithWhatWasFound) {
  const std::string id = Submit("upload");
  EXPECT_EQ(id, TakedownQueue::CaseId("upload"));
  const auto opened = queue_->Get(id);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->case_id(), id);
  EXPECT_EQ(opened->content_id(), "upload");
  EXPECT_EQ(opened->account(), "account of upload");
  EXPECT_EQ(opened->group(), "group of upload");
  EXPECT_EQ(opened->priority(), 500);
  EXPECT_EQ(opened->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(opened->opened().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(opened->deliveries(), 0);
  EXPECT_EQ(opened->report().scan_id(), "scan of upload");
}

TEST_F(LocalQueueTest, TheSameContentMakesTheSameCase) {
  const std::string id = Submit("upload");
  v1::Case again = CaseOf("upload", 900);
  again.set_account("somebody else");
  EXPECT_EQ(*queue_->Submit(again), id);
  EXPECT_EQ(queue_->Get(id)->priority(), 500);
  EXPECT_EQ(queue_->Get(id)->account(), "account of upload");
  EXPECT_EQ(queue_->Stats()->waiting(), 1);
}

TEST_F(LocalQueueTest, FieldsThatAreNotTheSubmittersAreIgnored) {
  v1::Case opened = CaseOf("upload");
  opened.set_case_id("case-other");
  opened.set_state(v1::Case::STATE_DECIDED);
  opened.set_deliveries(9);
  opened.set_appeal("please");
  opened.add_decisions()->set_reviewer("ann");
  const auto kept = queue_->Get(*queue_->Submit(opened));
  EXPECT_EQ(kept->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(kept->deliveries(), 0);
  EXPECT_EQ(kept->appeal(), "");
  EXPECT_EQ(kept->decisions_size(), 0);
}

TEST_F(LocalQueueTest, TheGravestAndOldestIsLeasedFirst) {
  Submit("light", 100);
  Submit("grave", 900);
  Submit("grave too", 900);
  const auto leases = LeaseCases("ann", 2);
  ASSERT_EQ(leases.size(), 2);
  EXPECT_EQ(leases[0].leased().content_id(), "grave");
  EXPECT_EQ(leases[1].leased().content_id(), "grave too");
  EXPECT_EQ(leases[0].leased().state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(leases[0].leased().reviewer(), "ann");
  EXPECT_EQ(leases[0].leased().deliveries(), 1);
  EXPECT_EQ(leases[0].leased().lease_end().seconds(),
            absl::ToUnixSeconds(clock_.Now() + kMinute));
  EXPECT_THAT(List(v1::Case::STATE_WAITING), ElementsAre("light"));
  EXPECT_THAT(List(v1::Case::STATE_LEASED), ElementsAre("grave", "grave too"));
}

TEST_F(LocalQueueTest, TwoReviewersNeverHoldTheSameCase) {
  Submit("a");
  Submit("b");
  const auto ann = LeaseCases("ann", 1);
  const auto bob = LeaseCases("bob", 5);
  ASSERT_EQ(ann.size(), 1);
  ASSERT_EQ(bob.size(), 1);
  EXPECT_EQ(ann[0].leased().content_id(), "a");
  EXPECT_EQ(bob[0].leased().content_id(), "b");
  EXPECT_THAT(LeaseCases("cleo", 5), IsEmpty());
}

TEST_F(LocalQueueTest, ALeaseThatIsDroppedGivesItsCaseBack) {
  const std::string id = Submit("a");
  { const auto leases = LeaseCases("ann", 1); }
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(queue_->Get(id)->deliveries(), 1);
}

TEST_F(LocalQueueTest, ADecisionIsKeptWithWhoMadeItAndWhen) {
  const std::string id = Submit("a");
  std::vector<Lease> leases = LeaseCases("ann", 1);
  clock_.Advance(kMinute / 2);
  const auto decided = std::move(leases[0]).Decide(kRemove, "clearly");
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(decided->reviewer(), "");
  ASSERT_EQ(decided->decisions_size(), 1);
  EXPECT_EQ(decided->decisions(0).outcome(), kRemove);
  EXPECT_EQ(decided->decisions(0).reviewer(), "ann");
  EXPECT_EQ(decided->decisions(0).note(), "clearly");
  EXPECT_EQ(decided->decisions(0).time().seconds(),
            absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(queue_->Get(id)->report().scan_id(), "scan of a");
  EXPECT_THAT(LeaseCases("ann", 1), IsEmpty());
}

TEST_F(LocalQueueTest, DecidingAgainWithTheSameTokenChangesNothing) {
  const std::string id = Submit("a");
  const std::string token = LeaseOne("ann");
  ASSERT_TRUE(queue_->Decide(token, kRemove, "seen").ok());
  const absl::Time decided = clock_.Now();
  clock_.Advance(absl::Hours(5));
  const auto again = queue_->Decide(token, kRemove, "seen");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->decisions_size(), 1);
  EXPECT_EQ(again->decisions(0).time().seconds(), absl::ToUnixSeconds(decided));
  EXPECT_TRUE(absl::IsAborted(queue_->Decide(token, kKeep, "seen").status()));
  EXPECT_TRUE(
      absl::IsAborted(queue_->Decide(token, kRemove, "other").status()));
  EXPECT_EQ(queue_->Get(id)->decisions_size(), 1);
}

TEST_F(LocalQueueTest, TheSameDecisionFromManyThreadsIsOneDecision) {
  const std::string id = Submit("a");
  const std::string token = LeaseOne("ann");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto decided = queue_->Decide(token, kRemove, "seen");
      EXPECT_TRUE(decided.ok()) << decided.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(queue_->Get(id)->decisions_size(), 1);
  EXPECT_EQ(queue_->Stats()->decided(), 1);
}

TEST_F(LocalQueueTest, ALeaseThatRanOutDecidesNothing) {
  const std::string id = Submit("a");
  const std::string late = LeaseOne("ann");
  clock_.Advance(kMinute);
  EXPECT_TRUE(absl::IsAborted(queue_->Decide(late, kKeep, "").status()));
  const std::string next = LeaseOne("bob");
  EXPECT_TRUE(absl::IsAborted(queue_->Decide(late, kKeep, "").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Extend(late, kMinute).status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Release(late)));
  ASSERT_TRUE(queue_->Decide(next, kRemove, "").ok());
  EXPECT_EQ(queue_->Get(id)->decisions(0).reviewer(), "bob");
}

TEST_F(LocalQueueTest, AnExtendedLeaseIsHeldLonger) {
  Submit("a");
  std::vector<Lease> leases = LeaseCases("ann", 1);
  clock_.Advance(kMinute / 2);
  ASSERT_TRUE(leases[0].Extend(kMinute).ok());
  EXPECT_EQ(leases[0].leased().lease_end().seconds(),
            absl::ToUnixSeconds(clock_.Now() + kMinute));
  clock_.Advance(kMinute * 0.9);
  EXPECT_TRUE(std::move(leases[0]).Decide(kKeep, "").ok());
}

TEST_F(LocalQueueTest, ACaseThatNobodyDecidesIsADeadLetter) {
  const std::string id = Submit("a");
  for (int i = 0; i < 3; ++i) {
    LeaseOne("ann");
    clock_.Advance(kMinute);
  }
  EXPECT_THAT(LeaseCases("ann", 1), IsEmpty());
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_DEAD_LETTER);
  EXPECT_THAT(List(v1::Case::STATE_DEAD_LETTER), ElementsAre("a"));
  EXPECT_EQ(queue_->Stats()->dead_letter(), 1);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(queue_->Appeal(id, "please").status()));
  const auto events = queue_->Events(0, 10, {});
  EXPECT_EQ(events->back().kind(), v1::CaseEvent::KIND_DEAD_LETTER);
  EXPECT_EQ(events->back().content_id(), "a");
}

TEST_F(LocalQueueTest, AnAppealGoesToAnotherReviewer) {
  const std::string id = SubmitAndDecide("a", "ann");
  Submit("b", 1000);
  const auto appealed = queue_->Appeal(id, "it is my own garden");
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_EQ(appealed->state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(appealed->appeal(), "it is my own garden");
  EXPECT_EQ(appealed->decisions_size(), 1);
  EXPECT_EQ(appealed->deliveries(), 0);
  {
    const auto ann = LeaseCases("ann", 5);
    ASSERT_EQ(ann.size(), 1);
    EXPECT_EQ(ann[0].leased().content_id(), "b");
  }
  std::vector<Lease> bob = LeaseCases("bob", 1);
  ASSERT_EQ(bob.size(), 1);
  EXPECT_EQ(bob[0].leased().case_id(), id);
  const auto decided = std::move(bob[0]).Decide(kKeep, "a garden indeed");
  ASSERT_TRUE(decided.ok()) << decided.status();
  ASSERT_EQ(decided->decisions_size(), 2);
  EXPECT_EQ(decided->decisions(0).reviewer(), "ann");
  EXPECT_EQ(decided->decisions(1).reviewer(), "bob");
}

TEST_F(LocalQueueTest, ASecondAppealIsAgainstTheSecondDecision) {
  const std::string id = SubmitAndDecide("a", "ann");
  ASSERT_TRUE(queue_->Appeal(id, "first").ok());
  ASSERT_TRUE(queue_->Decide(LeaseOne("bob"), kRemove, "").ok());
  const auto appealed = queue_->Appeal(id, "second");
  EXPECT_EQ(appealed->appeal(), "second");
  EXPECT_THAT(LeaseCases("bob", 1), IsEmpty());
  EXPECT_EQ(LeaseCases("ann", 1).size(), 1);
}

TEST_F(LocalQueueTest, AnAppealComesBeforeItsEquals) {
  Submit("b", 500);
  const std::string id = Submit("a", 600);
  ASSERT_TRUE(queue_->Decide(LeaseOne("ann"), kRemove, "").ok());
  EXPECT_EQ(queue_->Appeal(id, "please")->priority(), 700);
  Submit("c", 650);
  EXPECT_THAT(List(v1::Case::STATE_WAITING), ElementsAre("a", "c", "b"));
  // There is nothing above 1000.
  EXPECT_EQ(queue_->Appeal(SubmitAndDecide("d", "ann"), "x")->priority(), 1000);
}

TEST_F(LocalQueueTest, OnlyADecisionCanBeAppealed) {
  const std::string id = Submit("a");
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Appeal(id, "x").status()));
  const std::string token = LeaseOne("ann");
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Appeal(id, "x").status()));
  ASSERT_TRUE(queue_->Decide(token, kKeep, "").ok());
  ASSERT_TRUE(queue_->Appeal(id, "x").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Appeal(id, "x").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Appeal("case-0", "x").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("case-0").status()));
}

TEST_F(LocalQueueTest, EventsSayWhatWasAdvisedAndDecided) {
  const std::string id = Submit("a");
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(queue_->Decide(LeaseOne("ann"), kRemove, "first").ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(queue_->Appeal(id, "please").ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(queue_->Decide(LeaseOne("bob"), kKeep, "second").ok());
  const auto events = queue_->Events(0, 10, {});
  ASSERT_EQ(events->size(), 4);
  for (const v1::CaseEvent& event : *events) {
    EXPECT_EQ(event.case_id(), id);
    EXPECT_EQ(event.content_id(), "a");
  }
  EXPECT_EQ(events->at(0).kind(), v1::CaseEvent::KIND_OPENED);
  EXPECT_EQ(events->at(0).advised(), v1::ACTION_BLOCK);
  EXPECT_EQ(events->at(1).kind(), v1::CaseEvent::KIND_DECIDED);
  EXPECT_EQ(events->at(1).decision().note(), "first");
  EXPECT_EQ(events->at(2).kind(), v1::CaseEvent::KIND_APPEALED);
  EXPECT_EQ(events->at(3).decision().note(), "second");
  EXPECT_EQ(events->at(3).decision().reviewer(), "bob");
  EXPECT_EQ(events->at(3).time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  const auto later = queue_->Events(events->at(2).sequence(), 10, {});
  ASSERT_EQ(later->size(), 1);
  EXPECT_EQ(later->front().sequence(), events->at(3).sequence());
}

TEST_F(LocalQueueTest, AWatcherIsWokenByTheNextEvent) {
  std::thread submitter([&] { Submit("a"); });
  const auto events = queue_->Events(0, 1, absl::InfiniteDuration());
  submitter.join();
  ASSERT_EQ(events->size(), 1);
  EXPECT_EQ(events->front().content_id(), "a");
}

TEST_F(LocalQueueTest, ListsComeInPagesWithTheBestMatchOnly) {
  for (int i = 0; i < 5; ++i) {
    v1::Case opened = CaseOf(absl::StrCat(i));
    opened.mutable_report()->add_matches()->set_entry_id("best");
    opened.mutable_report()->add_matches()->set_entry_id("next");
    ASSERT_TRUE(queue_->Submit(opened).ok());
  }
  std::vector<std::string> contents;
  std::string after;
  do {
    const auto page = queue_->List(v1::Case::STATE_UNSPECIFIED, after, 2);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Case& listed : page->cases) {
      contents.push_back(listed.content_id());
      ASSERT_EQ(listed.report().matches_size(), 1);
      EXPECT_EQ(listed.report().matches(0).entry_id(), "best");
    }
    after = page->next;
  } while (!after.empty());
  EXPECT_THAT(contents, ElementsAre("0", "1", "2", "3", "4"));
  EXPECT_EQ(queue_->Get(TakedownQueue::CaseId("0"))->report().matches_size(),
            2);
}

TEST_F(LocalQueueTest, StatisticsCountEachState) {
  EXPECT_FALSE(queue_->Stats()->has_oldest_waiting());
  SubmitAndDecide("decided", "ann");
  clock_.Advance(kMinute);
  Submit("waiting", 1);
  Submit("leased", 2);
  LeaseOne("ann");
  const auto stats = queue_->Stats();
  EXPECT_EQ(stats->waiting(), 1);
  EXPECT_EQ(stats->leased(), 1);
  EXPECT_EQ(stats->decided(), 1);
  EXPECT_EQ(stats->dead_letter(), 0);
  EXPECT_EQ(stats->oldest_waiting().seconds(),
            absl::ToUnixSeconds(clock_.Now()));
}

TEST_F(LocalQueueTest, EverythingIsThereAgainAfterReopening) {
  const std::string decided = SubmitAndDecide("decided", "ann");
  const std::string leased = Submit("leased");
  const std::string token = LeaseOne("bob");
  ASSERT_TRUE(queue_->Appeal(decided, "please").ok());
  Reopen();
  EXPECT_EQ(queue_->Get(decided)->appeal(), "please");
  EXPECT_EQ(queue_->Get(decided)->decisions(0).reviewer(), "ann");
  EXPECT_THAT(LeaseCases("ann", 5), IsEmpty());
  EXPECT_EQ(queue_->Get(leased)->reviewer(), "bob");
  EXPECT_TRUE(queue_->Decide(token, kKeep, "").ok());
}

TEST_F(LocalQueueTest, APurgeForgetsOldDecisionsAndTheirEvents) {
  const std::string old = SubmitAndDecide("old", "ann");
  clock_.Advance(absl::Hours(1));
  const std::string fresh = SubmitAndDecide("fresh", "ann");
  EXPECT_EQ(*queue_->Purge(clock_.Now()), 1);
  EXPECT_TRUE(absl::IsNotFound(queue_->Get(old).status()));
  EXPECT_TRUE(queue_->Get(fresh).ok());
  const auto events = queue_->Events(0, 10, {});
  ASSERT_EQ(events->size(), 2);
  EXPECT_EQ(events->front().content_id(), "fresh");
}

TEST_F(LocalQueueTest, AFullDiskIsSaidAndChangesNothing) {
  const std::string id = Submit("a");
  const std::string token = LeaseOne("ann");
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_TRUE(absl::IsResourceExhausted(
      queue_->Decide(token, kRemove, "seen").status()));
  EXPECT_TRUE(absl::IsResourceExhausted(queue_->Submit(CaseOf("b")).status()));
  EXPECT_EQ(queue_->Get(id)->state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(queue_->Get(id)->decisions_size(), 0);
  queue_.reset();
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  Reopen();
  EXPECT_TRUE(queue_->Decide(token, kRemove, "seen").ok());
}

TEST_F(LocalQueueTest, ASecondOpeningIsRefused) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      OpenLocalQueue({.directory = directory_}).status()));
}

TEST_F(LocalQueueTest, ArgumentsOutOfBoundsAreNamed) {
  const auto expect = [](const absl::Status& status, const char* name) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
  };
  expect(queue_->Submit(CaseOf("")).status(), "content_id");
  expect(queue_->Submit(CaseOf(std::string(257, 'x'))).status(), "content_id");
  expect(queue_->Submit(CaseOf("\xff")).status(), "UTF-8");
  expect(queue_->Submit(CaseOf("a", -1)).status(), "priority");
  expect(queue_->Submit(CaseOf("a", 1001)).status(), "priority");
  v1::Case opened = CaseOf("a");
  opened.set_group(std::string(257, 'x'));
  expect(queue_->Submit(opened).status(), "group");
  expect(queue_->LeaseCases("", 1, kMinute).status(), "reviewer");
  expect(queue_->LeaseCases("\xff", 1, kMinute).status(), "reviewer");
  expect(queue_->LeaseCases("ann", 0, kMinute).status(), "max");
  Submit("a");
  const std::string token = LeaseOne("ann");
  expect(queue_->Decide(token, v1::Decision::OUTCOME_UNSPECIFIED, "").status(),
         "outcome");
  expect(queue_->Decide(token, kKeep, std::string(4097, 'x')).status(), "note");
  expect(queue_->Decide(token, kKeep, "\xff").status(), "note");
  expect(
      queue_
          ->Rule(token, {.outcome = kKeep, .feedback = std::string(1025, 'x')})
          .status(),
      "feedback");
  expect(queue_->Decide("token", kKeep, "").status(), "token");
  expect(queue_->Release("token"), "token");
  expect(queue_->Extend("token", kMinute).status(), "token");
  expect(queue_->Appeal("case-0", "").status(), "statement");
  expect(queue_->List(static_cast<v1::Case::State>(9), "", 1).status(),
         "state");
  ASSERT_TRUE(queue_->Decide(token, kKeep, std::string(4096, 'x')).ok());
}

TEST_F(LocalQueueTest, WhatIsKnownOfAnUploadStaysWithItsCase) {
  v1::Case opened = CaseOf("a");
  opened.set_tenant("videos");
  opened.set_platform_class("social");
  opened.set_retrospective(true);
  opened.set_reopened_by("somebody");
  opened.add_withdrawn_basis()->set_list_id("list");
  const std::string id = *queue_->Submit(opened);
  ASSERT_TRUE(queue_
                  ->Rule(LeaseOne("ann"),
                         {.outcome = kRemove, .feedback = "the same room"})
                  .ok());
  const auto kept = queue_->Get(id);
  EXPECT_EQ(kept->kind(), v1::Case::KIND_UPLOAD);
  EXPECT_EQ(kept->tenant(), "videos");
  EXPECT_EQ(kept->platform_class(), "social");
  EXPECT_TRUE(kept->retrospective());
  EXPECT_EQ(kept->reopened_by(), "");
  EXPECT_EQ(kept->withdrawn_basis_size(), 0);
  EXPECT_EQ(kept->decisions(0).feedback(), "the same room");
}

TEST_F(LocalQueueTest, AnEventOfAnAppealSaysByWhomAndWhy) {
  const std::string id = SubmitAndDecide("a", "ann");
  ASSERT_TRUE(queue_->Reopen(id, "my garden", "platform:videos").ok());
  const auto events = queue_->Events(0, 10, {});
  EXPECT_EQ(events->back().kind(), v1::CaseEvent::KIND_APPEALED);
  EXPECT_EQ(events->back().reopened_by(), "platform:videos");
  EXPECT_EQ(events->back().appeal(), "my garden");
}

}  // namespace
}  // namespace lenscap
