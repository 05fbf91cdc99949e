// Uploads that share something are one case.

#include <thread>

#include "base/lease_queue.h"
#include "gmock/gmock.h"
#include "takedown/case_record.h"
#include "tests/takedown/queue_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class GroupedCasesTest : public QueueFixture {};

TEST_F(GroupedCasesTest, UploadsOfAGroupAreOneCaseWithItsReach) {
  const std::string id = Submit(Suspected("a", "ann"));
  clock_.Advance(absl::Minutes(5));
  EXPECT_EQ(Submit(Suspected("b", "bob")), id);
  EXPECT_EQ(Submit(Suspected("c", "ann")), id);
  const v1::Case opened = Get(id);
  EXPECT_EQ(opened.content_id(), "a");
  EXPECT_EQ(opened.queue(), v1::CASE_QUEUE_SUSPECTED);
  EXPECT_EQ(opened.grouped_by(), v1::Case::GROUPED_BY_GROUP);
  EXPECT_EQ(opened.shared(), "chat");
  EXPECT_EQ(opened.reach().uploads(), 3);
  EXPECT_EQ(opened.reach().undecided(), 3);
  EXPECT_EQ(opened.reach().accounts(), 2);
  EXPECT_EQ(opened.reach().groups(), 1);
  EXPECT_EQ(FromTimestamp(opened.reach().last_seen()) -
                FromTimestamp(opened.reach().first_seen()),
            absl::Minutes(5));
  // Two doublings: one of uploads, one of accounts.
  EXPECT_EQ(opened.priority(), 320);
  for (const int limit : {1, 2, 100}) {
    EXPECT_THAT(ContentIds(id, false, limit), ElementsAre("a", "b", "c"));
  }
  EXPECT_EQ(Upload("b").account(), "bob");
  EXPECT_EQ(Upload("b").number(), 2);
  EXPECT_EQ(Upload("b").report().case_id(), id);
  EXPECT_EQ(queue_->Stats()->waiting(), 1);
}

TEST_F(GroupedCasesTest, TheSameUploadAgainChangesNothing) {
  const std::string id = Submit(Suspected("a"));
  Submit(Suspected("b"));
  const std::string before = Get(id).SerializeAsString();
  EXPECT_EQ(Submit(Suspected("b", "somebody else")), id);
  EXPECT_EQ(Submit(Known("a", "e1")), id);
  EXPECT_EQ(Get(id).SerializeAsString(), before);
  EXPECT_EQ(Events().size(), 2);
}

TEST_F(GroupedCasesTest, TenantsAndQueuesAreNeverMixed) {
  v1::Case other = Suspected("b");
  other.set_tenant("forum");
  v1::Case reported = Suspected("c");
  reported.set_queue(v1::CASE_QUEUE_VICTIM_REPORT);
  EXPECT_NE(Submit(Suspected("a")), Submit(other));
  EXPECT_NE(Submit(Suspected("a")), Submit(reported));
  EXPECT_EQ(Get(Upload("c").case_id()).queue(), v1::CASE_QUEUE_VICTIM_REPORT);
}

TEST_F(GroupedCasesTest, ASuspectedCaseTakesUploadsForAWhile) {
  const std::string id = Submit(Suspected("a"));
  clock_.Advance(absl::Hours(24));
  const std::string next = Submit(Suspected("b"));
  EXPECT_NE(next, id);
  EXPECT_EQ(Submit(Suspected("c")), next);
}

TEST_F(GroupedCasesTest, ASuspectedCaseTakesSoManyUploadsAndNoMore) {
  const std::string id = Submit(Suspected("0"));
  for (int i = 1; i < 5; ++i) EXPECT_EQ(Submit(Suspected(absl::StrCat(i))), id);
  EXPECT_NE(Submit(Suspected("5")), id);
  EXPECT_EQ(Get(id).reach().uploads(), 5);
}

TEST_F(GroupedCasesTest, ADecidedSuspicionSaysNothingOfWhatComesLater) {
  const std::string id = Submit(Suspected("a"));
  Decide(Claim("ann"), kRemove);
  const std::string next = Submit(Suspected("b"));
  EXPECT_NE(next, id);
  EXPECT_EQ(Upload("b").decisions_size(), 0);
}

