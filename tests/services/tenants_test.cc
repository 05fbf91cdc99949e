#include "services/tenants.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/limit_status.h"
#include "services/token_bucket.h"
#include "tests/support/fake_clock.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TenantsTest : public testing::Test {
 protected:
  Tenants Make(TenantLimits limits, size_t max_tenants = 100,
               int max_waiting = 0) {
    return Tenants({.limits = limits,
                    .max_tenants = max_tenants,
                    .max_waiting_scans = max_waiting,
                    .clock = &clock_});
  }
  FakeClock clock_;
};

TEST(TokenBucketTest, ItHoldsAnHoursWorthAndRefillsSteadily) {
  const absl::Time start = absl::FromUnixSeconds(1'000'000);
  TokenBucket bucket(3600, start);
  EXPECT_TRUE(bucket.Take(3600, start));
  EXPECT_FALSE(bucket.Take(1, start));
  EXPECT_EQ(bucket.Until(60, start), absl::Minutes(1));
  EXPECT_EQ(bucket.Until(3601, start), absl::InfiniteDuration());
  EXPECT_FALSE(bucket.Take(60, start + absl::Seconds(59)));
  EXPECT_TRUE(bucket.Take(60, start + absl::Seconds(60)));
  EXPECT_FALSE(bucket.full(start + absl::Minutes(60)));
  EXPECT_TRUE(bucket.full(start + absl::Minutes(61)));
  EXPECT_FALSE(bucket.Take(3601, start + absl::Hours(1000)));
}

TEST(TokenBucketTest, DebtIsWaitedOff) {
  const absl::Time start = absl::FromUnixSeconds(1'000'000);
  TokenBucket bucket(3600, start);
  bucket.Charge(3 * 3600, start);
  EXPECT_EQ(bucket.Until(0, start), absl::Hours(2));
  EXPECT_FALSE(bucket.Take(1, start + absl::Hours(2)));
  EXPECT_TRUE(bucket.Take(1, start + absl::Hours(2) + absl::Seconds(1)));
}

TEST(TokenBucketTest, AClockThatGoesBackRefillsNothing) {
  const absl::Time start = absl::FromUnixSeconds(1'000'000);
  TokenBucket bucket(3600, start);
  EXPECT_TRUE(bucket.Take(3600, start));
  EXPECT_FALSE(bucket.Take(1, start - absl::Hours(1)));
  EXPECT_FALSE(bucket.Take(1, start));
}

TEST(TokenBucketTest, WithoutABoundAllIsThere) {
  TokenBucket bucket(0, absl::UnixEpoch());
  bucket.Charge(1e18, absl::UnixEpoch());
  EXPECT_TRUE(bucket.Take(1e18, absl::UnixEpoch()));
  EXPECT_TRUE(bucket.full(absl::UnixEpoch()));
}

TEST_F(TenantsTest, UploadsAreBoundedForEachAlone) {
  Tenants tenants = Make({.uploads = 1});
  auto first = tenants.Get("a")->EnterUpload();
  ASSERT_TRUE(first.ok());
  const absl::Status refused = tenants.Get("a")->EnterUpload().status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(refused.message(),
            "tenant \"a\" has 1 uploads open, as many as it may: "
            "try again in 1s");
  EXPECT_EQ(LimitOf(refused), kTenantUploadsLimit);
  EXPECT_EQ(RetryAfterOf(refused), "1");
  EXPECT_TRUE(tenants.Get("b")->EnterUpload().ok());
  first->reset();
  EXPECT_TRUE(tenants.Get("a")->EnterUpload().ok());
}

TEST_F(TenantsTest, NoNameIsTheTenantDefault) {
  Tenants tenants = Make({});
  EXPECT_EQ(tenants.Get(""), tenants.Get("default"));
  EXPECT_EQ(tenants.Get("")->key(), "default");
  EXPECT_NE(tenants.Get(""), tenants.Get("other"));
}

