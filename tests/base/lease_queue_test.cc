#include "base/lease_queue.h"

#include <filesystem>
#include <set>
#include <thread>

#include "base/rocksdb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using Item = LeaseQueue::Item;
using State = LeaseQueue::State;
using EventKind = LeaseQueue::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr absl::Duration kMinute = absl::Minutes(1);

class LeaseQueueTest : public testing::Test {
 protected:
  LeaseQueueTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    Reopen();
  }

  void Reopen() {
    queue_.reset();
    auto queue = LeaseQueue::Open(
        {.directory = directory_, .max_deliveries = 3, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  void Submit(const std::string& id, int priority = 0) {
    EXPECT_TRUE(*queue_->Submit(id, "payload of " + id, priority));
  }

  // The best waiting item, which must be there.
  LeaseQueue::Claim Claim(absl::Duration duration = kMinute) {
    auto claims = queue_->ClaimItems("holder", 1, duration);
    EXPECT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(claims->size(), 1);
    return claims->empty() ? LeaseQueue::Claim{} : claims->front();
  }

  std::vector<std::string> ClaimIds(int max) {
    std::vector<std::string> ids;
    const auto claims = queue_->ClaimItems("holder", max, kMinute);
    for (const auto& claim : *claims) ids.push_back(claim.item.id);
    return ids;
  }

  std::vector<std::string> ListIds(State state) {
    std::vector<std::string> ids;
    std::string after;
    do {
      const auto page = queue_->List(state, after, 2);
      EXPECT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->items.size(), 2);
      for (const Item& item : page->items) {
        EXPECT_EQ(item.state, state);
        ids.push_back(item.id);
      }
      after = page->next;
    } while (!after.empty());
    return ids;
  }

  std::vector<std::pair<EventKind, std::string>> Events(uint64_t after = 0) {
    std::vector<std::pair<EventKind, std::string>> events;
    const auto told = queue_->Events(after, 100, {});
    for (const auto& event : *told) {
      events.emplace_back(event.kind, event.id);
    }
    return events;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<LeaseQueue> queue_;
};

TEST_F(LeaseQueueTest, ASubmittedItemWaitsWithAllThatItCameWith) {
  Submit("a", 7);
  const auto item = queue_->Get("a");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->id, "a");
  EXPECT_EQ(item->payload, "payload of a");
  EXPECT_EQ(item->priority, 7);
  EXPECT_EQ(item->state, State::kWaiting);
  EXPECT_EQ(item->submitted, clock_.Now());
  EXPECT_EQ(item->deliveries, 0);
  EXPECT_EQ(item->holder, "");
}

TEST_F(LeaseQueueTest, AKnownIdChangesNothingInWhateverState) {
  Submit("a");
  EXPECT_FALSE(*queue_->Submit("a", "other", 9));
  const auto claim = Claim();
  EXPECT_FALSE(*queue_->Submit("a", "other", 9));
  ASSERT_TRUE(queue_->Settle(claim.token, "done").ok());
  EXPECT_FALSE(*queue_->Submit("a", "other", 9));
  EXPECT_EQ(queue_->Get("a")->payload, "done");
  EXPECT_EQ(queue_->Get("a")->priority, 0);
}

TEST_F(LeaseQueueTest, TheBestIsOfferedFirstAndEqualsInOrderOfArrival) {
  Submit("a", 0);
  Submit("b", 5);
  Submit("c", -5);
  Submit("d", 5);
  EXPECT_THAT(ListIds(State::kWaiting), ElementsAre("b", "d", "a", "c"));
  EXPECT_THAT(ClaimIds(3), ElementsAre("b", "d", "a"));
  EXPECT_THAT(ClaimIds(3), ElementsAre("c"));
  EXPECT_THAT(ClaimIds(3), IsEmpty());
}

TEST_F(LeaseQueueTest, AClaimSaysWhoHoldsItAndUntilWhen) {
  Submit("a");
  const auto claim = Claim();
  EXPECT_EQ(claim.item.payload, "payload of a");
  EXPECT_EQ(claim.item.state, State::kLeased);
  EXPECT_EQ(claim.item.holder, "holder");
  EXPECT_EQ(claim.item.lease_end, clock_.Now() + kMinute);
  EXPECT_EQ(claim.item.deliveries, 1);
  EXPECT_EQ(queue_->Claimed(claim.token)->id, "a");
  EXPECT_EQ(queue_->Get("a")->holder, "holder");
  EXPECT_LE(claim.token.size(), 128);
}

TEST_F(LeaseQueueTest, OnlyWhatIsAcceptedIsClaimed) {
  for (const char* id : {"a", "b", "c"}) Submit(id);
  const auto claims = queue_->ClaimItems(
      "holder", 2, kMinute,
      [](const Item& item) { return item.payload != "payload of a"; });
  ASSERT_EQ(claims->size(), 2);
  EXPECT_EQ(claims->at(0).item.id, "b");
  EXPECT_EQ(claims->at(1).item.id, "c");
  EXPECT_THAT(ListIds(State::kWaiting), ElementsAre("a"));
}

TEST_F(LeaseQueueTest, AnItemCanBeClaimedByItsIdWhileItWaits) {
  for (const char* id : {"a", "b"}) Submit(id);
  const auto claim = queue_->ClaimItem("b", "holder", kMinute);
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_EQ(claim->item.id, "b");
  EXPECT_EQ(claim->item.payload, "payload of b");
  EXPECT_EQ(claim->item.deliveries, 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      queue_->ClaimItem("b", "holder", kMinute).status()));
  EXPECT_TRUE(
      absl::IsNotFound(queue_->ClaimItem("c", "holder", kMinute).status()));
  EXPECT_TRUE(queue_->Settle(claim->token, "done").ok());
  EXPECT_THAT(ClaimIds(2), ElementsAre("a"));
}

