// The queue beside its model: thousands of random operations, every answer
// compared, with reopenings in between.

#include "tests/base/lease_queue_model.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "base/lease_queue.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;

constexpr int kSteps = 4000;
constexpr int kMaxDeliveries = 3;
constexpr int kIds = 40;

std::string ToText(const std::vector<LeaseQueueModel::Told>& events) {
  std::string text;
  for (const auto& [kind, id, time] : events) {
    absl::StrAppend(&text, static_cast<int>(kind), " ", id, " ",
                    absl::ToUnixMicros(time), "\n");
  }
  return text;
}

class LeaseQueueModelTest : public testing::TestWithParam<int> {
 protected:
  LeaseQueueModelTest() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    tokens_.push_back(std::string(48, '0'));
    OpenQueue();
  }

  void OpenQueue() {
    queue_.reset();
    auto queue = LeaseQueue::Open({.directory = directory_,
                                   .max_deliveries = kMaxDeliveries,
                                   .clock = &clock_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  int Random(int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(random_);
  }
  std::string RandomId() { return absl::StrCat("id", Random(kIds)); }
  std::string RandomPayload() { return std::string(Random(20), 'p'); }
  std::string RandomLane() { return std::string(Random(3), 'l'); }
  absl::Duration RandomDuration() { return absl::Seconds(1 + Random(60)); }
  // Mostly a recent one.
  const std::string& RandomToken() {
    const int size = static_cast<int>(tokens_.size());
    const int back = Random(4) == 0 ? Random(size) : Random(std::min(size, 8));
    return tokens_[size - 1 - back];
  }

  void Step();
  void Submit();
  void Claim();
  void UseToken();
  void ClaimOne();
  void SettleWaiting();
  void AmendPayload();
  void Revise();
  void Reopen();
  void CompareItem(const std::string& id);
  void CompareList(State state);
  void CompareEvents();
  void CompareStats();

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<LeaseQueue> queue_;
  LeaseQueueModel model_{kMaxDeliveries, &clock_};
  std::vector<std::string> tokens_;
  std::mt19937 random_{static_cast<uint32_t>(GetParam())};
};

void LeaseQueueModelTest::Submit() {
  const std::string id = RandomId();
  const std::string payload = RandomPayload();
  const int priority = Random(5) - 2;
  EXPECT_EQ(*queue_->Submit(id, payload, priority),
            model_.Submit(id, payload, priority));
}

void LeaseQueueModelTest::Claim() {
  const int max = 1 + Random(3);
  const absl::Duration duration = RandomDuration();
  const bool even_only = Random(2) == 0;
  const LeaseQueue::Accept accept = [](const LeaseQueue::Item& item) {
    return item.payload.size() % 2 == 0;
  };
  const std::string without = Random(2) == 0 ? "" : RandomLane();
  const LeaseQueue::Lanes lanes = [&](absl::string_view lane) {
    return lane != without;
  };
  const auto claims = queue_->ClaimItems(
      "holder", max, duration, even_only ? accept : LeaseQueue::Accept(),
      without.empty() ? LeaseQueue::Lanes() : lanes);
  ASSERT_TRUE(claims.ok()) << claims.status();
  const auto ids = model_.Claim("holder", max, duration, even_only, without);
  ASSERT_EQ(claims->size(), ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(claims->at(i).item.id, ids[i]);
    tokens_.push_back(claims->at(i).token);
    model_.SetToken(ids[i], claims->at(i).token);
    CompareItem(ids[i]);
  }
}

void LeaseQueueModelTest::UseToken() {
  const std::string token = RandomToken();
  const absl::Duration duration = RandomDuration();
  const std::string payload = RandomPayload();
  absl::Status status;
  bool expected = false;
  switch (Random(5)) {
    case 0:
      status = queue_->Extend(token, duration).status();
      expected = model_.Extend(token, duration);
      break;
    case 1:
      status = queue_->Release(token);
      expected = model_.Release(token);
      break;
    case 2:
      status = queue_->Settle(token, payload).status();
      expected = model_.Settle(token, payload);
      break;
    case 3:
      status = queue_->Claimed(token).status();
      expected = model_.Claimed(token);
      break;
    case 4:
      status = queue_->Unclaim(token);
      expected = model_.Unclaim(token);
      break;
  }
  EXPECT_EQ(status.ok(), expected) << status;
  EXPECT_EQ(absl::IsAborted(status), !expected) << status;
}

void LeaseQueueModelTest::ClaimOne() {
  const std::string id = RandomId();
  const absl::Duration duration = RandomDuration();
  const auto claim = queue_->ClaimItem(id, "holder", duration);
  EXPECT_EQ(claim.status().code(), model_.ClaimItem(id, "holder", duration));
  if (!claim.ok()) return;
  EXPECT_EQ(claim->item.payload, model_.Get(id)->payload);
  tokens_.push_back(claim->token);
  model_.SetToken(id, claim->token);
  CompareItem(id);
}

void LeaseQueueModelTest::SettleWaiting() {
  const std::string id = RandomId();
  const std::string payload = RandomPayload();
  EXPECT_EQ(queue_->SettleWaiting(id, payload).status().code(),
            model_.SettleWaiting(id, payload));
}

void LeaseQueueModelTest::AmendPayload() {
  const std::string id = RandomId();
  const auto amended = queue_->AmendPayload(
      id, [](const LeaseQueue::Item& item) { return item.payload + "+"; });
  EXPECT_EQ(amended.status().code(), model_.AmendPayload(id, "+"));
}

void LeaseQueueModelTest::Revise() {
  const LeaseQueueModel::Change change{
      .next = static_cast<LeaseQueue::Revision::Next>(Random(4)),
      .suffix = std::string(Random(3), '+'),
      .priority = Random(5) - 2,
      .lane = RandomLane(),
      .lease = RandomDuration(),
      .tell = Random(2) == 0};
  const LeaseQueue::Revise revise = [&](const LeaseQueue::Item& item,
                                        const LeaseQueue::Sides&) {
    LeaseQueue::Revision revision{.payload = item.payload + change.suffix,
                                  .priority = change.priority,
                                  .lane = change.lane,
                                  .next = change.next,
                                  .lease = change.lease,
                                  .holder = "holder"};
    if (change.tell) revision.event = "told";
    return revision;
  };
  if (Random(2) == 0) {
    const std::string id = RandomId();
    EXPECT_EQ(queue_->ReviseItem(id, revise).status().code(),
              model_.ReviseItem(id, change));
  } else {
    const std::string token = RandomToken();
    EXPECT_EQ(queue_->ReviseClaim(token, revise).status().code(),
              model_.ReviseClaim(token, change));
  }
}

void LeaseQueueModelTest::Reopen() {
  const std::string id = RandomId();
  const std::string payload = RandomPayload();
  const int priority = Random(5) - 2;
  EXPECT_EQ(queue_->Reopen(id, payload, priority).status().code(),
            model_.Reopen(id, payload, priority));
}

void LeaseQueueModelTest::CompareItem(const std::string& id) {
  const auto item = queue_->Get(id);
  const LeaseQueue::Item* const expected = model_.Get(id);
  ASSERT_EQ(item.ok(), expected != nullptr) << item.status();
  if (!item.ok()) return;
  EXPECT_EQ(item->payload, expected->payload);
  EXPECT_EQ(item->priority, expected->priority);
  EXPECT_EQ(item->state, expected->state);
  EXPECT_EQ(item->submitted, expected->submitted);
  EXPECT_EQ(item->deliveries, expected->deliveries);
  EXPECT_EQ(item->holder, expected->holder);
  EXPECT_EQ(item->lease_end, expected->lease_end);
  EXPECT_EQ(item->settled, expected->settled);
  EXPECT_EQ(item->lane, expected->lane);
  EXPECT_EQ(item->leased_for, expected->leased_for);
}

void LeaseQueueModelTest::CompareList(State state) {
  const int limit = 1 + Random(10);
  std::vector<std::string> ids;
  std::string after;
  do {
    const auto page = queue_->List(state, after, limit);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& item : page->items) ids.push_back(item.id);
    after = page->next;
  } while (!after.empty());
  EXPECT_EQ(ids, model_.List(state));
}

void LeaseQueueModelTest::CompareEvents() {
  // The model tells of deaths when it is asked, the queue when it looks.
  ASSERT_TRUE(queue_->ExpireLeases().ok());
  std::vector<LeaseQueueModel::Told> told;
  uint64_t after = 0;
  while (true) {
    const auto events = queue_->Events(after, 1 + Random(50), {});
    ASSERT_TRUE(events.ok()) << events.status();
    if (events->empty()) break;
    for (const auto& event : *events) {
      EXPECT_GT(event.sequence, after);
      after = event.sequence;
      told.push_back({event.kind, event.id, event.time});
    }
  }
  EXPECT_EQ(ToText(told), ToText(model_.events()));
}

void LeaseQueueModelTest::CompareStats() {
  const auto stats = queue_->GetStats();
  const LeaseQueue::Stats expected = model_.GetStats();
  EXPECT_EQ(stats->waiting, expected.waiting);
  EXPECT_EQ(stats->leased, expected.leased);
  EXPECT_EQ(stats->settled, expected.settled);
  EXPECT_EQ(stats->dead, expected.dead);
  EXPECT_EQ(stats->oldest_waiting, expected.oldest_waiting);
}

void LeaseQueueModelTest::Step() {
  const int dice = Random(200);
  if (dice < 40) {
    Submit();
  } else if (dice < 70) {
    Claim();
  } else if (dice < 78) {
    ClaimOne();
  } else if (dice < 80) {
    SettleWaiting();
  } else if (dice < 84) {
    AmendPayload();
  } else if (dice < 100) {
    Revise();
  } else if (dice < 140) {
    UseToken();
  } else if (dice < 150) {
    Reopen();
  } else if (dice < 160) {
    clock_.Advance(RandomDuration() / 4);
  } else if (dice < 170) {
    CompareItem(RandomId());
  } else if (dice < 180) {
    CompareList(static_cast<State>(1 + Random(4)));
  } else if (dice < 188) {
    CompareStats();
  } else if (dice < 192) {
    CompareEvents();
  } else if (dice < 195) {
    const absl::Time before = clock_.Now() - 5 * RandomDuration();
    CompareEvents();
    EXPECT_EQ(*queue_->Purge(before), model_.Purge(before));
  } else if (dice < 197) {
    OpenQueue();
  }
}

TEST_P(LeaseQueueModelTest, EveryAnswerIsTheModels) {
  for (int i = 0; i < kSteps && !HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("step ", i));
    Step();
  }
  for (const State state :
       {State::kWaiting, State::kLeased, State::kSettled, State::kDead}) {
    CompareList(state);
  }
  for (int i = 0; i < kIds; ++i) CompareItem(absl::StrCat("id", i));
  CompareStats();
  CompareEvents();
}

INSTANTIATE_TEST_SUITE_P(Seeds, LeaseQueueModelTest, testing::Range(0, 6));

}  // namespace
}  // namespace lenscap
