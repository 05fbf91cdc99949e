#include "takedown/clocks.h"

#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/campaign.h"
#include "takedown/review_policy.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);
constexpr absl::Duration kHour = absl::Hours(1);

v1::ReviewPolicy PolicyOf(const std::string& clocks) {
  const auto policy =
      ParseReviewPolicy(absl::StrCat("version: \"v\" ", clocks));
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

const char kTwoClocks[] = R"(
    clocks { name: "known" queues: CASE_QUEUE_KNOWN_CLIP start: START_DETECTION
             limit { seconds: 86400 }
             alert_before { seconds: 28800 } alert_before { seconds: 7200 } }
    clocks { name: "report" start: START_REPORT limit { seconds: 172800 }
             alert_before { seconds: 86400 } }
    clocks { name: "appeal" queues: CASE_QUEUE_APPEAL start: START_DETECTION
             limit { seconds: 1209600 } })";

v1::Case KnownClip() {
  v1::Case opened;
  opened.set_queue(v1::CASE_QUEUE_KNOWN_CLIP);
  opened.set_tenant("forum");
  return opened;
}

// All that are due.
std::vector<v1::Clock> GiveAlerts(const v1::ReviewPolicy& policy,
                                  absl::Time now, v1::Case& opened) {
  std::vector<v1::Clock> given;
  while (auto clock = GiveAlert(policy, now, opened)) {
    given.push_back(*std::move(clock));
  }
  return given;
}

std::vector<std::string> NamesOf(const v1::Case& opened) {
  std::vector<std::string> names;
  for (const v1::Clock& clock : opened.clocks()) names.push_back(clock.name());
  return names;
}

TEST(ClockTest, StartsFromTheDetectionAndFromTheReport) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart, .reported = kStart - 40 * kHour},
              opened);
  // The report leaves 8 h, the detection 24 h: soonest first.
  ASSERT_THAT(NamesOf(opened), ElementsAre("report", "known"));
  EXPECT_EQ(TimeOf(opened.clocks(0).start()), kStart - 40 * kHour);
  EXPECT_EQ(TimeOf(opened.clocks(0).deadline()), kStart + 8 * kHour);
  EXPECT_EQ(TimeOf(opened.clocks(1).deadline()), kStart + 24 * kHour);
  EXPECT_EQ(NextDeadline(opened), kStart + 8 * kHour);
}

TEST(ClockTest, RulesOfOtherQueuesAndTenantsDoNotFit) {
  const v1::ReviewPolicy policy = PolicyOf(R"(
      clocks { name: "theirs" tenant: "other" start: START_DETECTION
               limit { seconds: 60 } }
      clocks { name: "appeals" queues: CASE_QUEUE_APPEAL start: START_DETECTION
               limit { seconds: 60 } }
      clocks { name: "ours" tenant: "forum" start: START_DETECTION
               limit { seconds: 60 } })");
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  EXPECT_THAT(NamesOf(opened), ElementsAre("ours"));
}

TEST(ClockTest, TheFirstUploadThatWaitsSetsTheDeadline) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  StartClocks(policy, {.detected = kStart + 5 * kHour}, opened);
  ASSERT_THAT(NamesOf(opened), ElementsAre("known"));
  EXPECT_EQ(NextDeadline(opened), kStart + 24 * kHour);
  // A report that comes to hand late was made earlier.
  StartClocks(policy,
              {.detected = kStart + 6 * kHour, .reported = kStart + kHour},
              opened);
  StartClocks(policy, {.detected = kStart + 7 * kHour, .reported = kStart},
              opened);
  ASSERT_THAT(NamesOf(opened), ElementsAre("known", "report"));
  EXPECT_EQ(TimeOf(opened.clocks(1).deadline()), kStart + 48 * kHour);
}

TEST(ClockTest, NobodyReportsInTheFutureOrBeforeTheWeb) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  for (const absl::Time reported :
       {kStart + 100 * kHour, absl::InfiniteFuture()}) {
    v1::Case opened = KnownClip();
    StartClocks(policy, {.detected = kStart, .reported = reported}, opened);
    EXPECT_EQ(TimeOf(opened.clocks(1).start()), kStart);
  }
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart, .reported = absl::InfinitePast()},
              opened);
  EXPECT_EQ(TimeOf(opened.clocks(0).start()),
            absl::FromUnixSeconds(946'684'800));
}

TEST(ClockTest, IsMetByTheLastDecisionAndRunsOnWhenThatIsUndone) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  MeetClocks(kStart + kHour + absl::Nanoseconds(5), opened);
  EXPECT_EQ(TimeOf(opened.clocks(0).met()), kStart + kHour);
  EXPECT_EQ(NextDeadline(opened), absl::InfiniteFuture());
  EXPECT_EQ(NextAlert(policy, opened), absl::InfiniteFuture());
  ResumeClocks(kStart + kHour + absl::Nanoseconds(5), opened);
  EXPECT_EQ(NextDeadline(opened), kStart + 24 * kHour);
  // Another decision's time resumes nothing.
  MeetClocks(kStart + 2 * kHour, opened);
  ResumeClocks(kStart + kHour, opened);
  EXPECT_EQ(NextDeadline(opened), absl::InfiniteFuture());
}