TEST_F(LeaseQueueTest, AnItemThatNobodyClaimedCanBeSettled) {
  for (const char* id : {"a", "b"}) Submit(id);
  const auto settled = queue_->SettleWaiting("a", "not wanted");
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(settled->state, State::kSettled);
  EXPECT_EQ(settled->payload, "not wanted");
  EXPECT_EQ(settled->deliveries, 0);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(queue_->SettleWaiting("a", "x").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->SettleWaiting("c", "x").status()));
  Claim();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(queue_->SettleWaiting("b", "x").status()));
  Reopen();
  EXPECT_EQ(queue_->Get("a")->payload, "not wanted");
}

TEST_F(LeaseQueueTest, ALeaseThatRunsOutPutsTheItemBack) {
  Submit("a");
  const auto claim = Claim();
  clock_.Advance(kMinute - absl::Microseconds(1));
  EXPECT_EQ(queue_->Get("a")->state, State::kLeased);
  clock_.Advance(absl::Microseconds(1));
  EXPECT_EQ(queue_->Get("a")->state, State::kWaiting);
  EXPECT_EQ(queue_->Get("a")->holder, "");
  EXPECT_EQ(queue_->Get("a")->deliveries, 1);
  EXPECT_EQ(Claim().item.deliveries, 2);
}

TEST_F(LeaseQueueTest, ALeaseThatRanOutIsLostBeforeAnyoneElseHasIt) {
  Submit("a");
  const auto claim = Claim();
  clock_.Advance(kMinute);
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(claim.token, "x").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Extend(claim.token, kMinute).status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Release(claim.token)));
  EXPECT_TRUE(absl::IsAborted(queue_->Unclaim(claim.token)));
  EXPECT_TRUE(absl::IsAborted(queue_->Claimed(claim.token).status()));
}

TEST_F(LeaseQueueTest, AnExtendedLeaseEndsLater) {
  Submit("a");
  const auto claim = Claim();
  clock_.Advance(kMinute / 2);
  EXPECT_EQ(*queue_->Extend(claim.token, kMinute), clock_.Now() + kMinute);
  clock_.Advance(kMinute - absl::Microseconds(1));
  EXPECT_EQ(queue_->Get("a")->state, State::kLeased);
  clock_.Advance(absl::Microseconds(1));
  EXPECT_EQ(queue_->Get("a")->state, State::kWaiting);
}

TEST_F(LeaseQueueTest, AReleasedItemWaitsAndItsDeliveryCounts) {
  Submit("a");
  const auto claim = Claim();
  ASSERT_TRUE(queue_->Release(claim.token).ok());
  EXPECT_EQ(queue_->Get("a")->state, State::kWaiting);
  EXPECT_EQ(queue_->Get("a")->deliveries, 1);
  EXPECT_TRUE(absl::IsAborted(queue_->Release(claim.token)));
}

