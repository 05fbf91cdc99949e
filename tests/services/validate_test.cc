#include "services/validate.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "proto/lenscap/v1/common.pb.h"

namespace lenscap {
namespace {

google::protobuf::Duration Seconds(int64_t seconds, int32_t nanos = 0) {
  google::protobuf::Duration duration;
  duration.set_seconds(seconds);
  duration.set_nanos(nanos);
  return duration;
}

TEST(ValidateTest, BoundsAreIncluded) {
  EXPECT_TRUE(CheckRange("n", 1, 1, 3).ok());
  EXPECT_TRUE(CheckRange("n", 3, 1, 3).ok());
  EXPECT_EQ(CheckRange("n", 0, 1, 3),
            absl::InvalidArgumentError("n: expected 1 to 3, got 0"));
  EXPECT_EQ(CheckRange("n", 4, 1, 3),
            absl::InvalidArgumentError("n: expected 1 to 3, got 4"));
  EXPECT_TRUE(CheckLength("s", "", 0, 3).ok());
  EXPECT_TRUE(CheckLength("s", "abc", 1, 3).ok());
  EXPECT_EQ(CheckLength("s", "", 1, 3),
            absl::InvalidArgumentError("s: expected 1 to 3 bytes, got 0"));
  EXPECT_EQ(CheckLength("s", "abcd", 1, 3),
            absl::InvalidArgumentError("s: expected 1 to 3 bytes, got 4"));
}

TEST(ValidateTest, ListIdsHaveTheirAlphabet) {
  EXPECT_TRUE(CheckListId("list_id", "kr.hotline-2_a").ok());
  EXPECT_TRUE(CheckListId("list_id", std::string(64, 'a')).ok());
  for (const std::string& bad :
       {std::string(), std::string(65, 'a'), std::string("Upper"),
        std::string("a b"), std::string("a/b"), std::string("a:b"),
        std::string("\0", 1), std::string("\xc3\xa9")}) {
    const absl::Status status = CheckListId("list_id", bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad;
    EXPECT_EQ(status.message().substr(0, 9), "list_id: ");
  }
}

TEST(ValidateTest, EntryIdsHaveTheirAlphabet) {
  EXPECT_TRUE(CheckEntryId("entry_id", "sha256:00ffAB.x-y_z").ok());
  EXPECT_TRUE(CheckEntryId("entry_id", std::string(128, 'Z')).ok());
  for (const std::string& bad :
       {std::string(), std::string(129, 'a'), std::string("a b"),
        std::string("a/b"), std::string("a\n")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckEntryId("entry_id", bad))) << bad;
  }
}

TEST(ValidateTest, WhatCameIsShownEscapedAndCut) {
  const absl::Status status =
      CheckListId("list_id", "\"\n" + std::string(1000, 'A'));
  EXPECT_NE(status.message().find(R"(\"\n)"), absl::string_view::npos);
  EXPECT_LT(status.message().size(), 300);
}

TEST(ValidateTest, OnlyKnownEnumValuesPass) {
  EXPECT_TRUE(
      CheckEnum("severity", v1::SEVERITY_CRITICAL, v1::Severity_IsValid).ok());
  EXPECT_FALSE(
      CheckEnum("severity", v1::SEVERITY_UNSPECIFIED, v1::Severity_IsValid)
          .ok());
  EXPECT_EQ(
      CheckEnum("severity", static_cast<v1::Severity>(99),
                v1::Severity_IsValid),
      absl::InvalidArgumentError("severity: expected a known value, got 99"));
}

TEST(ValidateTest, DurationsAreBounded) {
  const auto check = [](const google::protobuf::Duration& duration) {
    return CheckDuration("duration", duration, absl::Seconds(1),
                         absl::Hours(1));
  };
  EXPECT_EQ(*check(Seconds(1)), absl::Seconds(1));
  EXPECT_EQ(*check(Seconds(2, 500'000'000)), absl::Milliseconds(2500));
  EXPECT_EQ(*check(Seconds(3600)), absl::Hours(1));
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  for (const auto& bad :
       {Seconds(0), Seconds(0, 999'999'999), Seconds(3600, 1), Seconds(-5),
        Seconds(kMax), Seconds(-kMax), Seconds(kMax, 2'000'000'000)}) {
    EXPECT_TRUE(absl::IsInvalidArgument(check(bad).status()))
        << bad.ShortDebugString();
  }
}

TEST(ValidateTest, APageHasAHundredItemsUnlessToldOtherwise) {
  EXPECT_EQ(*CheckPageSize("page_size", 0), 100);
  EXPECT_EQ(*CheckPageSize("page_size", 1000), 1000);
  EXPECT_FALSE(CheckPageSize("page_size", 1001).ok());
  EXPECT_FALSE(CheckPageSize("page_size", -1).ok());
}

}  // namespace
}  // namespace lenscap
