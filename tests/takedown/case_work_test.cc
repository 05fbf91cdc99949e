// What a reviewer does with a case besides deciding on all of it.

#include "gmock/gmock.h"
#include "takedown/case_record.h"
#include "tests/takedown/queue_fixture.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CaseWorkTest : public QueueFixture {
 protected:
  // Three uploads, one case.
  std::string SubmitThree() {
    const std::string id = Submit(Suspected("a"));
    Submit(Suspected("b"));
    Submit(Suspected("c"));
    return id;
  }
};

TEST_F(CaseWorkTest, UploadsAreDecidedOneByOneUntilNoneIsLeft) {
  const std::string id = SubmitThree();
  const std::string token = Claim("ann");
  v1::Case decided = Decide(token, kRemove, {"b"});
  EXPECT_EQ(decided.state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(decided.reach().undecided(), 2);
  EXPECT_THAT(ContentIds(id, /*undecided=*/true), ElementsAre("a", "c"));
  decided = Decide(token, kKeep);
  EXPECT_EQ(decided.state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(Upload("a").decisions(0).outcome(), kKeep);
  EXPECT_EQ(Upload("b").decisions(0).outcome(), kRemove);
  EXPECT_EQ(Upload("b").decisions_size(), 1);
  const auto events = Events();
  EXPECT_EQ(events[3].kind(), v1::CaseEvent::KIND_DECIDED);
  EXPECT_EQ(events[3].version(), 1);
  EXPECT_THAT(events[3].decision().content_ids(), ElementsAre("b"));
  EXPECT_EQ(events[4].version(), 2);
  EXPECT_EQ(FromTimestamp(events[4].effective()),
            clock_.Now() + absl::Seconds(10));
}

TEST_F(CaseWorkTest, TheLastUploadOfAllSettlesTheCase) {
  SubmitThree();
  const std::string token = Claim("ann");
  Decide(token, kRemove, {"a", "c"});
  EXPECT_EQ(Decide(token, kRemove, {"b"}).state(), v1::Case::STATE_DECIDED);
}

TEST_F(CaseWorkTest, NoUploadIsDecidedTwice) {
  const std::string id = SubmitThree();
  const std::string token = Claim("ann");
  Decide(token, kRemove, {"b"});
  // The very same again, as after a broken connection.
  EXPECT_EQ(Decide(token, kRemove, {"b"}).decisions_size(), 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Rule(token, {.outcome = kKeep, .content_ids = {"a", "b"}})
          .status()));
  EXPECT_TRUE(absl::IsNotFound(
      queue_->Rule(token, {.outcome = kKeep, .content_ids = {"x"}}).status()));
  EXPECT_EQ(Get(id).reach().undecided(), 2);
  Decide(token, kKeep);
  EXPECT_EQ(Decide(token, kKeep).decisions_size(), 2);
  EXPECT_TRUE(
      absl::IsAborted(queue_->Rule(token, {.outcome = kRemove}).status()));
}

TEST_F(CaseWorkTest, ADecisionIsUndoneForAWhile) {
  const std::string id = SubmitThree();
  const std::string token = Claim("ann");
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Undo(token).status()));
  Decide(token, kRemove);
  clock_.Advance(absl::Seconds(9));
  const auto undone = queue_->Undo(token);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->state(), v1::Case::STATE_LEASED);
  EXPECT_EQ(undone->reviewer(), "ann");
  EXPECT_EQ(undone->decisions_size(), 0);
  EXPECT_EQ(undone->reach().undecided(), 3);
  EXPECT_EQ(Events().back().kind(), v1::CaseEvent::KIND_UNDONE);
  EXPECT_EQ(Events().back().version(), 1);
  EXPECT_EQ(Claim("bob"), "");
  Decide(token, kKeep);
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Undo(token).status()));
  EXPECT_EQ(Upload("a").decisions_size(), 1);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
}

TEST_F(CaseWorkTest, OneDecisionOfSeveralIsUndone) {
  const std::string id = SubmitThree();
  const std::string token = Claim("ann");
  Decide(token, kRemove, {"a"});
  Decide(token, kKeep, {"b"});
  ASSERT_TRUE(queue_->Undo(token).ok());
  EXPECT_THAT(ContentIds(id, true), ElementsAre("b", "c"));
  EXPECT_EQ(Get(id).reach().undecided(), 2);
}

TEST_F(CaseWorkTest, WhatWasDecidedUnderAnotherLeaseIsNotUndone) {
  SubmitThree();
  const std::string first = Claim("ann");
  Decide(first, kRemove, {"a"});
  ASSERT_TRUE(queue_->Release(first).ok());
  EXPECT_TRUE(absl::IsAborted(queue_->Undo(first).status()));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Undo(Claim("ann")).status()));
}