TEST_F(LeaseQueueTest, AnUnclaimedItemIsAsBefore) {
  Submit("a");
  const auto claim = Claim();
  ASSERT_TRUE(queue_->Unclaim(claim.token).ok());
  EXPECT_EQ(queue_->Get("a")->state, State::kWaiting);
  EXPECT_EQ(queue_->Get("a")->deliveries, 0);
  EXPECT_TRUE(absl::IsAborted(queue_->Unclaim(claim.token)));
}

TEST_F(LeaseQueueTest, AfterTheLastDeliveryAnItemIsDead) {
  Submit("released");
  Submit("expired");
  for (int i = 0; i < 3; ++i) {
    const auto claims = queue_->ClaimItems("holder", 2, kMinute);
    ASSERT_EQ(claims->size(), 2);
    ASSERT_TRUE(queue_->Release(claims->at(0).token).ok());
    clock_.Advance(kMinute);
  }
  EXPECT_THAT(ClaimIds(2), IsEmpty());
  EXPECT_THAT(ListIds(State::kDead), ElementsAre("released", "expired"));
  EXPECT_EQ(queue_->Get("expired")->settled, clock_.Now());
  EXPECT_THAT(Events(2), ElementsAre(Pair(EventKind::kDead, "released"),
                                     Pair(EventKind::kDead, "expired")));
}

TEST_F(LeaseQueueTest, WhenAProcessStartsAllItsLeasesCanBeReleased) {
  Submit("a");
  Submit("b");
  ClaimIds(2);
  Reopen();
  ASSERT_TRUE(queue_->ReleaseAll().ok());
  EXPECT_THAT(ListIds(State::kWaiting), ElementsAre("a", "b"));
  EXPECT_EQ(queue_->Get("a")->deliveries, 1);
}

TEST_F(LeaseQueueTest, ASettledItemIsKeptWithItsNewPayload) {
  Submit("a");
  const auto claim = Claim();
  const auto settled = queue_->Settle(claim.token, "done");
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(settled->state, State::kSettled);
  EXPECT_EQ(settled->payload, "done");
  EXPECT_EQ(settled->settled, clock_.Now());
  EXPECT_EQ(queue_->Get("a")->payload, "done");
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(ClaimIds(1), IsEmpty());
}

TEST_F(LeaseQueueTest, SettlingAgainWithTheSameChangesNothing) {
  Submit("a");
  const auto claim = Claim();
  ASSERT_TRUE(queue_->Settle(claim.token, "done").ok());
  const absl::Time settled = clock_.Now();
  clock_.Advance(absl::Hours(1));
  const auto again = queue_->Settle(claim.token, "done");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->settled, settled);
  EXPECT_EQ(queue_->Claimed(claim.token)->state, State::kSettled);
  EXPECT_EQ(Events().size(), 2);
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(claim.token, "else").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Extend(claim.token, kMinute).status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Release(claim.token)));
}

TEST_F(LeaseQueueTest, ATokenOfAnEarlierLeaseSettlesNothing) {
  Submit("a");
  const auto first = Claim();
  ASSERT_TRUE(queue_->Release(first.token).ok());
  const auto second = Claim();
  EXPECT_NE(first.token, second.token);
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(first.token, "x").status()));
  ASSERT_TRUE(queue_->Settle(second.token, "done").ok());
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(first.token, "done").status()));
  EXPECT_TRUE(absl::IsAborted(queue_->Claimed(first.token).status()));
}

TEST_F(LeaseQueueTest, ATokenOfBeforeTheReopeningSettlesNothing) {
  Submit("a");
  const auto before = Claim();
  ASSERT_TRUE(queue_->Settle(before.token, "done").ok());
  ASSERT_TRUE(queue_->Reopen("a", "again", 0).ok());
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(before.token, "done").status()));
  Claim();
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(before.token, "done").status()));
}

TEST_F(LeaseQueueTest, AForgedTokenIsWorthNothing) {
  Submit("a");
  std::string token = Claim().token;
  token.back() = token.back() == '0' ? '1' : '0';
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(token, "x").status()));
  EXPECT_TRUE(
      absl::IsAborted(queue_->Settle(std::string(48, 'f'), "x").status()));
  for (const char* text : {"", "a", "lease"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(queue_->Release(text)));
    EXPECT_TRUE(absl::IsInvalidArgument(queue_->Claimed(text).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(queue_->Settle(text, "x").status()));
  }
}