TEST(ClockTest, ACaseThatIsDecidedLaterAgainKeepsWhenItWasMet) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  MeetClocks(kStart + kHour, opened);
  MeetClocks(kStart + 100 * kHour, opened);
  EXPECT_EQ(TimeOf(opened.clocks(0).met()), kStart + kHour);
  EXPECT_FALSE(IsMissed(opened.clocks(0), kStart + 200 * kHour));
}

TEST(ClockTest, AnAppealAndALaterUploadHaveClocksOfTheirOwn) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  MeetClocks(kStart + kHour, opened);
  StartClocks(policy, {.detected = kStart + 90 * kHour}, opened);
  ASSERT_THAT(NamesOf(opened), ElementsAre("known", "known"));
  EXPECT_EQ(NextDeadline(opened), kStart + 114 * kHour);
  MeetClocks(kStart + 91 * kHour, opened);
  opened.set_queue(v1::CASE_QUEUE_APPEAL);
  StartClocks(policy, {.detected = kStart + 100 * kHour}, opened);
  ASSERT_THAT(NamesOf(opened), ElementsAre("known", "known", "appeal"));
}

TEST(ClockTest, WarnsOnceEachBeforeTheDeadlineAndAtIt) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  std::vector<int> hours;
  for (int hour = 0; hour < 100; ++hour) {
    const absl::Time now = kStart + hour * kHour;
    const bool due = NextAlert(policy, opened) <= now;
    const auto given = GiveAlerts(policy, now, opened);
    EXPECT_EQ(due, !given.empty());
    if (given.empty()) continue;
    hours.push_back(hour);
    EXPECT_EQ(given[0].name(), "known");
    EXPECT_EQ(TimeOf(given[0].alerted()), now);
  }
  EXPECT_THAT(hours, ElementsAre(16, 22, 24));
}

TEST(ClockTest, WhatFellDueWhileTheServerWasDownIsOneWarning) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  EXPECT_EQ(GiveAlerts(policy, kStart + 23 * kHour, opened).size(), 1);
  EXPECT_THAT(GiveAlerts(policy, kStart + 23 * kHour, opened), IsEmpty());
  EXPECT_EQ(NextAlert(policy, opened), kStart + 24 * kHour);
}

TEST(ClockTest, AWarningBetweenTwoMicrosecondsIsGivenOnce) {
  const v1::ReviewPolicy policy = PolicyOf(R"(
      clocks { name: "c" start: START_DETECTION limit { seconds: 60 }
               alert_before { seconds: 30 nanos: 500 } })");
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  const absl::Time now = kStart + absl::Seconds(30) - absl::Nanoseconds(400);
  EXPECT_EQ(GiveAlerts(policy, now, opened).size(), 1);
  EXPECT_THAT(GiveAlerts(policy, now, opened), IsEmpty());
}

TEST(ClockTest, AClockWhoseRuleHasGoneWarnsAtItsDeadline) {
  v1::Case opened = KnownClip();
  StartClocks(PolicyOf(kTwoClocks), {.detected = kStart}, opened);
  EXPECT_EQ(NextAlert(PolicyOf(""), opened), kStart + 24 * kHour);
}

TEST(ClockTest, RaisesThePriorityWithEachWarningUpToItsBound) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  EXPECT_EQ(ClockBoost(opened), 0);
  GiveAlerts(policy, kStart + 16 * kHour, opened);
  EXPECT_EQ(ClockBoost(opened), 200);
  GiveAlerts(policy, kStart + 22 * kHour, opened);
  EXPECT_EQ(ClockBoost(opened), 275);
  GiveAlerts(policy, kStart + 1000 * kHour, opened);
  EXPECT_EQ(ClockBoost(opened), kMaxClockBoost);
  MeetClocks(kStart + 1001 * kHour, opened);
  EXPECT_EQ(ClockBoost(opened), 0);
}

TEST(ClockTest, IsMissedOnceTheDeadlineHasPassed) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  StartClocks(policy, {.detected = kStart}, opened);
  const v1::Clock& clock = opened.clocks(0);
  EXPECT_FALSE(IsMissed(clock, kStart + 24 * kHour));
  EXPECT_TRUE(IsMissed(clock, kStart + 24 * kHour + absl::Microseconds(1)));
  MeetClocks(kStart + 25 * kHour, opened);
  EXPECT_TRUE(IsMissed(clock, kStart));
}

