#include "takedown/review_policy.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

std::string WithFields(const std::string& fields) {
  return absl::StrCat("version: \"v\" ", fields);
}
// A policy of one clock with these further fields.
std::string WithClock(const std::string& fields) {
  return WithFields(absl::StrCat("clocks { name: \"c\" ", fields, " }"));
}
constexpr char kSound[] = "start: START_DETECTION limit { seconds: 3600 } ";

TEST(ReviewPolicyTest, EveryFieldIsRead) {
  const auto policy = ParseReviewPolicy(R"(
    version: "2026-01"
    clocks {
      name: "day"
      queues: CASE_QUEUE_KNOWN_CLIP
      queues: CASE_QUEUE_APPEAL
      tenant: "forum"
      start: START_REPORT
      limit { seconds: 86400 }
      alert_before { seconds: 3600 }
      alert_before { seconds: 60 }
    }
    undo_window { seconds: 5 nanos: 500000000 }
    second_review_share: 0.25
    golden_share: 0.125
    exposure_budget { seconds: 600 }
    exposure_notice: 0.5
    strike_expiry { seconds: 1000 }
    grouping_window { seconds: 2000 }
    max_case_uploads: 30
    keep_stills_decided { seconds: 4000 }
    keep_stills { seconds: 5000 }
    fallback: FALLBACK_ALLOW)");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->version(), "2026-01");
  ASSERT_EQ(policy->clocks_size(), 1);
  EXPECT_EQ(policy->clocks(0).queues(1), v1::CASE_QUEUE_APPEAL);
  EXPECT_EQ(policy->clocks(0).tenant(), "forum");
  EXPECT_EQ(LengthOf(policy->clocks(0).limit()), absl::Hours(24));
  EXPECT_EQ(LengthOf(policy->clocks(0).alert_before(1)), absl::Minutes(1));
  EXPECT_EQ(LengthOf(policy->undo_window()), absl::Milliseconds(5500));
  EXPECT_EQ(policy->second_review_share(), 0.25);
  EXPECT_EQ(policy->golden_share(), 0.125);
  EXPECT_EQ(policy->exposure_notice(), 0.5);
  EXPECT_EQ(LengthOf(policy->strike_expiry()), absl::Seconds(1000));
  EXPECT_EQ(LengthOf(policy->grouping_window()), absl::Seconds(2000));
  EXPECT_EQ(policy->max_case_uploads(), 30);
  EXPECT_EQ(LengthOf(policy->keep_stills_decided()), absl::Seconds(4000));
  EXPECT_EQ(LengthOf(policy->keep_stills()), absl::Seconds(5000));
  EXPECT_EQ(policy->fallback(), v1::FALLBACK_ALLOW);
}

TEST(ReviewPolicyTest, WhatIsAbsentIsFilledInAsTheProtoSays) {
  const auto policy = ParseReviewPolicy(WithFields(""));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->clocks().empty());
  EXPECT_EQ(LengthOf(policy->undo_window()), absl::Seconds(10));
  EXPECT_EQ(policy->second_review_share(), 0);
  EXPECT_EQ(policy->golden_share(), 0);
  EXPECT_EQ(LengthOf(policy->exposure_budget()), absl::Minutes(30));
  EXPECT_EQ(policy->exposure_notice(), 0.8);
  EXPECT_EQ(LengthOf(policy->strike_expiry()), absl::Hours(24 * 90));
  EXPECT_EQ(LengthOf(policy->grouping_window()), absl::Hours(24 * 7));
  EXPECT_EQ(policy->max_case_uploads(), 10'000);
  EXPECT_EQ(LengthOf(policy->keep_stills_decided()), absl::Hours(24 * 30));
  EXPECT_EQ(LengthOf(policy->keep_stills()), absl::Hours(24 * 180));
  EXPECT_EQ(policy->fallback(), v1::FALLBACK_HOLD);
}