TEST_F(TenantsTest, WaitingScansAreBoundedForEachAndForAll) {
  Tenants tenants = Make({.waiting_scans = 2}, 100, /*max_waiting=*/3);
  const auto a = tenants.Get("a");
  auto first = a->EnterWaiting();
  const auto second = a->EnterWaiting();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(LimitOf(a->EnterWaiting().status()), kTenantWaitingScansLimit);
  const auto third = tenants.Get("b")->EnterWaiting();
  ASSERT_TRUE(third.ok());
  const absl::Status full = tenants.Get("c")->EnterWaiting().status();
  EXPECT_EQ(LimitOf(full), kWaitingScansLimit);
  EXPECT_THAT(std::string(full.message()), HasSubstr("3 scans waiting"));
  first->reset();
  EXPECT_TRUE(tenants.Get("c")->EnterWaiting().ok());
}

TEST_F(TenantsTest, WhatWasAcceptedBeforeKeepsItsPlaceBeyondTheBound) {
  Tenants tenants = Make({.waiting_scans = 1});
  const auto a = tenants.Get("a");
  std::vector<Tenant::Place> places = {a->StayWaiting(), a->StayWaiting()};
  EXPECT_FALSE(a->EnterWaiting().ok());
  places.pop_back();
  EXPECT_FALSE(a->EnterWaiting().ok());
  places.pop_back();
  EXPECT_TRUE(a->EnterWaiting().ok());
}

TEST_F(TenantsTest, BytesAreAllowedByTheHour) {
  Tenants tenants = Make({.bytes_per_hour = 3600});
  const auto a = tenants.Get("a");
  EXPECT_TRUE(a->TakeBytes(3600).ok());
  const absl::Status refused = a->TakeBytes(10);
  EXPECT_EQ(refused.message(),
            "tenant \"a\" may upload 3600 bytes an hour, and has not 10 left: "
            "try again in 10s");
  EXPECT_EQ(LimitOf(refused), kTenantBytesLimit);
  EXPECT_TRUE(tenants.Get("b")->TakeBytes(10).ok());
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(a->TakeBytes(10).ok());
  a->GiveBackBytes(10);
  EXPECT_TRUE(a->TakeBytes(10).ok());
}

TEST_F(TenantsTest, MoreThanAnHoursBytesIsNoMatterOfTime) {
  Tenants tenants = Make({.bytes_per_hour = 3600});
  const absl::Status refused = tenants.Get("a")->TakeBytes(3601);
  EXPECT_EQ(RetryAfterOf(refused), "");
  EXPECT_EQ(refused.message(),
            "tenant \"a\" may upload 3600 bytes an hour, and has not 3601 "
            "left");
}

TEST_F(TenantsTest, DecodingIsChargedAfterwardsAndRefusedBefore) {
  Tenants tenants = Make({.decode_per_hour = absl::Minutes(30)});
  const auto a = tenants.Get("a");
  EXPECT_TRUE(a->CheckDecode().ok());
  a->ChargeDecode(absl::Minutes(29));
  EXPECT_TRUE(a->CheckDecode().ok());
  a->ChargeDecode(absl::Minutes(2));
  const absl::Status refused = a->CheckDecode();
  EXPECT_EQ(LimitOf(refused), kTenantDecodeLimit);
  EXPECT_EQ(refused.message(),
            "tenant \"a\" has used up the 30m an hour that its videos may take "
            "to decode: try again in 121s");
  EXPECT_TRUE(tenants.Get("b")->CheckDecode().ok());
  clock_.Advance(absl::Seconds(121));
  EXPECT_TRUE(a->CheckDecode().ok());
}

TEST_F(TenantsTest, WithoutBoundsNothingIsRefused) {
  Tenants tenants = Make({.uploads = 0, .waiting_scans = 0});
  const auto a = tenants.Get("a");
  std::vector<Tenant::Place> places;
  for (int i = 0; i < 20'000; ++i) {
    const auto upload = a->EnterUpload();
    const auto waiting = a->EnterWaiting();
    ASSERT_TRUE(upload.ok() && waiting.ok());
    places.push_back(*upload);
    places.push_back(*waiting);
  }
  EXPECT_TRUE(a->TakeBytes(int64_t{1} << 60).ok());
  a->ChargeDecode(absl::Hours(1'000'000));
  EXPECT_TRUE(a->CheckDecode().ok());
}