TEST_F(CaseWorkTest, WhatTookOverAnUndoneDecisionIsUndecidedAgain) {
  const std::string id = Submit(Known("a", "e1"));
  const std::string token = Claim("ann");
  Decide(token, kRemove);
  Submit(Known("b", "e1"));
  EXPECT_TRUE(Upload("b").inherited());
  ASSERT_TRUE(queue_->Undo(token).ok());
  EXPECT_FALSE(Upload("b").inherited());
  EXPECT_EQ(Get(id).reach().undecided(), 2);
  Decide(token, kKeep);
  EXPECT_EQ(Upload("b").decisions(0).outcome(), kKeep);
}

TEST_F(CaseWorkTest, AHeldCaseStaysItsReviewers) {
  const std::string id = SubmitThree();
  const std::string token = Claim("ann");
  const auto held =
      queue_->Hold(token, absl::Hours(48), "waits for the police");
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->hold().reason(), "waits for the police");
  EXPECT_EQ(held->hold().reviewer(), "ann");
  EXPECT_EQ(FromTimestamp(held->lease_end()), clock_.Now() + absl::Hours(48));
  EXPECT_EQ(queue_->Stats()->held(), 1);
  clock_.Advance(absl::Hours(47));
  EXPECT_EQ(Claim("bob"), "");
  const auto claims = queue_->Claims("ann");
  ASSERT_EQ(claims->size(), 1);
  EXPECT_EQ(claims->front().lease_token(), token);
  EXPECT_TRUE(claims->front().case_().has_hold());
  EXPECT_THAT(*queue_->Claims("bob"), IsEmpty());
  // Back to work: it is held no more.
  ASSERT_TRUE(queue_->Extend(token, absl::Minutes(5)).ok());
  EXPECT_FALSE(Get(id).has_hold());
  EXPECT_EQ(queue_->Stats()->held(), 0);
  Decide(token, kRemove);
  EXPECT_TRUE(
      absl::IsAborted(queue_->Hold(token, absl::Hours(1), "late").status()));
}

TEST_F(CaseWorkTest, AHoldThatRunsOutGivesTheCaseBack) {
  const std::string id = SubmitThree();
  ASSERT_TRUE(queue_->Hold(Claim("ann"), absl::Hours(48), "why").ok());
  clock_.Advance(absl::Hours(48));
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_WAITING);
  EXPECT_FALSE(Get(id).has_hold());
  EXPECT_NE(Claim("bob"), "");
}

TEST_F(CaseWorkTest, AnEscalatedCaseGoesToSomebodyElseWithTheSkill) {
  const std::string id = SubmitThree();
  const auto escalated = queue_->Escalate(Claim("ann"), "is it staged?", "");
  ASSERT_TRUE(escalated.ok()) << escalated.status();
  EXPECT_EQ(escalated->state(), v1::Case::STATE_WAITING);
  EXPECT_THAT(escalated->skills(), ElementsAre("senior"));
  EXPECT_EQ(escalated->escalations(0).reviewer(), "ann");
  EXPECT_EQ(escalated->priority(), 410);
  EXPECT_EQ(escalated->deliveries(), 0);
  EXPECT_EQ(Events().back().kind(), v1::CaseEvent::KIND_ESCALATED);
  EXPECT_EQ(Claim("bob"), "");
  EXPECT_EQ(Claim(Reviewer{.name = "ann", .skills = {"senior"}}), "");
  EXPECT_EQ(Claim(Reviewer{.name = "ann", .oversees = true}), "");
  const std::string token =
      Claim(Reviewer{.name = "sen", .skills = {"senior"}});
  ASSERT_NE(token, "");
  ASSERT_TRUE(queue_->Escalate(token, "a question of law", "law").ok());
  EXPECT_THAT(Get(id).skills(), ElementsAre("law", "senior"));
  EXPECT_EQ(Claim(Reviewer{.name = "jo", .skills = {"law"}}), "");
  EXPECT_NE(Claim(Reviewer{.name = "jo", .skills = {"law", "senior"}}), "");
}

TEST_F(CaseWorkTest, ACaseIsGivenToOneReviewer) {
  const std::string id = SubmitThree();
  ASSERT_TRUE(queue_->Reassign({.case_id = id, .reviewer = "cleo"}).ok());
  EXPECT_EQ(Claim("ann"), "");
  const std::string token = Claim("cleo");
  ASSERT_NE(token, "");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Reassign({.case_id = id, .reviewer = "ann"}).status()));
  // An administrator takes it, and the claim is lost.
  ASSERT_TRUE(
      queue_->Reassign({.case_id = id, .reviewer = "ann", .oversees = true})
          .ok());
  EXPECT_TRUE(
      absl::IsAborted(queue_->Rule(token, {.outcome = kRemove}).status()));
  const std::string anns = Claim("ann");
  ASSERT_TRUE(queue_->Reassign({.case_id = id, .token = anns}).ok());
  EXPECT_NE(Claim("bob"), "");
}

