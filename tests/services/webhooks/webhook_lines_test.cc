#include "services/webhooks/webhook_lines.h"

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

WebhookLines::Waiting One(const std::string& line, uint64_t number,
                          absl::Time due = kNow) {
  return {.delivery_id = absl::StrCat(line, number),
          .line = line,
          .number = number,
          .due = due,
          .happened = kNow + absl::Seconds(number)};
}

std::string Taken(WebhookLines& lines, absl::Time now = kNow) {
  const auto taken = lines.Take(now);
  return taken ? taken->delivery_id : "none";
}

TEST(WebhookLinesTest, OfOneCaseTheEarlierOneGoesFirst) {
  WebhookLines lines;
  lines.Add(One("a", 2));
  lines.Add(One("a", 1));
  EXPECT_EQ(Taken(lines), "a1");
  EXPECT_EQ(Taken(lines), "none");  // While the first is under way.
  lines.Finish(One("a", 1));
  EXPECT_EQ(Taken(lines), "a2");
  lines.Finish(One("a", 2));
  EXPECT_EQ(lines.size(), 0);
  EXPECT_EQ(Taken(lines), "none");
}

TEST(WebhookLinesTest, CasesDoNotWaitForEachOther) {
  WebhookLines lines;
  lines.Add(One("a", 1));
  lines.Add(One("b", 2));
  EXPECT_EQ(Taken(lines), "a1");
  EXPECT_EQ(Taken(lines), "b2");
}

TEST(WebhookLinesTest, WhatFailedHoldsItsCaseAndNoOther) {
  WebhookLines lines;
  lines.Add(One("a", 1));
  lines.Add(One("a", 2));
  auto taken = lines.Take(kNow);
  taken->token = "claim";
  lines.Retry(*taken, kNow + absl::Hours(1));
  lines.Add(One("b", 3));
  EXPECT_EQ(Taken(lines), "b3");
  EXPECT_EQ(Taken(lines), "none");
  taken = lines.Take(kNow + absl::Hours(1));
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->delivery_id, "a1");
  EXPECT_EQ(taken->token, "claim");
}

TEST(WebhookLinesTest, HastenedOnesAreDueAtOnce) {
  WebhookLines lines;
  lines.Add(One("a", 1));
  lines.Retry(*lines.Take(kNow), kNow + absl::Hours(1));
  EXPECT_FALSE(lines.Busy(kNow));
  lines.Hasten(kNow);
  EXPECT_TRUE(lines.Busy(kNow));
  EXPECT_EQ(Taken(lines), "a1");
  EXPECT_TRUE(lines.Busy(kNow));  // Under way.
}

TEST(WebhookLinesTest, OneThatIsReplayedGoesBeforeTheLaterOnes) {
  WebhookLines lines;
  lines.Add(One("a", 5));
  lines.Add(One("a", 3));
  lines.Add(One("a", 3));  // Twice is once.
  EXPECT_EQ(lines.size(), 2);
  EXPECT_EQ(Taken(lines), "a3");
}

TEST(WebhookLinesTest, KnowsHowOldTheOldestIs) {
  WebhookLines lines;
  EXPECT_EQ(lines.Oldest(), absl::InfiniteFuture());
  lines.Add(One("a", 2));
  lines.Add(One("b", 1));
  EXPECT_EQ(lines.Oldest(), kNow + absl::Seconds(1));
  EXPECT_EQ(Taken(lines), "b1");
  EXPECT_EQ(lines.Oldest(), kNow + absl::Seconds(1));  // Not told yet.
  lines.Finish(One("b", 1));
  EXPECT_EQ(lines.Oldest(), kNow + absl::Seconds(2));
}

// Against a list that is searched from the front.
TEST(WebhookLinesTest, DoesAsAPlainListWould) {
  struct Member {
    WebhookLines::Waiting waiting;
    bool under_way = false;
  };
  std::mt19937 random(3);
  WebhookLines lines;
  std::vector<Member> model;
  absl::Time now = kNow;
  uint64_t number = 0;
  // The least of (due, number) among the first of each line.
  const auto expected = [&]() -> Member* {
    Member* best = nullptr;
    for (Member& member : model) {
      const bool blocked =
          std::any_of(model.begin(), model.end(), [&](const Member& other) {
            return other.waiting.line == member.waiting.line &&
                   (other.under_way ||
                    other.waiting.number < member.waiting.number);
          });
      if (blocked || member.waiting.due > now) continue;
      if (best == nullptr ||
          std::pair(member.waiting.due, member.waiting.number) <
              std::pair(best->waiting.due, best->waiting.number)) {
        best = &member;
      }
    }
    return best;
  };
  for (int i = 0; i < 5000; ++i) {
    now += absl::Seconds(random() % 3);
    const int what = static_cast<int>(random() % 10);
    if (what < 3) {
      model.push_back({One(absl::StrCat(random() % 5), ++number, now)});
      lines.Add(model.back().waiting);
    } else if (what < 7) {
      Member* const best = expected();
      ASSERT_EQ(Taken(lines, now),
                best == nullptr ? "none" : best->waiting.delivery_id);
      if (best != nullptr) best->under_way = true;
    } else if (what == 7 && random() % 10 == 0) {
      lines.Hasten(now);
      for (Member& member : model) {
        member.waiting.due = std::min(member.waiting.due, now);
      }
    } else {
      const auto it =
          std::find_if(model.begin(), model.end(),
                       [](const Member& member) { return member.under_way; });
      if (it == model.end()) continue;
      if (random() % 2 == 0) {
        lines.Finish(it->waiting);
        model.erase(it);
      } else {
        it->waiting.due = now + absl::Seconds(random() % 20);
        it->under_way = false;
        lines.Retry(it->waiting, it->waiting.due);
      }
    }
    ASSERT_EQ(lines.size(), model.size());
  }
}

}  // namespace
}  // namespace lenscap
