#include "services/web/attempts.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

class AttemptsTest : public testing::Test {
 protected:
  bool May(const std::string& address) {
    if (attempts_.Wait(address) > absl::ZeroDuration()) return false;
    attempts_.Count(address);
    return true;
  }

  FakeClock clock_;
  Attempts attempts_{{.per_hour = 3, .addresses = 2, .clock = &clock_}};
};

TEST_F(AttemptsTest, AnAddressMaySoOftenAnHour) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(May("192.0.2.1"));
  EXPECT_FALSE(May("192.0.2.1"));
  EXPECT_EQ(attempts_.Wait("192.0.2.1"), absl::Minutes(20));
  EXPECT_TRUE(May("192.0.2.2"));
  clock_.Advance(absl::Minutes(20));
  EXPECT_TRUE(May("192.0.2.1"));
  EXPECT_FALSE(May("192.0.2.1"));
}

TEST_F(AttemptsTest, ASiteInIpv6IsOneAddress) {
  for (const char* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
    EXPECT_TRUE(May(address));
  }
  EXPECT_FALSE(May("2001:db8::4"));
  EXPECT_TRUE(May("2001:db8:0:1::1"));
}

TEST_F(AttemptsTest, AddressesBeyondThoseToldApartShareOneAccount) {
  EXPECT_TRUE(May("192.0.2.1"));
  EXPECT_TRUE(May("192.0.2.2"));
  EXPECT_TRUE(May("192.0.2.3"));
  EXPECT_TRUE(May("192.0.2.4"));
  EXPECT_TRUE(May("192.0.2.5"));
  EXPECT_FALSE(May("192.0.2.6"));
  EXPECT_TRUE(May("192.0.2.1"));
  clock_.Advance(absl::Hours(1));
  EXPECT_TRUE(May("192.0.2.6")) << "those that are full again are forgotten";
}

}  // namespace
}  // namespace lenscap