TEST_F(CaseWorkTest, ACaseIsNotGivenToWhoMayNotHaveIt) {
  const std::string id = SubmitThree();
  ASSERT_TRUE(queue_->Escalate(Claim("ann"), "why", "").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Reassign({.case_id = id, .reviewer = "ann", .oversees = true})
          .status()));
  const std::string token = Claim(Reviewer{.name = "b", .oversees = true});
  Decide(token, kKeep);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Reassign({.case_id = id, .oversees = true}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      queue_->Reassign({.case_id = "case-0", .token = token}).status()));
}

TEST_F(CaseWorkTest, AnAppealTakesItsUploadOutOfTheCase) {
  const std::string id = SubmitThree();
  Decide(Claim("ann"), kRemove);
  const auto appealed = queue_->Reopen(
      {.content_id = "b", .statement = "my garden", .by = "platform:p"});
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_NE(appealed->case_id(), id);
  EXPECT_EQ(appealed->appealed_case_id(), id);
  EXPECT_EQ(appealed->queue(), v1::CASE_QUEUE_APPEAL);
  EXPECT_EQ(appealed->grouped_by(), v1::Case::GROUPED_BY_UPLOAD);
  EXPECT_EQ(appealed->content_id(), "b");
  ASSERT_EQ(appealed->decisions_size(), 1);
  EXPECT_EQ(appealed->decisions(0).reviewer(), "ann");
  EXPECT_EQ(appealed->reach().uploads(), 1);
  EXPECT_EQ(Events().back().kind(), v1::CaseEvent::KIND_APPEALED);
  EXPECT_EQ(Events().back().content_id(), "b");
  EXPECT_THAT(ContentIds(id), ElementsAre("a", "c"));
  EXPECT_EQ(Get(id).reach().uploads(), 2);
  EXPECT_EQ(Get(id).state(), v1::Case::STATE_DECIDED);
  EXPECT_EQ(Upload("b").case_id(), appealed->case_id());
  EXPECT_EQ(Claim("ann"), "");
  Decide(Claim("bob"), kKeep);
  EXPECT_EQ(Upload("b").decisions_size(), 2);
  EXPECT_EQ(Upload("b").decisions(1).outcome(), kKeep);
  EXPECT_EQ(queue_->Account("", "acc")->kept(), 1);
  // And once more: it is alone by now.
  const auto again = queue_->Reopen({.content_id = "b", .statement = "but"});
  EXPECT_EQ(again->case_id(), appealed->case_id());
  EXPECT_EQ(Claim("bob"), "");
  EXPECT_NE(Claim("ann"), "");
}

TEST_F(CaseWorkTest, AnAppealSaysWhichUploadAndItIsDecided) {
  const std::string id = SubmitThree();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Reopen({.content_id = "b", .statement = "x"}).status()));
  Decide(Claim("ann"), kRemove);
  const auto vague = queue_->Appeal(id, "x");
  EXPECT_TRUE(absl::IsInvalidArgument(vague.status()));
  EXPECT_THAT(std::string(vague.status().message()), HasSubstr("content_id"));
  EXPECT_TRUE(absl::IsNotFound(
      queue_->Reopen({.content_id = "x", .statement = "x"}).status()));
  EXPECT_TRUE(absl::IsNotFound(
      queue_->Reopen({.case_id = "case-0", .content_id = "b", .statement = "x"})
          .status()));
  ASSERT_TRUE(
      queue_->Reopen({.case_id = id, .content_id = "b", .statement = "x"})
          .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->Reopen({.content_id = "b", .statement = "x"}).status()));
}

TEST_F(CaseWorkTest, WhatComesAfterAnAppealWaitsForNobodysAnswer) {
  const std::string id = Submit(Known("a", "e1"));
  Decide(Claim("ann"), kRemove);
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(queue_->Appeal(id, "my garden").ok());
  const std::string next = Submit(Known("b", "e1"));
  EXPECT_NE(next, id);
  EXPECT_EQ(Get(next).queue(), v1::CASE_QUEUE_KNOWN_CLIP);
}

