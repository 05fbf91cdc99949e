// Revisions, lanes and side records of the queue.

#include <thread>

#include "absl/strings/str_cat.h"
#include "base/lease_queue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using Item = LeaseQueue::Item;
using Next = LeaseQueue::Revision::Next;
using Revision = LeaseQueue::Revision;
using State = LeaseQueue::State;
using testing::ElementsAre;
using testing::IsEmpty;

class LeaseQueueReviseTest : public testing::Test {
 protected:
  LeaseQueueReviseTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    OpenQueue();
  }
  ~LeaseQueueReviseTest() override {
    TestDisk::SetMode(TestDisk::Mode::kSound);
  }

  void OpenQueue() {
    queue_.reset();
    auto queue = LeaseQueue::Open(
        {.directory = directory_, .max_deliveries = 3, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  void Submit(const std::string& id, const std::string& lane = "",
              int priority = 0) {
    const auto submitted = queue_->Submit({.id = id,
                                           .payload = "payload of " + id,
                                           .priority = priority,
                                           .lane = lane},
                                          {{"side of " + id, lane}});
    EXPECT_TRUE(submitted.ok() && *submitted) << submitted.status();
  }
  std::string Claim() {
    const auto claims = queue_->ClaimItems("ann", 1, absl::Minutes(1));
    return claims.ok() && !claims->empty() ? claims->front().token : "";
  }
  absl::StatusOr<Item> Revise(const std::string& id, const Revision& revision) {
    return queue_->ReviseItem(
        id, [&](const Item&, const LeaseQueue::Sides&) { return revision; });
  }
  absl::StatusOr<Item> ReviseClaim(const std::string& token,
                                   const Revision& revision) {
    return queue_->ReviseClaim(
        token, [&](const Item&, const LeaseQueue::Sides&) { return revision; });
  }
  std::string Side(const std::string& key) {
    return (*queue_->SidesNow()->Get(key)).value_or("none");
  }
  std::vector<std::string> Claimed(const LeaseQueue::Lanes& lanes) {
    std::vector<std::string> ids;
    const auto claims =
        queue_->ClaimItems("ann", 100, absl::Minutes(1), nullptr, lanes);
    EXPECT_TRUE(claims.ok()) << claims.status();
    if (!claims.ok()) return ids;
    for (const auto& claim : *claims) ids.push_back(claim.item.id);
    return ids;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<LeaseQueue> queue_;
};

TEST_F(LeaseQueueReviseTest, ClaimsComeFromTheLanesThatAreAskedFor) {
  Submit("a", "left", 1);
  Submit("b", "right", 3);
  Submit("c", "left", 2);
  Submit("d", "", 2);
  int asked = 0;
  EXPECT_THAT(Claimed([&](absl::string_view lane) {
                ++asked;
                return lane != "right";
              }),
              ElementsAre("c", "d", "a"));
  EXPECT_LE(asked, 12);  // Three lanes for each of four looks.
  EXPECT_THAT(Claimed(nullptr), ElementsAre("b"));
}

TEST_F(LeaseQueueReviseTest, ListsKeepToTheirLanes) {
  for (int i = 0; i < 6; ++i) {
    Submit(absl::StrCat(i), i % 2 == 0 ? "even" : "odd", i % 3);
  }
  const LeaseQueue::Lanes even = [](absl::string_view lane) {
    return lane == "even";
  };
  const auto list = [&](State state) {
    std::vector<std::string> ids;
    std::string after;
    do {
      const auto page = queue_->List(state, after, 1, even);
      for (const Item& item : page->items) ids.push_back(item.id);
      after = page->next;
    } while (!after.empty());
    return ids;
  };
  EXPECT_THAT(list(State::kWaiting), ElementsAre("2", "4", "0"));
  const auto claims = queue_->ClaimItems("ann", 4, absl::Minutes(1));
  EXPECT_THAT(list(State::kLeased), ElementsAre("2", "4"));
  for (const auto& claim : *claims) {
    ASSERT_TRUE(queue_->Settle(claim.token, "").ok());
  }
  EXPECT_THAT(list(State::kSettled), ElementsAre("2", "4"));
}

TEST_F(LeaseQueueReviseTest, ARevisionChangesAllOrNothing) {
  Submit("a");
  const uint64_t before = queue_->Events(0, 10, {})->back().sequence;
  const auto revised =
      Revise("a", {.payload = "new",
                   .priority = 7,
                   .lane = "lane",
                   .due = clock_.Now() + absl::Hours(1),
                   .sides = {{"side of a", std::nullopt}, {"other", "value"}},
                   .event = "told"});
  ASSERT_TRUE(revised.ok()) << revised.status();
  EXPECT_EQ(revised->payload, "new");
  EXPECT_EQ(revised->state, State::kWaiting);
  OpenQueue();
  const auto item = queue_->Get("a");
  EXPECT_EQ(item->payload, "new");
  EXPECT_EQ(item->priority, 7);
  EXPECT_EQ(item->lane, "lane");
  EXPECT_EQ(item->due, clock_.Now() + absl::Hours(1));
  EXPECT_EQ(Side("side of a"), "none");
  EXPECT_EQ(Side("other"), "value");
  const auto events = queue_->Events(before, 10, {});
  ASSERT_EQ(events->size(), 1);
  EXPECT_EQ(events->front().kind, LeaseQueue::EventKind::kRevised);
  EXPECT_EQ(events->front().detail, "told");
  // One that fails leaves everything.
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(
      Revise("a", {.payload = "lost", .sides = {{"other", "lost"}}}).ok());
  TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
  OpenQueue();
  EXPECT_EQ(queue_->Get("a")->payload, "new");
  EXPECT_EQ(Side("other"), "value");
}

TEST_F(LeaseQueueReviseTest, NothingMeansNoChange) {
  Submit("a");
  const auto seen =
      queue_->ReviseItem("a",
                         [](const Item& item, const LeaseQueue::Sides& sides)
                             -> absl::StatusOr<std::optional<Revision>> {
                           EXPECT_EQ(item.payload, "payload of a");
                           EXPECT_EQ(**sides.Get("side of a"), "");
                           return std::nullopt;
                         });
  EXPECT_EQ(seen->payload, "payload of a");
  EXPECT_EQ(queue_->Events(0, 10, {})->size(), 1);
  EXPECT_TRUE(absl::IsUnavailable(
      queue_
          ->ReviseItem("a",
                       [](const Item&, const LeaseQueue::Sides&)
                           -> absl::StatusOr<std::optional<Revision>> {
                         return absl::UnavailableError("no");
                       })
          .status()));
}

TEST_F(LeaseQueueReviseTest, ASettledItemIsLeasedAgainUnderItsToken) {
  Submit("a");
  const std::string token = Claim();
  ASSERT_TRUE(
      ReviseClaim(token, {.payload = "done", .next = Next::kSettle}).ok());
  EXPECT_EQ(queue_->Get("a")->state, State::kSettled);
  const auto leased = ReviseClaim(token, {.next = Next::kLease,
                                          .lease = absl::Minutes(2),
                                          .holder = "ann",
                                          .event = "undone"});
  ASSERT_TRUE(leased.ok()) << leased.status();
  EXPECT_EQ(leased->state, State::kLeased);
  EXPECT_EQ(leased->holder, "ann");
  EXPECT_EQ(leased->lease_end, clock_.Now() + absl::Minutes(2));
  EXPECT_EQ(leased->deliveries, 1);
  EXPECT_TRUE(queue_->Settle(token, "again").ok());
}

TEST_F(LeaseQueueReviseTest, AClaimIsPutBackWithoutCounting) {
  Submit("a");
  for (int i = 0; i < 10; ++i) {
    const std::string token = Claim();
    ASSERT_NE(token, "") << i;
    ASSERT_TRUE(ReviseClaim(token, {.priority = i, .next = Next::kWait}).ok());
    EXPECT_TRUE(absl::IsAborted(queue_->Settle(token, "").status()));
  }
  EXPECT_EQ(queue_->Get("a")->deliveries, 0);
  EXPECT_EQ(queue_->Get("a")->priority, 9);
}

TEST_F(LeaseQueueReviseTest, WhoeverHoldsNoTokenCannotEndALease) {
  Submit("a");
  const std::string token = Claim();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Revise("a", {.next = Next::kSettle}).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Revise("a", {.next = Next::kLease, .lease = absl::Hours(1)}).status()));
  // But may take it away.
  ASSERT_TRUE(Revise("a", {.next = Next::kWait}).ok());
  EXPECT_TRUE(absl::IsAborted(ReviseClaim(token, {}).status()));
  EXPECT_TRUE(absl::IsNotFound(Revise("b", {}).status()));
}

TEST_F(LeaseQueueReviseTest, ANewItemComesWithTheChangeOfAnother) {
  Submit("a");
  ASSERT_TRUE(Revise("a", {.payload = "less",
                           .sides = {{"side of a", "moved"}},
                           .fresh = {{.id = "b",
                                      .payload = "more",
                                      .lane = "lane",
                                      .event = "split"}}})
                  .ok());
  EXPECT_EQ(queue_->Get("b")->payload, "more");
  EXPECT_EQ(queue_->Get("b")->lane, "lane");
  EXPECT_EQ(queue_->Events(0, 10, {})->back().detail, "split");
  EXPECT_TRUE(absl::IsAlreadyExists(
      Revise("a", {.payload = "lost", .fresh = {{.id = "b"}}}).status()));
  EXPECT_EQ(queue_->Get("a")->payload, "less");
}

TEST_F(LeaseQueueReviseTest, NewItemsFromManySidesComeOnce) {
  for (int i = 0; i < 8; ++i) Submit(absl::StrCat("a", i));
  std::atomic<int> made = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 30; ++j) {
        // Of two ids, named in either order, that others want too.
        const std::string x = absl::StrCat("x", j);
        const std::string y = absl::StrCat("y", j);
        const auto done = Revise(absl::StrCat("a", i),
                                 {.fresh = {{.id = i % 2 == 0 ? x : y},
                                            {.id = i % 2 == 0 ? y : x}}});
        if (done.ok()) ++made;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 30);
  EXPECT_EQ(queue_->GetStats()->waiting, 8 + 60);
}