TEST_F(LeaseQueueTest, SettledAndDeadItemsCanBeReopened) {
  Submit("a");
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  clock_.Advance(kMinute);
  const auto reopened = queue_->Reopen("a", "again", 4);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->state, State::kWaiting);
  EXPECT_EQ(reopened->payload, "again");
  EXPECT_EQ(reopened->priority, 4);
  EXPECT_EQ(reopened->deliveries, 0);
  EXPECT_EQ(reopened->submitted, clock_.Now() - kMinute);
  EXPECT_EQ(queue_->GetStats()->oldest_waiting, clock_.Now());
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Reopen("a", "", 0).status()));
  EXPECT_THAT(ListIds(State::kSettled), IsEmpty());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue_->Release(Claim().token).ok());
  EXPECT_THAT(ListIds(State::kDead), ElementsAre("a"));
  ASSERT_TRUE(queue_->Reopen("a", "once more", 0).ok());
  EXPECT_EQ(Claim().item.payload, "once more");
  EXPECT_TRUE(absl::IsFailedPrecondition(queue_->Reopen("a", "", 0).status()));
}

TEST_F(LeaseQueueTest, AnUnknownItemIsNamed) {
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("nobody").status()));
  EXPECT_THAT(std::string(queue_->Get("nobody").status().message()),
              HasSubstr("\"nobody\""));
  EXPECT_TRUE(absl::IsNotFound(queue_->Reopen("nobody", "", 0).status()));
}

TEST_F(LeaseQueueTest, EventsTellWhatHappenedInOrder) {
  Submit("a");
  Submit("b");
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  ASSERT_TRUE(queue_->Reopen("a", "again", 0).ok());
  EXPECT_THAT(Events(), ElementsAre(Pair(EventKind::kSubmitted, "a"),
                                    Pair(EventKind::kSubmitted, "b"),
                                    Pair(EventKind::kSettled, "a"),
                                    Pair(EventKind::kReopened, "a")));
  const auto first = queue_->Events(0, 1, {});
  ASSERT_EQ(first->size(), 1);
  EXPECT_EQ(first->front().time, clock_.Now());
  EXPECT_THAT(Events(first->front().sequence),
              ElementsAre(Pair(EventKind::kSubmitted, "b"),
                          Pair(EventKind::kSettled, "a"),
                          Pair(EventKind::kReopened, "a")));
  EXPECT_THAT(Events(~uint64_t{0}), IsEmpty());
}

TEST_F(LeaseQueueTest, AWatcherIsWokenByTheNextEvent) {
  std::thread writer([&] { Submit("a"); });
  const auto events = queue_->Events(0, 10, absl::InfiniteDuration());
  writer.join();
  ASSERT_EQ(events->size(), 1);
  EXPECT_EQ(events->front().id, "a");
}

TEST_F(LeaseQueueTest, AWorkerIsWokenByTheNextItem) {
  std::thread writer([&] { Submit("a"); });
  queue_->WaitForWork(absl::InfiniteDuration());
  writer.join();
  EXPECT_THAT(ClaimIds(1), ElementsAre("a"));
}

TEST_F(LeaseQueueTest, AWorkerIsWokenByALeaseThatHasRunOut) {
  Submit("a");
  Claim();
  clock_.Advance(kMinute);
  queue_->WaitForWork(absl::InfiniteDuration());
  EXPECT_THAT(ClaimIds(1), ElementsAre("a"));
}

TEST_F(LeaseQueueTest, StatisticsCountEachState) {
  const absl::Time start = clock_.Now();
  for (const char* id : {"a", "b", "c", "d"}) {
    Submit(id);
    clock_.Advance(absl::Seconds(1));
  }
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  Claim();
  const auto stats = queue_->GetStats();
  EXPECT_EQ(stats->waiting, 2);
  EXPECT_EQ(stats->leased, 1);
  EXPECT_EQ(stats->settled, 1);
  EXPECT_EQ(stats->dead, 0);
  EXPECT_EQ(stats->oldest_waiting, start + absl::Seconds(2));
}

