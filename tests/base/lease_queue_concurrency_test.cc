// Many threads on one queue.

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/lease_queue.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;
using EventKind = LeaseQueue::EventKind;

constexpr int kThreads = 8;
constexpr int kItemsEach = 150;
constexpr int kItems = kThreads * kItemsEach;

class LeaseQueueConcurrencyTest : public testing::Test {
 protected:
  LeaseQueueConcurrencyTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    auto queue = LeaseQueue::Open(
        {.directory = MakeTempDirectory(), .max_deliveries = 1'000'000});
    EXPECT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  template <typename Body>
  void InThreads(Body body) {
    for (int i = 0; i < kThreads; ++i) {
      threads_.emplace_back([body, i] { body(i); });
    }
  }
  void Join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  std::unique_ptr<LeaseQueue> queue_;
  std::vector<std::thread> threads_;
};

TEST_F(LeaseQueueConcurrencyTest, EachItemIsSettledOnce) {
  std::mutex mutex;
  std::map<std::string, int> settled;
  std::atomic<int> total = 0;
  InThreads([&](int thread) {
    for (int i = 0; i < kItemsEach; ++i) {
      EXPECT_TRUE(*queue_->Submit(absl::StrCat(thread, "-", i), "new", i % 3));
    }
  });
  InThreads([&](int thread) {
    for (int turn = 0; total < kItems; ++turn) {
      queue_->WaitForWork(absl::Milliseconds(1));
      const auto claims =
          queue_->ClaimItems(absl::StrCat(thread), 3, absl::Hours(1));
      ASSERT_TRUE(claims.ok()) << claims.status();
      for (const auto& claim : *claims) {
        if (turn % 4 == 0) {
          ASSERT_TRUE(queue_->Release(claim.token).ok());
          continue;
        }
        ASSERT_TRUE(queue_->Extend(claim.token, absl::Hours(2)).ok());
        ASSERT_TRUE(queue_->Settle(claim.token, "done").ok());
        ++total;
        std::lock_guard lock(mutex);
        ++settled[claim.item.id];
      }
    }
  });
  Join();
  EXPECT_EQ(settled.size(), kItems);
  for (const auto& [id, times] : settled) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(queue_->GetStats()->settled, kItems);
  EXPECT_EQ(queue_->GetStats()->waiting, 0);
  EXPECT_EQ(queue_->GetStats()->leased, 0);
}

TEST_F(LeaseQueueConcurrencyTest, OneOfManyWithTheSameIdSubmitsIt) {
  std::atomic<int> submitted = 0;
  InThreads([&](int) {
    for (int i = 0; i < kItemsEach; ++i) {
      submitted += *queue_->Submit(absl::StrCat(i), "payload", 0);
    }
  });
  Join();
  EXPECT_EQ(submitted, kItemsEach);
  EXPECT_EQ(queue_->GetStats()->waiting, kItemsEach);
  EXPECT_EQ(queue_->Events(0, kItems, {})->size(), kItemsEach);
}

TEST_F(LeaseQueueConcurrencyTest, OneOfManyWithTheSameTokenSettlesIt) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(*queue_->Submit(absl::StrCat(i), "new", 0));
    const auto claims = queue_->ClaimItems("holder", 1, absl::Hours(1));
    const std::string token = claims->front().token;
    std::atomic<int> settled = 0;
    InThreads([&](int thread) {
      settled += queue_->Settle(token, absl::StrCat(thread)).ok();
    });
    Join();
    EXPECT_EQ(settled, 1);
  }
}

TEST_F(LeaseQueueConcurrencyTest, AWatcherMissesNoEvent) {
  InThreads([&](int thread) {
    for (int i = 0; i < kItemsEach; ++i) {
      EXPECT_TRUE(*queue_->Submit(absl::StrCat(thread, "-", i), "new", 0));
    }
  });
  std::map<std::string, int> seen;
  uint64_t after = 0;
  while (seen.size() < kItems) {
    const auto events = queue_->Events(after, 7, absl::InfiniteDuration());
    ASSERT_TRUE(events.ok()) << events.status();
    for (const auto& event : *events) {
      EXPECT_GT(event.sequence, after);
      after = event.sequence;
      EXPECT_EQ(event.kind, EventKind::kSubmitted);
      EXPECT_EQ(++seen[event.id], 1);
    }
  }
  Join();
}

TEST_F(LeaseQueueConcurrencyTest, ListsAndPurgesRunBesideEverythingElse) {
  std::atomic<bool> done = false;
  std::atomic<int64_t> purged = 0;
  std::thread janitor([&] {
    while (!done) purged += *queue_->Purge(absl::InfiniteFuture());
  });
  std::thread reader([&] {
    while (!done) {
      for (const State state :
           {State::kWaiting, State::kLeased, State::kSettled, State::kDead}) {
        EXPECT_TRUE(queue_->List(state, "", 100).ok());
      }
      EXPECT_TRUE(queue_->GetStats().ok());
    }
  });
  InThreads([&](int thread) {
    for (int i = 0; i < kItemsEach; ++i) {
      const std::string id = absl::StrCat(thread, "-", i);
      EXPECT_TRUE(*queue_->Submit(id, "new", 0));
      const auto claims = queue_->ClaimItems("holder", 1, absl::Hours(1));
      for (const auto& claim : *claims) {
        EXPECT_TRUE(queue_->Settle(claim.token, "done").ok());
        // Unless it is purged already.
        const auto reopened = queue_->Reopen(claim.item.id, "again", 0);
        EXPECT_TRUE(reopened.ok() || absl::IsNotFound(reopened.status()))
            << reopened.status();
      }
    }
  });
  Join();
  done = true;
  janitor.join();
  reader.join();
  const auto stats = queue_->GetStats();
  EXPECT_EQ(purged + stats->waiting + stats->leased + stats->settled, kItems);
}

}  // namespace
}  // namespace lenscap