TEST(ReviewPolicyTest, ZeroIsNotTheSameAsAbsent) {
  const auto policy = ParseReviewPolicy(
      WithFields("undo_window {} exposure_notice: 0 keep_stills_decided {}"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(LengthOf(policy->undo_window()), absl::ZeroDuration());
  EXPECT_EQ(policy->exposure_notice(), 0);
  EXPECT_EQ(LengthOf(policy->keep_stills_decided()), absl::ZeroDuration());
}

TEST(ReviewPolicyTest, StillsOfDecidedCasesAreNeverKeptLongerThanAll) {
  const auto policy =
      ParseReviewPolicy(WithFields("keep_stills { seconds: 86400 }"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(LengthOf(policy->keep_stills_decided()), absl::Hours(24));
}

TEST(ReviewPolicyTest, BoundsAreIncluded) {
  for (const std::string& text : {
           WithClock("start: START_DETECTION limit { seconds: 60 }"),
           WithClock("start: START_REPORT limit { seconds: 31536000 }"),
           WithClock(absl::StrCat(kSound, "alert_before { seconds: 3599 }")),
           WithFields("undo_window { seconds: 600 }"),
           WithFields("second_review_share: 1"),
           WithFields("golden_share: 0.5"),
           WithFields("exposure_notice: 1"),
           WithFields("max_case_uploads: 1000000"),
       }) {
    EXPECT_TRUE(ParseReviewPolicy(text).ok())
        << ParseReviewPolicy(text).status() << text;
  }
}

TEST(ReviewPolicyTest, WhatIsOutOfBoundsIsRefusedByItsName) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"", "version has 0 characters"},
      {absl::StrCat("version: \"", std::string(65, 'x'), "\""), "version"},
      {WithClock("start: START_DETECTION"), "clocks[0] \"c\": limit"},
      {WithClock("start: START_DETECTION limit { seconds: 59 }"), "limit"},
      {WithClock("start: START_DETECTION limit { seconds: 31536001 }"),
       "limit"},
      {WithClock("start: START_DETECTION limit { seconds: 60 nanos: -1 }"),
       "limit"},
      {WithClock("start: START_DETECTION limit { seconds: 9223372036854775807 "
                 "nanos: 2147483647 }"),
       "limit"},
      {WithClock("limit { seconds: 3600 }"), "start is 0"},
      {WithClock(absl::StrCat(kSound, "queues: CASE_QUEUE_UNSPECIFIED")),
       "queues has 0"},
      {WithClock(absl::StrCat(kSound, "queues: 9")), "queues"},
      {WithClock(
           absl::StrCat(kSound, "tenant: \"", std::string(65, 't'), "\"")),
       "tenant"},
      {WithClock(absl::StrCat(kSound, "alert_before {}")), "alert_before"},
      {WithClock(absl::StrCat(kSound, "alert_before { seconds: 3600 }")),
       "alert_before"},
      {WithClock(absl::StrCat(kSound,
                              "alert_before { seconds: 60 } "
                              "alert_before { seconds: 60 }")),
       "alert_before has 1m twice"},
      {WithFields(absl::StrCat("clocks { name: \"c\" ", kSound,
                               "} clocks { name: \"c\" ", kSound, "}")),
       "clocks[1] \"c\": name is that of another clock"},
      {WithFields("undo_window { seconds: 601 }"), "undo_window"},
      {WithFields("undo_window { seconds: -1 }"), "undo_window"},
      {WithFields("second_review_share: 1.01"), "second_review_share"},
      {WithFields("second_review_share: nan"), "second_review_share is nan"},
      {WithFields("golden_share: 0.51"), "golden_share"},
      {WithFields("exposure_budget {}"), "exposure_budget"},
      {WithFields("exposure_notice: -0.1"), "exposure_notice"},
      {WithFields("strike_expiry {}"), "strike_expiry"},
      {WithFields("max_case_uploads: -1"), "max_case_uploads"},
      {WithFields("max_case_uploads: 1000001"), "max_case_uploads"},
      {WithFields("keep_stills { seconds: 60 } "
                  "keep_stills_decided { seconds: 61 }"),
       "keep_stills_decided"},
      {WithFields("fallback: 4"), "fallback"},
      {WithFields("second_revue_share: 1"), "line 1"},
      {"version: \"\xff\"", ""},
      {std::string((1 << 20) + 1, '#'), "1048577 bytes"},
  };
  for (const auto& [text, named] : faults) {
    const auto policy = ParseReviewPolicy(text);
    EXPECT_TRUE(absl::IsInvalidArgument(policy.status()))
        << policy.status() << text.substr(0, 100);
    EXPECT_THAT(policy.status().message(), HasSubstr(named));
  }
}

TEST(ReviewPolicyTest, AFileIsReadAndItsFaultsNameIt) {
  const std::string path = absl::StrCat(MakeTempDirectory(), "/review");
  EXPECT_TRUE(absl::IsNotFound(LoadReviewPolicy(path).status()));
  std::ofstream(path) << WithFields("golden_share: 0.1");
  const auto policy = LoadReviewPolicy(path);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->golden_share(), 0.1);
  std::ofstream(path) << WithFields("golden_share: 2");
  EXPECT_THAT(LoadReviewPolicy(path).status().message(), HasSubstr(path));
}

}  // namespace
}  // namespace lenscap