TEST_F(LeaseQueueTest, EverythingIsThereAgainAfterReopening) {
  for (const char* id : {"settled", "leased", "waiting"}) Submit(id);
  const auto settled = Claim();
  ASSERT_TRUE(queue_->Settle(settled.token, "done").ok());
  const auto leased = Claim(absl::Hours(1));
  Reopen();
  EXPECT_THAT(ListIds(State::kWaiting), ElementsAre("waiting"));
  EXPECT_THAT(ListIds(State::kLeased), ElementsAre("leased"));
  EXPECT_THAT(ListIds(State::kSettled), ElementsAre("settled"));
  EXPECT_EQ(queue_->GetStats()->settled, 1);
  EXPECT_TRUE(queue_->Settle(settled.token, "done").ok());
  EXPECT_TRUE(queue_->Settle(leased.token, "done").ok());
  EXPECT_EQ(Events().size(), 5);
}

TEST_F(LeaseQueueTest, APurgeForgetsWhatEndedBefore) {
  Submit("old");
  Submit("dead");
  Submit("new");
  Submit("waiting");
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue_->Release(Claim().token).ok());
  clock_.Advance(kMinute);
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  const auto token = Claim(absl::Hours(1)).token;
  EXPECT_EQ(*queue_->Purge(clock_.Now()), 2);
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("old").status()));
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("dead").status()));
  EXPECT_EQ(queue_->Get("new")->state, State::kSettled);
  EXPECT_EQ(queue_->Get("waiting")->state, State::kLeased);
  EXPECT_THAT(Events(), ElementsAre(Pair(EventKind::kSettled, "new")));
  EXPECT_EQ(queue_->GetStats()->settled, 1);
  EXPECT_EQ(queue_->GetStats()->dead, 0);
  Reopen();
  EXPECT_EQ(queue_->GetStats()->settled, 1);
  EXPECT_TRUE(queue_->Settle(token, "done").ok());
  EXPECT_TRUE(*queue_->Submit("old", "anew", 0));
}

TEST_F(LeaseQueueTest, NoSequenceIsUsedTwiceThoughAllWasPurged) {
  Submit("a");
  const auto claim = Claim();
  ASSERT_TRUE(queue_->Settle(claim.token, "done").ok());
  const uint64_t last = queue_->Events(0, 10, {})->back().sequence;
  EXPECT_EQ(*queue_->Purge(absl::InfiniteFuture()), 1);
  EXPECT_THAT(Events(), IsEmpty());
  Reopen();
  Submit("b");
  EXPECT_GT(queue_->Events(0, 10, {})->front().sequence, last);
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(claim.token, "done").status()));
}

TEST_F(LeaseQueueTest, ASecondOpeningIsRefused) {
  const auto second = LeaseQueue::Open({.directory = directory_});
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
}

TEST_F(LeaseQueueTest, ALaterFormatIsRefused) {
  queue_.reset();
  ASSERT_TRUE((*OpenDatabase(directory_))
                  ->Put(Synced(), "mformat", EncodeUint64(3))
                  .ok());
  const auto queue = LeaseQueue::Open({.directory = directory_});
  EXPECT_TRUE(absl::IsFailedPrecondition(queue.status())) << queue.status();
  EXPECT_THAT(std::string(queue.status().message()), HasSubstr("format 3"));
}

TEST_F(LeaseQueueTest, ADamagedRecordIsSaidAtOpening) {
  Submit("a");
  queue_.reset();
  ASSERT_TRUE((*OpenDatabase(directory_))
                  ->Put(Synced(), "r" + EncodeUint64(1), "damaged")
                  .ok());
  const auto queue = LeaseQueue::Open({.directory = directory_});
  EXPECT_TRUE(absl::IsDataLoss(queue.status())) << queue.status();
}

TEST_F(LeaseQueueTest, ArgumentsOutOfBoundsAreNamed) {
  const auto expect = [](const absl::Status& status, const char* name) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
  };
  const std::string long_name(513, 'x');
  const std::string long_payload((64 << 20) + 1, 'x');
  expect(queue_->Submit("", "", 0).status(), "id");
  expect(queue_->Submit(long_name, "", 0).status(), "513");
  expect(queue_->Submit("a", long_payload, 0).status(), "payload");
  expect(queue_->ClaimItems("", 1, kMinute).status(), "holder");
  expect(queue_->ClaimItems(long_name, 1, kMinute).status(), "holder");
  expect(queue_->ClaimItems("h", 0, kMinute).status(), "max");
  expect(queue_->ClaimItems("h", 1, {}).status(), "duration");
  expect(queue_->ClaimItems("h", 1, absl::InfiniteDuration()).status(),
         "duration");
  Submit(std::string(512, 'x'));
  const std::string token = Claim().token;
  expect(queue_->Extend(token, -kMinute).status(), "duration");
  expect(queue_->Settle(token, long_payload).status(), "payload");
  expect(queue_->Reopen("a", long_payload, 0).status(), "payload");
  expect(queue_->List(State::kWaiting, "", 0).status(), "limit");
  expect(queue_->List(State::kWaiting, "x", 1).status(), "cursor");
  expect(queue_->Events(0, -1, {}).status(), "limit");
  expect(
      LeaseQueue::Open({.directory = directory_, .max_deliveries = 0}).status(),
      "max_deliveries");
}

