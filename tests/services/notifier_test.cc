#include "services/notifier.h"

#include "gtest/gtest.h"
#include "services/admission.h"
#include "services/throttle.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

TEST(NotifierTest, EachSubscriberOfATopicIsWoken) {
  Notifier notifier;
  int first = 0, second = 0, other = 0;
  notifier.Subscribe("a", [&] { ++first; });
  notifier.Subscribe("a", [&] { ++second; });
  notifier.Subscribe("b", [&] { ++other; });
  notifier.Notify("a");
  notifier.Notify("nobody's");
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(other, 0);
  notifier.NotifyAll();
  EXPECT_EQ(first, 2);
  EXPECT_EQ(other, 1);
}

TEST(NotifierTest, WhoUnsubscribedIsNotWoken) {
  Notifier notifier;
  int gone = 0, there = 0;
  const uint64_t id = notifier.Subscribe("a", [&] { ++gone; });
  notifier.Subscribe("a", [&] { ++there; });
  notifier.Unsubscribe("a", id);
  notifier.Unsubscribe("a", id);  // Again is no harm.
  notifier.Notify("a");
  EXPECT_EQ(gone, 0);
  EXPECT_EQ(there, 1);
}

TEST(ThrottleTest, ItSaysYesOncePerInterval) {
  FakeClock clock;
  Throttle throttle(&clock, absl::Milliseconds(250));
  EXPECT_TRUE(throttle.Due());
  EXPECT_FALSE(throttle.Due());
  clock.Advance(absl::Milliseconds(249));
  EXPECT_FALSE(throttle.Due());
  clock.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(throttle.Due());
  EXPECT_FALSE(throttle.Due());
}

TEST(AdmissionTest, AFullHouseRefusesUntilSomebodyLeaves) {
  Admission admission(2);
  auto first = admission.Enter();
  auto second = admission.Enter();
  ASSERT_TRUE(first.ok() && second.ok());
  const auto refused = admission.Enter();
  EXPECT_TRUE(absl::IsResourceExhausted(refused.status()));
  first->reset();
  EXPECT_TRUE(admission.Enter().ok());
}

}  // namespace
}  // namespace lenscap