TEST_F(TenantsTest, InventedNamesAreForgotten) {
  Tenants tenants = Make({}, /*max_tenants=*/10);
  const auto kept = tenants.Get("kept");
  for (int i = 0; i < 100'000; ++i) tenants.Get(absl::StrCat("name", i));
  EXPECT_EQ(tenants.size(), 10);
  EXPECT_EQ(tenants.Get("kept"), kept) << "it is in use";
}

TEST_F(TenantsTest, WhoUsesSomethingIsNotForgotten) {
  Tenants tenants = Make({.bytes_per_hour = 3600}, /*max_tenants=*/2);
  ASSERT_TRUE(tenants.Get("a")->TakeBytes(3600).ok());
  for (int i = 0; i < 100; ++i) tenants.Get(absl::StrCat("name", i));
  EXPECT_FALSE(tenants.Get("a")->TakeBytes(1).ok());
  clock_.Advance(absl::Hours(1));
  for (int i = 0; i < 100; ++i) tenants.Get(absl::StrCat("name", i));
  EXPECT_TRUE(tenants.Get("a")->TakeBytes(3600).ok());
}

TEST_F(TenantsTest, NamesBeyondTheBoundShareOneAccount) {
  Tenants tenants = Make({.uploads = 1}, /*max_tenants=*/2);
  const auto a = tenants.Get("a")->EnterUpload();
  const auto b = tenants.Get("b")->EnterUpload();
  const auto c = tenants.Get("c")->EnterUpload();
  ASSERT_TRUE(a.ok() && b.ok() && c.ok());
  EXPECT_EQ(tenants.Get("c"), tenants.Get("d"));
  EXPECT_THAT(std::string(tenants.Get("d")->EnterUpload().status().message()),
              StartsWith("whoever has no account of its own has"));
  EXPECT_EQ(tenants.size(), 2);
}

TEST_F(TenantsTest, ManyThreadsNeverExceedABound) {
  Tenants tenants = Make({.uploads = 3, .waiting_scans = 3}, 4, 5);
  std::vector<std::thread> threads;
  std::atomic<int> uploads = 0, waiting = 0, most_uploads = 0, most_waiting = 0;
  const auto enter = [](std::atomic<int>& now, std::atomic<int>& most) {
    const int count = ++now;
    int seen = most;
    while (seen < count && !most.compare_exchange_weak(seen, count)) {
    }
  };
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; ++i) {
        const auto tenant = tenants.Get(t % 2 == 0 ? "a" : "b");
        auto upload = tenant->EnterUpload();
        auto place = tenant->EnterWaiting();
        if (upload.ok() && t % 2 == 0) enter(uploads, most_uploads);
        if (place.ok()) enter(waiting, most_waiting);
        if (upload.ok() && t % 2 == 0) --uploads;
        if (place.ok()) --waiting;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most_uploads, 3);
  EXPECT_LE(most_waiting, 5);
  EXPECT_GT(most_waiting, 0);
}

TEST(ValidateTenantTest, NamesArePrintableAndShort) {
  EXPECT_TRUE(ValidateTenant("t", "").ok());
  EXPECT_TRUE(ValidateTenant("t", "Shop 1 (eu-west)!").ok());
  EXPECT_TRUE(ValidateTenant("t", std::string(64, 'x')).ok());
  for (const std::string& name :
       {std::string(65, 'x'), std::string("a\n"), std::string("caf\xc3\xa9"),
        std::string(1, '\0'), std::string("\x7f")}) {
    const absl::Status status = ValidateTenant("header.tenant", name);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_THAT(std::string(status.message()),
                StartsWith("header.tenant: expected at most 64 bytes of "
                           "printable ASCII, got \""));
  }
}

}  // namespace
}  // namespace lenscap
