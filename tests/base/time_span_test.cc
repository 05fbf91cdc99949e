#include "base/time_span.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(TimeSpanTest, TheLengthIsFromStartToEnd) {
  EXPECT_EQ((TimeSpan{absl::Seconds(2), absl::Seconds(5)}).length(),
            absl::Seconds(3));
  EXPECT_EQ(TimeSpan{}.length(), absl::ZeroDuration());
}

TEST(TimeSpanTest, EqualSpansStartAndEndTogether) {
  const TimeSpan span{absl::Seconds(2), absl::Seconds(5)};
  EXPECT_EQ(span, (TimeSpan{absl::Seconds(2), absl::Seconds(5)}));
  EXPECT_NE(span, (TimeSpan{absl::Seconds(1), absl::Seconds(5)}));
  EXPECT_NE(span, (TimeSpan{absl::Seconds(2), absl::Seconds(6)}));
}

}  // namespace
}  // namespace lenscap