TEST_F(LeaseQueueReviseTest, AHolderFindsTheirClaims) {
  Submit("a");
  Submit("b");
  const std::string first = Claim();
  const std::string second = Claim();
  const auto claims = queue_->ClaimsOf("ann");
  ASSERT_EQ(claims->size(), 2);
  EXPECT_EQ(claims->at(0).token, first);
  EXPECT_EQ(claims->at(1).token, second);
  EXPECT_THAT(*queue_->ClaimsOf("bob"), IsEmpty());
  ASSERT_TRUE(queue_->Settle(first, "").ok());
  EXPECT_EQ(queue_->ClaimsOf("ann")->size(), 1);
  OpenQueue();
  EXPECT_EQ(queue_->ClaimsOf("ann")->size(), 1);
  clock_.Advance(absl::Minutes(1));
  EXPECT_THAT(*queue_->ClaimsOf("ann"), IsEmpty());
}

TEST_F(LeaseQueueReviseTest, ALeaseIsSetAsideUntilItIsExtended) {
  Submit("a", "lane");
  const std::string token = Claim();
  ASSERT_TRUE(ReviseClaim(token, {.next = Next::kLease,
                                  .lease = absl::Hours(48),
                                  .set_aside = true})
                  .ok());
  EXPECT_TRUE(queue_->Get("a")->set_aside);
  EXPECT_EQ(queue_->GetLaneStats({}, {})["lane"].set_aside, 1);
  ASSERT_TRUE(queue_->Extend(token, absl::Minutes(1)).ok());
  EXPECT_FALSE(queue_->Get("a")->set_aside);
  EXPECT_EQ(queue_->GetLaneStats({}, {})["lane"].set_aside, 0);
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReviseClaim(token, {.next = Next::kLease, .lease = absl::Hours(24 * 31)})
          .status()));
}

