#include "base/status_macros.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

absl::Status Pass(const absl::Status& status, bool& went_on) {
  RETURN_IF_ERROR(status);
  went_on = true;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Join(absl::StatusOr<std::string> a,
                                 absl::StatusOr<std::string> b) {
  ASSIGN_OR_RETURN(std::string joined, a);
  ASSIGN_OR_RETURN(const std::string& other, b);
  joined += other;
  // To what is there already, too.
  ASSIGN_OR_RETURN(joined, absl::StatusOr<std::string>(joined + "."));
  return joined;
}

TEST(StatusMacrosTest, AnErrorEndsTheFunction) {
  bool went_on = false;
  EXPECT_EQ(Pass(absl::AbortedError("a"), went_on), absl::AbortedError("a"));
  EXPECT_FALSE(went_on);
}

TEST(StatusMacrosTest, OkGoesOn) {
  bool went_on = false;
  EXPECT_EQ(Pass(absl::OkStatus(), went_on), absl::OkStatus());
  EXPECT_TRUE(went_on);
}

TEST(StatusMacrosTest, AValueIsAssigned) { EXPECT_EQ(*Join("a", "b"), "ab."); }

TEST(StatusMacrosTest, TheFirstErrorIsReturned) {
  EXPECT_EQ(Join(absl::NotFoundError("a"), absl::InternalError("b")).status(),
            absl::NotFoundError("a"));
  EXPECT_EQ(Join("a", absl::InternalError("b")).status(),
            absl::InternalError("b"));
}

TEST(StatusMacrosTest, WhatCanOnlyBeMovedIsMoved) {
  const auto take = []() -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(
        const std::unique_ptr<int> value,
        absl::StatusOr<std::unique_ptr<int>>(std::make_unique<int>(7)));
    return *value;
  };
  EXPECT_EQ(*take(), 7);
}

}  // namespace
}  // namespace lenscap