TEST_F(LeaseQueueTest, IdsAndPayloadsMayHoldAnyBytes) {
  const std::string bytes("\0\xff\n", 3);
  ASSERT_TRUE(*queue_->Submit(bytes, bytes, 0));
  ASSERT_TRUE(*queue_->Submit(bytes + bytes, "", 0));
  Reopen();
  EXPECT_EQ(queue_->Get(bytes)->payload, bytes);
  EXPECT_EQ(queue_->Get(bytes + bytes)->payload, "");
}

TEST_F(LeaseQueueTest, LargePayloadsComeInShortPages) {
  const std::string large(40 << 20, 'x');
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(*queue_->Submit(id, large, 0));
  }
  const auto page = queue_->List(State::kWaiting, "", 10);
  EXPECT_EQ(page->items.size(), 2);
  EXPECT_EQ(queue_->List(State::kWaiting, page->next, 10)->items.size(), 1);
  EXPECT_EQ(queue_->ClaimItems("holder", 10, kMinute)->size(), 2);
}

TEST_F(LeaseQueueTest, AnAmendedPayloadIsAllThatChangesInAnyState) {
  Submit("waiting", 1);
  Submit("leased", 9);
  const std::string token = Claim().token;
  Submit("settled", 9);
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  const auto events = Events();
  for (const std::string id : {"waiting", "leased", "settled"}) {
    const auto before = queue_->Get(id);
    const auto amended = queue_->AmendPayload(
        id, [](const Item& item) { return item.payload + " amended"; });
    ASSERT_TRUE(amended.ok()) << amended.status();
    const auto after = queue_->Get(id);
    EXPECT_EQ(after->payload, before->payload + " amended");
    EXPECT_EQ(after->state, before->state);
    EXPECT_EQ(after->deliveries, before->deliveries);
    EXPECT_EQ(after->lease_end, before->lease_end);
    EXPECT_EQ(after->settled, before->settled);
  }
  EXPECT_EQ(Events(), events);
  EXPECT_THAT(ListIds(State::kSettled), ElementsAre("settled"));
  Reopen();
  EXPECT_EQ(queue_->Get("waiting")->payload, "payload of waiting amended");
  EXPECT_EQ(queue_->Claimed(token)->payload, "payload of leased amended");
  EXPECT_TRUE(queue_->Settle(token, "mine").ok());
}

TEST_F(LeaseQueueTest, AnAmendmentMayBeNothingOrAnError) {
  Submit("a");
  EXPECT_TRUE(
      queue_
          ->AmendPayload(
              "a", [](const Item&) { return std::optional<std::string>(); })
          .ok());
  EXPECT_TRUE(absl::IsAborted(
      queue_
          ->AmendPayload("a",
                         [](const Item&) { return absl::AbortedError("no"); })
          .status()));
  EXPECT_EQ(queue_->Get("a")->payload, "payload of a");
  EXPECT_TRUE(absl::IsNotFound(
      queue_->AmendPayload("b", [](const Item&) { return "x"; }).status()));
}

TEST_F(LeaseQueueTest, EveryItemIsVisitedAsOfOneMoment) {
  Submit("a", 1);
  Submit("b", 9);
  ASSERT_TRUE(queue_->Settle(Claim().token, "done").ok());
  std::vector<std::string> visited;
  EXPECT_TRUE(queue_
                  ->ForEach([&](const Item& item) {
                    visited.push_back(item.payload);
                    Submit("new " + item.id);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(visited, ElementsAre("payload of a", "done"));
  EXPECT_TRUE(absl::IsAborted(queue_->ForEach(
      [](const Item&) { return absl::AbortedError("enough"); })));
}

}  // namespace
}  // namespace lenscap