TEST_F(CaseWorkTest, OneCaseIsClaimedByItsId) {
  const std::string id = Submit(Suspected("a"));
  Submit(Known("b", "e1"));
  {
    const auto lease = queue_->LeaseCase({.name = "ann"}, id, absl::Minutes(1));
    ASSERT_TRUE(lease.ok()) << lease.status();
    EXPECT_EQ(lease->leased().case_id(), id);
    EXPECT_TRUE(absl::IsFailedPrecondition(
        queue_->LeaseCase({.name = "bob"}, id, absl::Minutes(1)).status()));
  }
  ASSERT_TRUE(queue_->Reassign({.case_id = id, .reviewer = "cleo"}).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->LeaseCase({.name = "bob"}, id, absl::Minutes(1)).status()));
  EXPECT_TRUE(absl::IsNotFound(
      queue_->LeaseCase({.name = "bob"}, "case-0", absl::Minutes(1)).status()));
}

TEST_F(CaseWorkTest, AFilterNarrowsWhatIsOfferedAndListed) {
  Submit(Suspected("a"));
  v1::Case other = Known("b", "e1");
  other.set_tenant("forum");
  other.set_language("zh-CN");
  Submit(other);
  v1::QueueFilter suspected;
  suspected.add_queues(v1::CASE_QUEUE_SUSPECTED);
  const auto listed =
      queue_->List(v1::Case::STATE_WAITING, suspected, {}, "", 10);
  ASSERT_EQ(listed->cases.size(), 1);
  EXPECT_EQ(listed->cases[0].content_id(), "a");
  EXPECT_EQ(queue_->List(v1::Case::STATE_WAITING, {}, {"forum"}, "", 10)
                ->cases[0]
                .content_id(),
            "b");
  EXPECT_EQ(Claim(Reviewer{.name = "ann", .tenants = {"other"}}), "");
  EXPECT_EQ(queue_->Claimed(Claim(Reviewer{.name = "ann", .languages = {"en"}}))
                ->content_id(),
            "a");
  EXPECT_EQ(Claim({.name = "ann"}, suspected), "");
  EXPECT_EQ(queue_->Claimed(Claim("ann"))->content_id(), "b");
}

TEST_F(CaseWorkTest, StatisticsAreOfEachQueueOfEachTenant) {
  Submit(Suspected("a"));
  clock_.Advance(absl::Hours(3));
  v1::Case other = Known("b", "e1");
  other.set_tenant("forum");
  Submit(other);
  Submit(Known("c", "e2"));
  Claim("ann");
  const auto stats = queue_->Stats();
  ASSERT_EQ(stats->queues_size(), 3);
  const auto& forum = stats->queues(2);
  EXPECT_EQ(forum.tenant(), "forum");
  EXPECT_EQ(forum.queue(), v1::CASE_QUEUE_KNOWN_CLIP);
  EXPECT_EQ(forum.leased(), 1);
  const auto& suspected = stats->queues(1);
  EXPECT_EQ(suspected.queue(), v1::CASE_QUEUE_SUSPECTED);
  EXPECT_EQ(suspected.waiting(), 1);
  EXPECT_THAT(suspected.waiting_by_age(), ElementsAre(0, 1, 0, 0, 0, 0));
  EXPECT_EQ(FromTimestamp(suspected.oldest_waiting()),
            clock_.Now() - absl::Hours(3));
}

TEST_F(CaseWorkTest, TheTimeThatReviewersHadItIsKept) {
  const std::string id = SubmitThree();
  const std::string first = Claim("ann");
  clock_.Advance(absl::Minutes(2));
  ASSERT_TRUE(queue_->Release(first).ok());
  clock_.Advance(absl::Minutes(7));
  Claim("bob");
  clock_.Advance(absl::Minutes(5));  // The lease runs out.
  const std::string third = Claim("cleo");
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(Decide(third, kKeep).time_claimed().seconds(), 8 * 60);
  EXPECT_EQ(Get(id).time_claimed().seconds(), 8 * 60);
}

TEST_F(CaseWorkTest, ArgumentsOutOfBoundsAreNamed) {
  SubmitThree();
  const std::string token = Claim("ann");
  const auto expect = [](const absl::Status& status, const char* named) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(named));
  };
  expect(queue_->Hold(token, absl::Hours(1), "").status(), "reason");
  expect(queue_->Hold(token, absl::ZeroDuration(), "x").status(), "duration");
  expect(queue_->Escalate(token, "", "").status(), "reason");
  expect(queue_->Escalate(token, "x", "Senior!").status(), "skill");
  expect(queue_
             ->Rule(token, {.outcome = kKeep,
                            .content_ids = std::vector<std::string>(1001)})
             .status(),
         "content_ids");
  expect(queue_->Reopen({.content_id = "a", .statement = ""}).status(),
         "statement");
  expect(queue_->Undo("token").status(), "token");
  EXPECT_TRUE(queue_->Hold(token, absl::Hours(1), "x").ok());
}

}  // namespace
}  // namespace lenscap