TEST_F(GroupedCasesTest, ARemovalStandsForTheSameFootage) {
  const std::string id = Submit(Known("a", "e1"));
  Submit(Known("b", "e1"));
  EXPECT_EQ(Decide(Claim("ann"), kRemove).state(), v1::Case::STATE_DECIDED);
  clock_.Advance(absl::Hours(24 * 300));
  EXPECT_EQ(Submit(Known("c", "e1")), id);
  const v1::CaseUpload c = Upload("c");
  EXPECT_TRUE(c.inherited());
  ASSERT_EQ(c.decisions_size(), 1);
  EXPECT_EQ(c.decisions(0).outcome(), kRemove);
  EXPECT_EQ(c.decisions(0).reviewer(), "ann");
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(Get(id).reach().undecided(), 0);
  EXPECT_EQ(Claim("bob"), "");
  const v1::CaseEvent told = Events().back();
  EXPECT_EQ(told.kind(), v1::CaseEvent::KIND_JOINED);
  EXPECT_EQ(told.content_id(), "c");
  EXPECT_EQ(told.decision().outcome(), kRemove);
}

TEST_F(GroupedCasesTest, WhatIsLessSureIsLookedAtWithoutReopeningTheRest) {
  const std::string id = Submit(Known("a", "e1"));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Submit(Known("b", "e1", v1::ACTION_REVIEW)), id);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(Get(id).reach().undecided(), 1);
  EXPECT_THAT(ContentIds(id, /*undecided=*/true), ElementsAre("b"));
  EXPECT_EQ(Upload("a").decisions(0).outcome(), kRemove);
  // The same reviewer may have it: it is no appeal.
  const v1::Case decided = Decide(Claim("ann"), kKeep);
  EXPECT_EQ(decided.state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(Upload("a").decisions_size(), 1);
  EXPECT_EQ(Upload("b").decisions(0).outcome(), kKeep);
  EXPECT_THAT(queue_->UploadsDecided(id, 1, "", 10)->uploads.size(), 1);
  EXPECT_EQ(queue_->UploadsDecided(id, 2, "", 10)->uploads[0].content_id(),
            "b");
  EXPECT_THAT(queue_->UploadsDecided(id, 3, "", 10)->uploads, IsEmpty());
}

// A reviewer who keeps what is like the clip has said nothing of the clip.
TEST_F(GroupedCasesTest, ADecisionOnWhatIsLessSureStandsForNothing) {
  const std::string id = Submit(Known("sure", "e1"));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Hours(1));
  Submit(Known("less", "e1", v1::ACTION_REVIEW));
  Decide(Claim("ann"), kKeep);
  clock_.Advance(absl::Hours(1));
  v1::Case exact = Known("exact", "e1");
  exact.mutable_report()->mutable_matches(0)->set_kind(
      v1::ClipMatch::KIND_EXACT_FILE);
  EXPECT_EQ(Submit(exact), id);
  EXPECT_EQ(Upload("exact").decisions(0).outcome(), kRemove);
  // The other way round it is looked at as well.
  const std::string other = Submit(Known("first", "e2", v1::ACTION_REVIEW));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Submit(Known("second", "e2")), other);
  EXPECT_FALSE(Upload("second").inherited());
  EXPECT_EQ(Get(other).state(), v1::Case::STATE_WAITING);
}

TEST_F(GroupedCasesTest, AnIdenticalFileIsDecidedAlikeWhateverElseItShares) {
  const std::string id = Submit(Suspected("a"));
  Decide(Claim("ann"), kKeep);
  v1::Case same = Suspected("b", "elsewhere");
  same.set_group("another chat");
  same.mutable_report()->set_sha256("file of a");
  // While the decision can be undone it says nothing.
  EXPECT_NE(Submit(same), id);
  clock_.Advance(absl::Seconds(10));
  same.set_content_id("c");
  same.mutable_report()->set_sha256("file of a");
  // The newest upload of the file is the one that is asked.
  EXPECT_NE(Submit(same), id);
  Decide(Claim("ann"), kKeep);
  clock_.Advance(absl::Seconds(10));
  same.set_content_id("d");
  const std::string joined = Submit(same);
  EXPECT_EQ(joined, Upload("c").case_id());
  EXPECT_TRUE(Upload("d").inherited());
  EXPECT_EQ(Upload("d").decisions(0).outcome(), kKeep);
  same.set_content_id("e");
  same.set_tenant("forum");
  EXPECT_NE(Submit(same), joined);
  EXPECT_FALSE(Upload("e").inherited());
}

