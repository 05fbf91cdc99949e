// The queue on a disk that is slow, full or broken.

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
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

using State = LeaseQueue::State;
using testing::HasSubstr;

constexpr absl::Duration kMinute = absl::Minutes(1);

class LeaseQueueDiskTest : public testing::Test {
 protected:
  LeaseQueueDiskTest() { Reopen(); }
  ~LeaseQueueDiskTest() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void Reopen() {
    queue_.reset();
    TestDisk::SetMode(TestDisk::Mode::kSound);
    auto queue = LeaseQueue::Open({.directory = directory_, .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  LeaseQueue::Claim Claim() {
    auto claims = queue_->ClaimItems("holder", 1, kMinute);
    EXPECT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(claims->size(), 1);
    return claims->empty() ? LeaseQueue::Claim{} : claims->front();
  }

  int64_t EventCount() { return queue_->Events(0, 1000, {})->size(); }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<LeaseQueue> queue_;
};

TEST_F(LeaseQueueDiskTest, WritersThatComeTogetherShareSyncs) {
  constexpr int kWriters = 16;
  std::vector<std::thread> writers;
  const auto submit = [&](int i) {
    EXPECT_TRUE(*queue_->Submit(absl::StrCat(i), "payload", 0));
  };
  const int64_t before = TestDisk::syncs();
  {
    TestDisk::SyncHolder holder;
    writers.emplace_back(submit, 0);
    holder.AwaitSync();
    std::atomic<int> coming = 0;
    for (int i = 1; i < kWriters; ++i) {
      writers.emplace_back([&, i] {
        ++coming;
        submit(i);
      });
    }
    while (coming < kWriters - 1) std::this_thread::yield();
    holder.AwaitOthers();
  }
  for (std::thread& writer : writers) writer.join();
  // One that holds a lock over the sync would need 16.
  EXPECT_LT(TestDisk::syncs() - before, kWriters);
  EXPECT_EQ(queue_->GetStats()->waiting, kWriters);
}

TEST_F(LeaseQueueDiskTest, NothingShowsOfASubmitThatIsNotOnDisk) {
  TestDisk::SyncHolder holder;
  std::thread writer([&] { EXPECT_TRUE(*queue_->Submit("a", "payload", 0)); });
  holder.AwaitSync();
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("a").status()));
  EXPECT_EQ(queue_->GetStats()->waiting, 0);
  EXPECT_TRUE(queue_->ClaimItems("holder", 1, kMinute)->empty());
  EXPECT_TRUE(queue_->List(State::kWaiting, "", 10)->items.empty());
  EXPECT_EQ(EventCount(), 0);
  holder.LetGo();
  writer.join();
  EXPECT_EQ(Claim().item.id, "a");
  EXPECT_EQ(EventCount(), 1);
}

TEST_F(LeaseQueueDiskTest, NothingShowsOfASettlementThatIsNotOnDisk) {
  ASSERT_TRUE(*queue_->Submit("a", "payload", 0));
  const std::string token = Claim().token;
  TestDisk::SyncHolder holder;
  std::thread settler([&] { EXPECT_TRUE(queue_->Settle(token, "done").ok()); });
  holder.AwaitSync();
  EXPECT_EQ(queue_->Get("a")->state, State::kLeased);
  EXPECT_EQ(queue_->Claimed(token)->payload, "payload");
  EXPECT_EQ(queue_->GetStats()->settled, 0);
  EXPECT_EQ(EventCount(), 1);
  holder.LetGo();
  settler.join();
  EXPECT_EQ(queue_->Get("a")->state, State::kSettled);
}

TEST_F(LeaseQueueDiskTest, AnItemIsClaimedByOneOfTwoWhoComeTogether) {
  ASSERT_TRUE(*queue_->Submit("a", "payload", 0));
  TestDisk::SyncHolder holder;
  std::atomic<int> claimed = 0;
  const auto claim = [&] {
    claimed += queue_->ClaimItems("holder", 1, kMinute)->size();
  };
  std::thread first(claim);
  holder.AwaitSync();
  // Waits to see whether the first one gets it.
  std::thread second(claim);
  holder.LetGo();
  first.join();
  second.join();
  EXPECT_EQ(claimed, 1);
  EXPECT_EQ(queue_->Get("a")->deliveries, 1);
}

TEST_F(LeaseQueueDiskTest, AFullDiskChangesNothing) {
  ASSERT_TRUE(*queue_->Submit("leased", "payload", 1));
  ASSERT_TRUE(*queue_->Submit("waiting", "payload", 0));
  const std::string token = Claim().token;
  TestDisk::SetMode(TestDisk::Mode::kFull);
  for (int i = 0; i < 2; ++i) {
    for (const absl::Status& status :
         {queue_->Submit("new", "payload", 0).status(),
          queue_->ClaimItems("holder", 1, kMinute).status(),
          queue_->Extend(token, 2 * kMinute).status(),
          queue_->Settle(token, "done").status(), queue_->Release(token)}) {
      EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(directory_));
      EXPECT_THAT(std::string(status.message()), HasSubstr("free some space"));
    }
  }
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("new").status()));
  EXPECT_EQ(queue_->Get("waiting")->state, State::kWaiting);
  EXPECT_EQ(queue_->Get("waiting")->deliveries, 0);
  EXPECT_EQ(queue_->Claimed(token)->lease_end, clock_.Now() + kMinute);
  EXPECT_EQ(queue_->GetStats()->waiting, 1);
  EXPECT_EQ(queue_->GetStats()->leased, 1);
  EXPECT_EQ(EventCount(), 2);
  // What has run out is shown as it is on disk until it can be put back.
  clock_.Advance(kMinute);
  EXPECT_EQ(queue_->Get("leased")->state, State::kLeased);
  EXPECT_TRUE(absl::IsAborted(queue_->Settle(token, "done").status()));
}

