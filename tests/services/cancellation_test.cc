#include "services/cancellation.h"

#include <future>
#include <memory>

#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

TEST(CancellationTest, TheFirstReasonCounts) {
  Cancellation cancellation;
  EXPECT_TRUE(cancellation.status().ok());
  EXPECT_FALSE(*cancellation.flag());
  cancellation.Cancel(absl::CancelledError("first"));
  cancellation.Cancel(absl::AbortedError("second"));
  EXPECT_EQ(cancellation.status(), absl::CancelledError("first"));
  EXPECT_TRUE(cancellation.cancelled());
  EXPECT_TRUE(*cancellation.flag());
}

TEST(CancellationTest, TheHookIsCalledOnce) {
  Cancellation cancellation;
  int calls = 0;
  cancellation.SetHook([&] {
    EXPECT_TRUE(cancellation.cancelled());
    ++calls;
  });
  EXPECT_EQ(calls, 0);
  cancellation.Cancel(absl::CancelledError(""));
  cancellation.Cancel(absl::CancelledError(""));
  EXPECT_EQ(calls, 1);
}

TEST(CancellationTest, AHookThatComesLateIsCalledAtOnce) {
  Cancellation cancellation;
  cancellation.Cancel(absl::CancelledError(""));
  int calls = 0;
  cancellation.SetHook([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(CancellationTest, AHookThatWasTakenAwayIsNotCalled) {
  Cancellation cancellation;
  int calls = 0;
  cancellation.SetHook([&] { ++calls; });
  cancellation.SetHook(nullptr);
  cancellation.Cancel(absl::CancelledError(""));
  cancellation.SetHook(nullptr);
  EXPECT_EQ(calls, 0);
}

TEST(WatchdogTest, WorkPastItsDeadlineIsCancelled) {
  FakeClock clock;
  std::promise<void> cancelled;
  Watchdog watchdog(&clock);
  const auto late = std::make_shared<Cancellation>();
  const auto early = std::make_shared<Cancellation>();
  late->SetHook([&] { cancelled.set_value(); });
  watchdog.Limit(early, absl::Minutes(31));
  watchdog.Limit(late, absl::Minutes(30));
  clock.Advance(absl::Minutes(30));
  cancelled.get_future().wait();
  EXPECT_EQ(late->status(), absl::DeadlineExceededError("not done within 30m"));
  EXPECT_FALSE(early->cancelled());
}

TEST(WatchdogTest, WorkThatIsGoneIsLeftAlone) {
  FakeClock clock;
  std::promise<void> cancelled;
  Watchdog watchdog(&clock);
  watchdog.Limit(std::make_shared<Cancellation>(), absl::Minutes(1));
  const auto work = std::make_shared<Cancellation>();
  work->SetHook([&] { cancelled.set_value(); });
  watchdog.Limit(work, absl::Minutes(1));
  clock.Advance(absl::Minutes(2));
  cancelled.get_future().wait();
}

}  // namespace
}  // namespace lenscap