TEST_F(GroupedCasesTest, UploadsJoinACaseThatSomebodyHolds) {
  const std::string id = Submit(Suspected("a"));
  const std::string token = Claim("ann");
  EXPECT_EQ(Submit(Suspected("b")), id);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(Decide(token, kRemove).state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(Upload("b").decisions_size(), 1);
}

TEST_F(GroupedCasesTest, ClocksOfTheSoonestUploadCount) {
  v1::ClockRule& rule = *review_.add_clocks();
  rule.set_name("48h");
  rule.set_start(v1::ClockRule::START_DETECTION);
  rule.mutable_limit()->set_seconds(48 * 3600);
  OpenQueue();
  const std::string id = Submit(Known("a", "e1"));
  clock_.Advance(absl::Hours(1));
  Submit(Known("b", "e1"));
  ASSERT_EQ(Get(id).clocks_size(), 1);
  EXPECT_THAT(*queue_->Due(clock_.Now() + absl::Hours(47), 10), IsEmpty());
  EXPECT_THAT(*queue_->Due(clock_.Now() + absl::Hours(48), 10),
              ElementsAre(id));
  EXPECT_EQ(queue_->Stats()->queues(0).due_soon(), 0);
  clock_.Advance(absl::Hours(30));
  EXPECT_EQ(queue_->Stats()->queues(0).due_soon(), 1);
  clock_.Advance(absl::Hours(30));
  EXPECT_EQ(queue_->Stats()->queues(0).overdue(), 1);
  const auto alerted = queue_->Alert(id);
  ASSERT_TRUE(alerted.ok()) << alerted.status();
  EXPECT_TRUE(alerted->clocks(0).has_alerted());
  EXPECT_EQ(Events().back().kind(), v1::CaseEvent::KIND_CLOCK);
  EXPECT_EQ(Events().back().clock().name(), "48h");
  Decide(Claim("ann"), kRemove);
  EXPECT_EQ(FromTimestamp(Get(id).clocks(0).met()), clock_.Now());
  EXPECT_THAT(*queue_->Due(absl::InfiniteFuture(), 10), IsEmpty());
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Alert(id).status()));
  // What comes later has a clock of its own.
  clock_.Advance(absl::Hours(1));
  Submit(Known("c", "e1", v1::ACTION_REVIEW));
  ASSERT_EQ(Get(id).clocks_size(), 2);
  EXPECT_FALSE(Get(id).clocks(1).has_met());
}

TEST_F(GroupedCasesTest, AccountsAndGroupsHaveAHistory) {
  Submit(Suspected("a", "ann"));
  Submit(Suspected("b", "bob"));
  Decide(Claim("reviewer"), kRemove);
  clock_.Advance(absl::Hours(1));
  v1::Case elsewhere = Suspected("c", "ann");
  elsewhere.set_group("other chat");
  Submit(elsewhere);
  const auto ann = queue_->Account("", "ann");
  ASSERT_TRUE(ann.ok()) << ann.status();
  EXPECT_EQ(ann->name(), "ann");
  EXPECT_EQ(ann->uploads(), 2);
  EXPECT_EQ(ann->removed(), 1);
  EXPECT_EQ(ann->undecided(), 1);
  ASSERT_EQ(ann->strikes_size(), 1);
  EXPECT_EQ(ann->strikes(0).content_id(), "a");
  EXPECT_EQ(FromTimestamp(ann->strikes(0).expires()) -
                FromTimestamp(ann->strikes(0).time()),
            absl::Hours(24 * 90));
  EXPECT_EQ(ann->neighbour_count(), 2);
  const auto chat = queue_->Group("", "chat");
  EXPECT_EQ(chat->uploads(), 2);
  EXPECT_EQ(chat->removed(), 2);
  EXPECT_EQ(chat->neighbours_size(), 2);
  EXPECT_TRUE(absl::IsNotFound(queue_->Account("forum", "ann").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Account("", "an").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Group("", "nobody's").status()));
}

TEST_F(GroupedCasesTest, APurgeForgetsTheUploadsWithTheirCase) {
  const std::string id = Submit(Known("a", "e1"));
  Submit(Known("b", "e1"));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Hours(24));
  // What takes its decision over keeps a case for longer.
  Submit(Known("c", "e1"));
  EXPECT_EQ(*queue_->Purge(clock_.Now() - absl::Hours(1)), 0);
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(*queue_->Purge(clock_.Now() - absl::Hours(1)), 1);
  EXPECT_TRUE(absl::IsNotFound(queue_->Get(id).status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Upload("a").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Account("", "acc").status()));
  Submit(Known("d", "e1"));
  EXPECT_EQ(Get(Upload("d").case_id()).state(), v1::Case::STATE_WAITING);
  EXPECT_EQ(Upload("d").number(), 1);
}