TEST_F(LeaseQueueDiskTest, NothingAcknowledgedIsLostWhenTheDiskWasFull) {
  ASSERT_TRUE(*queue_->Submit("before", "payload", 0));
  TestDisk::SetMode(TestDisk::Mode::kFull);
  EXPECT_FALSE(queue_->Submit("refused", "payload", 0).ok());
  Reopen();
  ASSERT_TRUE(*queue_->Submit("after", "payload", 0));
  Reopen();
  EXPECT_TRUE(queue_->Get("before").ok());
  EXPECT_TRUE(queue_->Get("after").ok());
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("refused").status()));
}

TEST_F(LeaseQueueDiskTest, WritesWorkAgainOnceThereIsSpace) {
  ASSERT_TRUE(*queue_->Submit("before", "payload", 0));
  const std::string token = Claim().token;
  TestDisk::SetMode(TestDisk::Mode::kFull);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(queue_->Submit("refused", "payload", 0).ok());
  }
  TestDisk::SetMode(TestDisk::Mode::kSound);
  // RocksDB looks every five seconds.
  while (!queue_->Submit("after", "payload", 0).ok()) {
    queue_->WaitForWork(absl::Milliseconds(50));
  }
  EXPECT_TRUE(queue_->Settle(token, "done").ok());
  Reopen();
  EXPECT_EQ(queue_->Get("before")->payload, "done");
  EXPECT_TRUE(queue_->Get("after").ok());
  EXPECT_TRUE(absl::IsNotFound(queue_->Get("refused").status()));
}

TEST_F(LeaseQueueDiskTest, ABrokenDiskIsSaidAndWhatWasOnItIsKept) {
  for (const TestDisk::Mode mode :
       {TestDisk::Mode::kBroken, TestDisk::Mode::kBrokenSyncs}) {
    const std::string id = absl::StrCat("before ", static_cast<int>(mode));
    ASSERT_TRUE(*queue_->Submit(id, "payload", 0));
    TestDisk::SetMode(mode);
    for (int i = 0; i < 2; ++i) {
      const absl::Status status = queue_->Submit("new", "", 0).status();
      EXPECT_TRUE(absl::IsInternal(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr("check its disk"));
      EXPECT_TRUE(absl::IsNotFound(queue_->Get("new").status()));
      EXPECT_EQ(queue_->Get(id)->payload, "payload");
    }
    Reopen();
    EXPECT_EQ(queue_->Get(id)->payload, "payload");
  }
}

// A write that failed may have reached the log all the same, and be found there
// after a crash, beside its second try.
class LeaseQueueDiskDeathTest : public testing::TestWithParam<bool> {
 protected:
  LeaseQueueDiskDeathTest() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    // The process that dies finds the directory of the one that looks on.
    const std::string variable =
        absl::StrCat("LENSCAP_TEST_QUEUE_", GetParam() ? 1 : 0);
    setenv(variable.c_str(), MakeTempDirectory().c_str(), /*overwrite=*/0);
    directory_ = getenv(variable.c_str());
  }

  void FailTryAgainAndDie() {
    const auto queue = LeaseQueue::Open({.directory = directory_});
    if (GetParam() && !*(*queue)->Submit("before", "payload", 0)) _exit(1);
    TestDisk::SetMode(TestDisk::Mode::kFullSyncs);
    if ((*queue)->Submit("again", "first", 0).ok()) _exit(2);
    TestDisk::SetMode(TestDisk::Mode::kSound);
    while (!(*queue)->Submit("again", "second", 0).ok()) {
      (*queue)->WaitForWork(absl::Milliseconds(50));
    }
    raise(SIGKILL);
  }

  std::string directory_;
};

TEST_P(LeaseQueueDiskDeathTest, ASubmitThatFailedAndWasTriedAgainIsOneItem) {
  EXPECT_EXIT(FailTryAgainAndDie(), testing::KilledBySignal(SIGKILL), "");
  const auto queue = LeaseQueue::Open({.directory = directory_});
  ASSERT_TRUE(queue.ok()) << queue.status();
  const auto claims = (*queue)->ClaimItems("holder", 10, kMinute);
  ASSERT_EQ(claims->size(), GetParam() ? 2 : 1);
  EXPECT_EQ(claims->back().item.id, "again");
  EXPECT_EQ(claims->back().item.payload, "second");
}

INSTANTIATE_TEST_SUITE_P(AfterOthers, LeaseQueueDiskDeathTest, testing::Bool());

}  // namespace
}  // namespace lenscap
