#include "base/lease_queue_index.h"

#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;
using testing::ElementsAre;
using testing::IsEmpty;

LeaseRecord Waiting(uint64_t sequence, int priority = 0) {
  LeaseRecord record;
  record.sequence = sequence;
  record.priority = priority;
  record.waiting_since = absl::FromUnixSeconds(100 + sequence);
  return record;
}

LeaseRecord Leased(uint64_t sequence, absl::Time end) {
  LeaseRecord record = Waiting(sequence);
  record.state = State::kLeased;
  record.lease_end = end;
  return record;
}

std::vector<uint64_t> Sequences(const std::vector<LeaseIndex::Place>& places) {
  std::vector<uint64_t> sequences;
  for (const auto& place : places) sequences.push_back(place.sequence);
  return sequences;
}

void Add(LeaseIndex& index, const LeaseRecord& record) {
  index.Apply({{std::nullopt, record}});
}

TEST(LeaseIndexTest, WaitingItemsComeByPriorityThenSequence) {
  LeaseIndex index;
  Add(index, Waiting(1, 0));
  Add(index, Waiting(2, std::numeric_limits<int>::max()));
  Add(index, Waiting(3, std::numeric_limits<int>::min()));
  Add(index, Waiting(4, 0));
  const auto all = index.Waiting({}, 10);
  EXPECT_THAT(Sequences(all), ElementsAre(2, 1, 4, 3));
  EXPECT_THAT(Sequences(index.Waiting(all[1], 1)), ElementsAre(4));
}

TEST(LeaseIndexTest, AChangeMovesTheItem) {
  LeaseIndex index;
  const LeaseRecord waiting = Waiting(1);
  const LeaseRecord leased = Leased(1, absl::FromUnixSeconds(50));
  Add(index, waiting);
  index.Apply({{waiting, leased}});
  EXPECT_THAT(index.Waiting({}, 10), IsEmpty());
  EXPECT_THAT(Sequences(index.Leased({}, 10)), ElementsAre(1));
  EXPECT_EQ(index.stats().leased, 1);
  EXPECT_EQ(index.stats().waiting, 0);
  index.Apply({{leased, std::nullopt}});
  EXPECT_THAT(index.Leased({}, 10), IsEmpty());
  EXPECT_EQ(index.stats().leased, 0);
}

TEST(LeaseIndexTest, TheOldestWaitingItemIsKnown) {
  LeaseIndex index;
  EXPECT_EQ(index.stats().oldest_waiting, absl::InfiniteFuture());
  Add(index, Waiting(5));
  Add(index, Waiting(3));
  EXPECT_EQ(index.stats().oldest_waiting, absl::FromUnixSeconds(103));
  index.Apply({{Waiting(3), std::nullopt}});
  EXPECT_EQ(index.stats().oldest_waiting, absl::FromUnixSeconds(105));
}

TEST(LeaseIndexTest, LeasesExpireInOrderOfTheirEnds) {
  LeaseIndex index;
  Add(index, Leased(1, absl::FromUnixSeconds(30)));
  Add(index, Leased(2, absl::FromUnixSeconds(10)));
  Add(index, Leased(3, absl::FromUnixSeconds(20)));
  EXPECT_THAT(index.Expired(absl::FromUnixSeconds(9), 10), IsEmpty());
  EXPECT_THAT(index.Expired(absl::FromUnixSeconds(20), 10), ElementsAre(2, 3));
  EXPECT_THAT(index.Expired(absl::FromUnixSeconds(20), 1), ElementsAre(2));
}

TEST(LeaseIndexTest, AHeldItemIsPassedOver) {
  LeaseIndex index;
  Add(index, Waiting(1));
  Add(index, Waiting(2));
  std::optional<uint64_t> passed_over;
  LeaseIndex::Place place;
  const auto first = index.AcquireWaiting(place, passed_over);
  EXPECT_EQ(place.sequence, 1);
  EXPECT_EQ(passed_over, std::nullopt);
  LeaseIndex::Place again;
  const auto second = index.AcquireWaiting(again, passed_over);
  EXPECT_EQ(again.sequence, 2);
  EXPECT_EQ(passed_over, 1);
  EXPECT_EQ(index.AcquireWaiting(again, passed_over), std::nullopt);
}

TEST(LeaseIndexTest, AHoldEndsWithItsObject) {
  LeaseIndex index;
  auto hold = index.TryAcquire("key");
  ASSERT_TRUE(hold.has_value());
  EXPECT_FALSE(index.TryAcquire("key").has_value());
  EXPECT_TRUE(index.TryAcquire("other").has_value());
  {
    const LeaseIndex::Hold moved = *std::move(hold);
    hold.reset();
    EXPECT_FALSE(index.TryAcquire("key").has_value());
  }
  EXPECT_TRUE(index.TryAcquire("key").has_value());
}

TEST(LeaseIndexTest, HoldersOfOneKeyTakeTurns) {
  LeaseIndex index;
  int inside = 0;
  int entered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 500; ++j) {
        const auto hold = index.Acquire("key");
        EXPECT_EQ(++inside, 1);
        ++entered;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(entered, 2000);
}

TEST(LeaseIndexTest, AnEventBehindAPendingOneIsNotShown) {
  LeaseIndex index;
  index.SkipTo(10);
  EXPECT_EQ(index.visible_sequence(), 10);
  auto early = std::make_optional(index.NextSequence());
  auto late = std::make_optional(index.NextSequence());
  EXPECT_EQ(early->sequence(), 11);
  EXPECT_EQ(late->sequence(), 12);
  late.reset();
  EXPECT_EQ(index.visible_sequence(), 10);
  early.reset();
  EXPECT_EQ(index.visible_sequence(), 12);
  EXPECT_EQ(index.last_sequence(), 12);
}

TEST(LeaseIndexTest, WaitingForASequenceEndsWithIt) {
  LeaseIndex index;
  EXPECT_FALSE(index.WaitForSequence(0, LeaseIndex::After({})));
  std::thread writer([&] { index.NextSequence(); });
  EXPECT_TRUE(
      index.WaitForSequence(0, LeaseIndex::After(absl::InfiniteDuration())));
  writer.join();
}

TEST(LeaseIndexTest, WaitingForWorkEndsWithWork) {
  LeaseIndex index;
  const FakeClock clock;
  index.WaitForWork(clock, LeaseIndex::After(-absl::Seconds(1)));
  std::thread writer([&] { Add(index, Waiting(1)); });
  index.WaitForWork(clock, LeaseIndex::After(absl::InfiniteDuration()));
  writer.join();
  EXPECT_EQ(index.stats().waiting, 1);
}

TEST(LeaseIndexTest, WaitingForWorkEndsWithALease) {
  LeaseIndex index;
  FakeClock clock;
  Add(index, Leased(1, clock.Now() + absl::Hours(1)));
  std::thread holder([&] {
    // Someone takes a lease that has run out by the time it is seen.
    Add(index, Leased(2, clock.Now()));
  });
  index.WaitForWork(clock, LeaseIndex::After(absl::InfiniteDuration()));
  holder.join();
}

TEST(LeaseIndexTest, WaitingForAReleaseEndsWithIt) {
  LeaseIndex index;
  Add(index, Waiting(1));
  index.WaitForRelease(1);
  std::optional<uint64_t> passed_over;
  LeaseIndex::Place place;
  auto hold = index.AcquireWaiting(place, passed_over);
  std::atomic<bool> released = false;
  std::thread waiter([&] {
    index.WaitForRelease(1);
    EXPECT_TRUE(released);
  });
  released = true;
  hold.reset();
  waiter.join();
}

}  // namespace
}  // namespace lenscap