TEST_F(GroupedCasesTest, UploadsFromManyThreadsAreOneCase) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      for (int j = 0; j < 25; ++j) {
        EXPECT_TRUE(queue_->Submit(Known(absl::StrCat(i, " ", j), "e1")).ok());
        EXPECT_TRUE(
            queue_->Submit(Known(absl::StrCat("shared ", j), "e1")).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(queue_->Stats()->waiting(), 1);
  const std::string id = Upload("0 0").case_id();
  EXPECT_EQ(Get(id).reach().uploads(), 225);
  EXPECT_EQ(ContentIds(id).size(), 225);
  EXPECT_EQ(Events().size(), 225);
}

TEST_F(GroupedCasesTest, EverythingIsThereAgainAfterReopening) {
  const std::string id = Submit(Known("a", "e1"));
  Submit(Known("b", "e1"));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Minutes(1));
  Submit(Known("c", "e1", v1::ACTION_REVIEW));
  const std::string before = Get(id).SerializeAsString();
  OpenQueue();
  EXPECT_EQ(Get(id).SerializeAsString(), before);
  EXPECT_THAT(ContentIds(id), ElementsAre("a", "b", "c"));
  EXPECT_EQ(Submit(Known("d", "e1")), id);
  EXPECT_NE(Claim("ann"), "");
}

TEST_F(GroupedCasesTest, AFullDiskIsSaidAndTheUploadComesAgain) {
  const std::string id = Submit(Known("a", "e1"));
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(queue_->Submit(Known("b", "e1")).ok());
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  OpenQueue();
  EXPECT_EQ(Submit(Known("b", "e1")), id);
  EXPECT_EQ(Get(id).reach().uploads(), 2);
}

TEST_F(GroupedCasesTest, ArgumentsOutOfBoundsAreNamed) {
  v1::Case upload = Suspected("a");
  upload.set_language(std::string(33, 'x'));
  EXPECT_THAT(std::string(queue_->Submit(upload).status().message()),
              testing::HasSubstr("language"));
  const std::string id = Submit(Suspected("b"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      queue_->Uploads(id, "cursor", 10, false).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(queue_->Uploads(id, "", 0, false).status()));
  EXPECT_TRUE(
      absl::IsNotFound(queue_->Uploads("case-0", "", 1, false).status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Upload("never").status()));
}

// A directory of the version before: cases of one upload each, alone.
class OldCasesTest : public QueueFixture {
 protected:
  void Fill() {
    queue_.reset();
    const std::string old = MakeTempDirectory();
    auto items = *LeaseQueue::Open({.directory = old, .clock = &clock_});
    for (const char* content : {"waiting", "decided", "appealed"}) {
      v1::Case opened = Known(content, "e1");
      opened.set_kind(v1::Case::KIND_UPLOAD);
      const std::string id = TakedownQueue::CaseId(content);
      ASSERT_TRUE(*items->Submit(id, *EncodeCase(opened), 600));
      if (std::string(content) == "waiting") continue;
      const auto claim = items->ClaimItem(id, "ann", absl::Minutes(1));
      v1::Decision& decision = *opened.add_decisions();
      decision.set_outcome(kRemove);
      decision.set_reviewer("ann");
      ASSERT_TRUE(items->Settle(claim->token, *EncodeCase(opened)).ok());
      if (std::string(content) == "decided") continue;
      opened.set_appeal("my garden");
      opened.set_reopened_by("platform:videos");
      ASSERT_TRUE(items->Reopen(id, *EncodeCase(opened), 700).ok());
    }
    items.reset();
    auto queue = OpenLocalQueue({.directory = old, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }
};

TEST_F(OldCasesTest, EachIsACaseOfItsUpload) {
  Fill();
  for (const char* content : {"waiting", "decided", "appealed"}) {
    const std::string id = TakedownQueue::CaseId(content);
    EXPECT_EQ(Get(id).reach().uploads(), 1) << content;
    EXPECT_THAT(ContentIds(id), ElementsAre(content));
    EXPECT_EQ(Upload(content).case_id(), id);
    EXPECT_EQ(Submit(Known(content, "e1")), id);
  }
  EXPECT_EQ(Get(TakedownQueue::CaseId("waiting")).queue(),
            v1::CASE_QUEUE_KNOWN_CLIP);
  EXPECT_EQ(Upload("decided").decisions_size(), 1);
  EXPECT_EQ(Upload("appealed").decisions_size(), 1);
  EXPECT_EQ(queue_->Account("", "acc")->removed(), 1);
  EXPECT_EQ(queue_->Account("", "acc")->undecided(), 2);
}

TEST_F(OldCasesTest, AnAppealStillGoesToAnotherReviewer) {
  Fill();
  const std::string appealed = TakedownQueue::CaseId("appealed");
  EXPECT_EQ(Get(appealed).queue(), v1::CASE_QUEUE_APPEAL);
  const std::string waiting = Claim("ann");
  EXPECT_EQ(queue_->Claimed(waiting)->content_id(), "waiting");
  EXPECT_EQ(Claim("ann"), "");
  const std::string token = Claim("bob");
  EXPECT_EQ(queue_->Claimed(token)->case_id(), appealed);
  Decide(token, kKeep);
  EXPECT_EQ(Upload("appealed").decisions_size(), 2);
}

}  // namespace
}  // namespace lenscap