TEST(ClockTest, ACaseKeepsItsLatestClocksWithinABound) {
  const v1::ReviewPolicy policy = PolicyOf(kTwoClocks);
  v1::Case opened = KnownClip();
  for (int round = 0; round < 300; ++round) {
    StartClocks(policy, {.detected = kStart + round * kHour}, opened);
    if (round < 299) MeetClocks(kStart + round * kHour + kHour / 2, opened);
  }
  EXPECT_EQ(opened.clocks_size(), 256);
  EXPECT_EQ(TimeOf(opened.clocks(0).start()), kStart + 44 * kHour);
  EXPECT_EQ(NextDeadline(opened), kStart + 323 * kHour);
}

// A model that knows of each clock when it began, and asks of every minute
// whether somebody is to be warned.
class ClockModel {
 public:
  explicit ClockModel(const v1::ReviewPolicy& policy) : policy_(policy) {}

  void Start(absl::Time detected, std::optional<absl::Time> reported) {
    for (const v1::ClockRule& rule : policy_.clocks()) {
      const bool of_report = rule.start() == v1::ClockRule::START_REPORT;
      if (of_report && !reported) continue;
      const absl::Time start = of_report ? *reported : detected;
      const auto [running, is_new] = running_.emplace(rule.name(), start);
      if (!is_new) running->second = std::min(running->second, start);
      if (is_new) last_.erase(rule.name());
    }
  }
  void Meet() { running_.clear(); }
  std::set<std::string> Alerts(absl::Time now) {
    std::set<std::string> warned;
    for (const v1::ClockRule& rule : policy_.clocks()) {
      const auto running = running_.find(rule.name());
      if (running == running_.end()) continue;
      const absl::Time deadline = running->second + LengthOf(rule.limit());
      const auto last = last_.find(rule.name());
      const absl::Time since =
          last == last_.end() ? absl::InfinitePast() : last->second;
      bool due = since < deadline && deadline <= now;
      for (const auto& before : rule.alert_before()) {
        const absl::Time alert = deadline - LengthOf(before);
        due |= since < alert && alert <= now;
      }
      if (due) warned.insert(rule.name());
    }
    for (const std::string& name : warned) last_[name] = now;
    return warned;
  }
  absl::Time Soonest() const {
    absl::Time soonest = absl::InfiniteFuture();
    for (const v1::ClockRule& rule : policy_.clocks()) {
      const auto running = running_.find(rule.name());
      if (running == running_.end()) continue;
      soonest = std::min(soonest, running->second + LengthOf(rule.limit()));
    }
    return soonest;
  }

 private:
  const v1::ReviewPolicy policy_;
  std::map<std::string, absl::Time> running_;  // When they began.
  std::map<std::string, absl::Time> last_;     // When they warned.
};

v1::ReviewPolicy RandomPolicy(std::mt19937& random) {
  v1::ReviewPolicy policy = PolicyOf("");
  const int rules = 1 + random() % 4;
  for (int i = 0; i < rules; ++i) {
    v1::ClockRule& rule = *policy.add_clocks();
    rule.set_name(absl::StrCat("clock", i));
    rule.set_start(random() % 2 ? v1::ClockRule::START_DETECTION
                                : v1::ClockRule::START_REPORT);
    const int minutes = 2 + random() % 500;
    rule.mutable_limit()->set_seconds(60 * minutes);
    std::set<int> before;
    for (int alerts = random() % 4; alerts > 0; --alerts) {
      before.insert(1 + random() % (minutes - 1));
    }
    for (const int alert : before) {
      rule.add_alert_before()->set_seconds(60 * alert);
    }
  }
  return policy;
}

TEST(ClockTest, AgreesWithAModelThatAsksOfEveryMinute) {
  for (int seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const v1::ReviewPolicy policy = RandomPolicy(random);
    ClockModel model(policy);
    v1::Case opened = KnownClip();
    absl::Time now = kStart;
    for (int step = 0; step < 300; ++step) {
      now += absl::Minutes(random() % 30);
      const int what = random() % 10;
      if (what == 0) {
        std::optional<absl::Time> reported;
        if (random() % 2) reported = now - absl::Minutes(random() % 100);
        model.Start(now, reported);
        StartClocks(policy, {.detected = now, .reported = reported}, opened);
      } else if (what == 1) {
        model.Meet();
        MeetClocks(now, opened);
      }
      std::set<std::string> warned;
      for (const v1::Clock& clock : GiveAlerts(policy, now, opened)) {
        EXPECT_TRUE(warned.insert(clock.name()).second);
      }
      ASSERT_EQ(warned, model.Alerts(now)) << "seed " << seed << " at " << step;
      ASSERT_EQ(NextDeadline(opened), model.Soonest());
      ASSERT_GT(NextAlert(policy, opened), now);
      ASSERT_GE(ClockBoost(opened), 0);
      ASSERT_LE(ClockBoost(opened), kMaxClockBoost);
    }
  }
}

}  // namespace
}  // namespace lenscap