TEST_F(LeaseQueueReviseTest, WhatIsDueIsKnownWhileItIsOpen) {
  Submit("a");
  Submit("b");
  Submit("c");
  const absl::Time now = clock_.Now();
  ASSERT_TRUE(Revise("a", {.due = now + absl::Hours(2)}).ok());
  ASSERT_TRUE(Revise("b", {.due = now + absl::Hours(1)}).ok());
  EXPECT_THAT(*queue_->Due(now + absl::Hours(1), 9), IsEmpty());
  EXPECT_THAT(*queue_->Due(absl::InfiniteFuture(), 9), ElementsAre("b", "a"));
  EXPECT_THAT(*queue_->Due(absl::InfiniteFuture(), 1), ElementsAre("b"));
  clock_.Advance(absl::Hours(1));
  const auto stats = queue_->GetLaneStats({absl::Minutes(30), absl::Hours(3)},
                                          absl::Hours(1))[""];
  EXPECT_EQ(stats.overdue, 1);
  EXPECT_EQ(stats.due_soon, 1);
  EXPECT_THAT(stats.waiting_by_age, ElementsAre(0, 3, 0));
  ASSERT_TRUE(queue_->SettleWaiting("b", "").ok());
  EXPECT_THAT(*queue_->Due(absl::InfiniteFuture(), 9), ElementsAre("a"));
}

