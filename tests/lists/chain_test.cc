#include "lists/chain.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/lists/clips.h"

namespace lenscap {
namespace {

using testing::StartsWith;

Sha256 Filled(uint8_t byte) {
  Sha256 digest;
  digest.fill(byte);
  return digest;
}

const absl::Time kIssued = SomeEnvelope().issued;
const absl::Time kNow = kIssued + absl::Hours(1);

ListHead Head() {
  return {.list_id = "list",
          .issuer = "Hotline Example",
          .version = 3,
          .sha256 = Filled(3),
          .issued = kIssued - absl::Hours(1)};
}

ListEnvelope NextEnvelope() {
  ListEnvelope envelope = SomeEnvelope();
  envelope.version = 4;
  envelope.previous_sha256 = Filled(3);
  return envelope;
}

absl::StatusOr<ChainStep> Check(const ListEnvelope& envelope,
                                absl::Time now = kNow) {
  return CheckChain(envelope, Filled(4), Head(), now);
}

template <typename Change>
ListEnvelope With(Change change) {
  ListEnvelope envelope = NextEnvelope();
  change(envelope);
  return envelope;
}

void ExpectRefused(const ListEnvelope& envelope, absl::StatusCode code,
                   const std::string& message, absl::Time now = kNow) {
  const absl::Status status = Check(envelope, now).status();
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), StartsWith(message));
}

constexpr auto kChain = absl::StatusCode::kFailedPrecondition;
constexpr auto kField = absl::StatusCode::kInvalidArgument;

TEST(ChainTest, TheNextVersionFollows) {
  EXPECT_EQ(Check(NextEnvelope()).value(), ChainStep::kNext);
}

TEST(ChainTest, TheFirstVersionStartsAList) {
  EXPECT_EQ(CheckChain(SomeEnvelope(), Filled(1), ListHead(), kNow).value(),
            ChainStep::kNext);
  const absl::Status gap =
      CheckChain(NextEnvelope(), Filled(1), ListHead(), kNow).status();
  EXPECT_THAT(std::string(gap.message()), StartsWith("version: gap"));
}

TEST(ChainTest, TheSameBytesAreAlreadyThere) {
  const auto same = With([](auto& e) { e.version = 3; });
  EXPECT_EQ(CheckChain(same, Filled(3), Head(), kNow).value(),
            ChainStep::kAlreadyThere);
  // Also once it has expired: nothing is asked for.
  EXPECT_EQ(CheckChain(same, Filled(3), Head(), absl::InfiniteFuture()).value(),
            ChainStep::kAlreadyThere);
}

TEST(ChainTest, ForksGapsAndReplaysAreToldApart) {
  ExpectRefused(With([](auto& e) { e.version = 3; }), kChain,
                "version: fork: version 3 is here already");
  ExpectRefused(With([](auto& e) { e.previous_sha256 = Filled(9); }), kChain,
                "previous_sha256: fork: version 3 here is the file 0303");
  ExpectRefused(With([](auto& e) { e.previous_sha256.reset(); }), kChain,
                "previous_sha256: fork");
  ExpectRefused(With([](auto& e) { e.version = 5; }), kChain,
                "version: gap: version 4 comes next, got 5");
  ExpectRefused(With([](auto& e) { e.version = 2; }), kChain,
                "version: replay: version 3 is here already, got 2");
}

TEST(ChainTest, AnotherListOrIssuerIsRefused) {
  ExpectRefused(With([](auto& e) { e.list_id = "other"; }), kChain, "list_id:");
  ExpectRefused(With([](auto& e) { e.issuer = "Another"; }), kChain, "issuer:");
}

TEST(ChainTest, ClocksMayBeFiveMinutesApart) {
  EXPECT_TRUE(Check(NextEnvelope(), kIssued - absl::Minutes(5)).ok());
  ExpectRefused(NextEnvelope(), kField, "issued: 2025-06-15T15:06:40+00:00 is",
                kIssued - absl::Minutes(5) - absl::Seconds(1));
}

TEST(ChainTest, WhatIsOlderThanTheHeadIsRefused) {
  ExpectRefused(With([](auto& e) { e.issued -= absl::Hours(2); }), kField,
                "issued: ");
  // Two versions of one second are none the worse.
  EXPECT_TRUE(Check(With([](auto& e) { e.issued = *Head().issued; })).ok());
}

TEST(ChainTest, AnExpiredListIsRefused) {
  const absl::Time expires = NextEnvelope().terms.expires;
  EXPECT_TRUE(Check(NextEnvelope(), expires - absl::Seconds(1)).ok());
  ExpectRefused(NextEnvelope(), kField, "expires: ", expires);
}

}  // namespace
}  // namespace lenscap
