#include "base/time_tally.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000'000'007);

TEST(TimeTallyTest, CountsWhatIsAtOrBeforeAMoment) {
  TimeTally tally;
  tally.Add(kStart);
  tally.Add(kStart);
  tally.Add(kStart + absl::Seconds(1));
  tally.Add(kStart + absl::Hours(3));
  EXPECT_EQ(tally.CountUpTo(kStart - absl::Microseconds(1)), 0);
  EXPECT_EQ(tally.CountUpTo(kStart), 2);
  EXPECT_EQ(tally.CountUpTo(kStart + absl::Hours(2)), 3);
  EXPECT_EQ(tally.CountUpTo(absl::InfiniteFuture()), 4);
  EXPECT_EQ(tally.CountUpTo(absl::InfinitePast()), 0);
}

TEST(TimeTallyTest, KnowsTheEarliestUntilNoneIsLeft) {
  TimeTally tally;
  EXPECT_EQ(tally.earliest(), absl::InfiniteFuture());
  tally.Add(kStart + absl::Hours(1));
  tally.Add(kStart);
  EXPECT_EQ(tally.earliest(), kStart);
  tally.Remove(kStart);
  EXPECT_EQ(tally.earliest(), kStart + absl::Hours(1));
  tally.Remove(kStart + absl::Hours(1));
  EXPECT_EQ(tally.earliest(), absl::InfiniteFuture());
  EXPECT_EQ(tally.size(), 0);
}

TEST(TimeTallyTest, AgreesWithCountingOneByOne) {
  std::mt19937 random(1);
  const auto moment = [&] {
    // Before and after 1970, often in the same minute.
    return absl::UnixEpoch() +
           absl::Milliseconds(static_cast<int>(random() % 600'000) - 300'000);
  };
  TimeTally tally;
  std::vector<absl::Time> model;
  for (int step = 0; step < 5'000; ++step) {
    if (model.empty() || random() % 3 != 0) {
      model.push_back(moment());
      tally.Add(model.back());
    } else {
      std::swap(model[random() % model.size()], model.back());
      tally.Remove(model.back());
      model.pop_back();
    }
    const absl::Time end = moment();
    ASSERT_EQ(tally.CountUpTo(end),
              std::count_if(model.begin(), model.end(),
                            [&](absl::Time time) { return time <= end; }));
  }
}

}  // namespace
}  // namespace lenscap