TEST_F(LeaseQueueReviseTest, SideRecordsComeInOrder) {
  ASSERT_TRUE(
      queue_->WriteSides({{"k/1", "a"}, {"k/2", "b"}, {"k/3", "c"}, {"l", "d"}})
          .ok());
  std::string seen;
  const auto note = [&](absl::string_view key, absl::string_view value) {
    absl::StrAppend(&seen, key, "=", value, " ");
    return absl::OkStatus();
  };
  ASSERT_TRUE(queue_->SidesNow()->ForEach("k/", "", note).ok());
  EXPECT_EQ(seen, "k/1=a k/2=b k/3=c ");
  seen.clear();
  ASSERT_TRUE(queue_->SidesNow()->ForEach("k/", "k/1", note).ok());
  EXPECT_EQ(seen, "k/2=b k/3=c ");
  EXPECT_TRUE(absl::IsCancelled(queue_->SidesNow()->ForEach(
      "k/", "", [](auto, auto) { return absl::CancelledError("enough"); })));
  EXPECT_TRUE(absl::IsInvalidArgument(queue_->WriteSides({{"", "x"}})));
}

TEST_F(LeaseQueueReviseTest, AWalkSeesItemsAndSidesOfOneMoment) {
  Submit("a");
  Submit("b");
  std::string seen;
  ASSERT_TRUE(
      queue_
          ->ForEach([&](const Item& item, const LeaseQueue::Sides& sides) {
            EXPECT_TRUE(Revise("b", {.payload = "later",
                                     .sides = {{"side of b", "later"}}})
                            .ok());
            absl::StrAppend(&seen, item.payload, ":",
                            **sides.Get("side of " + item.id), " ");
            return absl::OkStatus();
          })
          .ok());
  EXPECT_EQ(seen, "payload of a: payload of b: ");
}

TEST_F(LeaseQueueReviseTest, APurgeForgetsWhatItIsToldTo) {
  Submit("a");
  ASSERT_TRUE(queue_->Settle(Claim(), "").ok());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(*queue_->Purge(clock_.Now(),
                           [](const Item& item, const LeaseQueue::Sides&) {
                             return std::vector<LeaseQueue::SideWrite>{
                                 {"side of " + item.id, std::nullopt}};
                           }),
            1);
  EXPECT_EQ(Side("side of a"), "none");
}

TEST_F(LeaseQueueReviseTest, EveryItemIsRevisedAtAStart) {
  for (int i = 0; i < 2500; ++i) Submit(absl::StrCat(i));
  const int64_t syncs = TestDisk::syncs();
  ASSERT_TRUE(queue_
                  ->ReviseAll([](const Item& item, const LeaseQueue::Sides&)
                                  -> absl::StatusOr<std::optional<Revision>> {
                    if (item.id == "7") return std::nullopt;
                    return Revision{.payload = "new " + item.id,
                                    .lane = "lane"};
                  })
                  .ok());
  EXPECT_LE(TestDisk::syncs() - syncs, 10);
  EXPECT_EQ(queue_->Get("2499")->payload, "new 2499");
  EXPECT_EQ(queue_->Get("7")->payload, "payload of 7");
  EXPECT_EQ(queue_->GetLaneStats({}, {})["lane"].waiting, 2499);
}

TEST_F(LeaseQueueReviseTest, TheTimeUnderLeaseIsAddedUp) {
  Submit("a");
  std::string token = Claim();
  clock_.Advance(absl::Seconds(20));
  ASSERT_TRUE(queue_->Release(token).ok());
  token = Claim();
  EXPECT_EQ(queue_->Get("a")->leased_since, clock_.Now());
  clock_.Advance(absl::Minutes(10));  // It ran out after one.
  EXPECT_EQ(queue_->Get("a")->leased_for, absl::Seconds(80));
  ASSERT_TRUE(queue_->SettleWaiting("a", "").ok());
  ASSERT_TRUE(queue_->Reopen("a", "", 0).ok());
  EXPECT_EQ(queue_->Get("a")->leased_for, absl::Seconds(80));
}

}  // namespace
}  // namespace lenscap
