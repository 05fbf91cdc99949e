#include "services/web/session_store.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

class SessionStoreTest : public testing::Test {
 protected:
  FakeClock clock_;
  SessionStore store_{{.longest = absl::Hours(12),
                       .idle = absl::Minutes(60),
                       .per_token = 2,
                       .sessions = 4,
                       .clock = &clock_}};
};

TEST_F(SessionStoreTest, WhoHasTheIdHasTheSession) {
  const std::string id = store_.Open("lc_ada");
  const auto session = store_.Use(id);
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->token, "lc_ada");
  EXPECT_EQ(session->csrf.size(), 43u);
  EXPECT_EQ(store_.Use(id)->csrf, session->csrf);
  EXPECT_FALSE(store_.Use("").has_value());
  EXPECT_FALSE(store_.Use("lc_ada").has_value());
  EXPECT_FALSE(store_.Use(session->csrf).has_value());
  EXPECT_FALSE(store_.Use(id.substr(1)).has_value());
}

TEST_F(SessionStoreTest, NoTwoSessionsShareASecret) {
  std::set<std::string> secrets;
  for (int i = 0; i < 4; ++i) {
    const std::string id = store_.Open("lc_" + std::to_string(i));
    secrets.insert(id);
    secrets.insert(store_.Use(id)->csrf);
  }
  EXPECT_EQ(secrets.size(), 8u);
}

TEST_F(SessionStoreTest, ASessionEndsAnHourAfterItsLastUse) {
  const std::string id = store_.Open("lc_ada");
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Minutes(59));
    EXPECT_TRUE(store_.Use(id).has_value());
  }
  clock_.Advance(absl::Minutes(60));
  EXPECT_FALSE(store_.Use(id).has_value());
  EXPECT_EQ(store_.size(), 0u);
}

TEST_F(SessionStoreTest, ASessionEndsAfterTwelveHoursHoweverBusy) {
  const std::string id = store_.Open("lc_ada");
  for (int i = 0; i < 23; ++i) {
    clock_.Advance(absl::Minutes(30));
    EXPECT_TRUE(store_.Use(id).has_value()) << i;
  }
  clock_.Advance(absl::Minutes(30));
  EXPECT_FALSE(store_.Use(id).has_value());
}

TEST_F(SessionStoreTest, SigningOutEndsThatSessionAlone) {
  const std::string one = store_.Open("lc_ada");
  const std::string other = store_.Open("lc_ada");
  store_.Close(one);
  store_.Close("no such session");
  EXPECT_FALSE(store_.Use(one).has_value());
  EXPECT_TRUE(store_.Use(other).has_value());
}

TEST_F(SessionStoreTest, OneTokenHasSoManySessionsAndTheLeastUsedGoes) {
  const std::string first = store_.Open("lc_ada");
  clock_.Advance(absl::Minutes(1));
  const std::string second = store_.Open("lc_ada");
  const std::string bens = store_.Open("lc_ben");
  clock_.Advance(absl::Minutes(1));
  EXPECT_TRUE(store_.Use(first).has_value());
  const std::string third = store_.Open("lc_ada");
  EXPECT_TRUE(store_.Use(first).has_value());
  EXPECT_FALSE(store_.Use(second).has_value());
  EXPECT_TRUE(store_.Use(bens).has_value());
  EXPECT_TRUE(store_.Use(third).has_value());
}

TEST_F(SessionStoreTest, AllTokensTogetherHaveSoManySessions) {
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    ids.push_back(store_.Open("lc_" + std::to_string(i)));
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(store_.size(), 4u);
  EXPECT_FALSE(store_.Use(ids[0]).has_value());
  EXPECT_FALSE(store_.Use(ids[1]).has_value());
  EXPECT_TRUE(store_.Use(ids[5]).has_value());
}

TEST_F(SessionStoreTest, AClockThatGoesBackEndsNothing) {
  const std::string id = store_.Open("lc_ada");
  clock_.Advance(-absl::Hours(2));
  EXPECT_TRUE(store_.Use(id).has_value());
  clock_.Advance(absl::Hours(2));
  EXPECT_TRUE(store_.Use(id).has_value());
}

// For ThreadSanitizer: every method at once.
TEST(SessionStoreThreadsTest, ManyThreadsOpenUseAndCloseSessions) {
  SessionStore store(SessionStore::Options{.per_token = 4, .sessions = 64});
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&store, &lost, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string id = store.Open("lc_" + std::to_string(t));
        if (!store.Use(id).has_value()) ++lost;
        store.Close(id);
        if (store.Use(id).has_value()) ++lost;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(store.size(), 0u);
}

TEST(SameSecretTest, ComparesAllOfBothAndNeverWhatIsEmpty) {
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_FALSE(SameSecret("abc", "abd"));
  EXPECT_FALSE(SameSecret("abc", "ab"));
  EXPECT_FALSE(SameSecret("", ""));
}

}  // namespace
}  // namespace lenscap
