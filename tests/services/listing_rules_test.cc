// Packs of rules on a server: published, switched, and what the log has of it.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "audit/audit_log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/rule_pack_handler.h"
#include "tests/lists/signers.h"
#include "tests/services/issued_list.h"
#include "tests/services/listing_server.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

v1::PublishRulePackRequest Signed(const std::string& pack) {
  v1::PublishRulePackRequest request;
  request.set_pack(pack);
  request.set_signatures(SignedBy({2, 3}, pack));
  return request;
}

// Version 2, in which a rule has another name.
std::string NextPack() {
  return absl::StrReplaceAll(kTestPack, {{"version: 1", "version: 2"},
                                         {"id: in-charger", "id: charger"}});
}

class ListingRulesTest : public ListingServerTest {
 protected:
  absl::StatusOr<v1::RulePack> Publish(
      const v1::PublishRulePackRequest& request) {
    return Call(stub().get(), &Stub::PublishRulePack, request);
  }
  v1::ListRulePacksReply List() {
    const auto reply =
        Call(stub().get(), &Stub::ListRulePacks, v1::ListRulePacksRequest());
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(v1::ListRulePacksReply());
  }
  absl::StatusOr<v1::RulePack> SetMode(const std::string& rule,
                                       v1::Rule::Mode mode,
                                       const std::string& reason = "why") {
    v1::SetRuleModeRequest request;
    request.set_pack_id("test-pack");
    request.set_rule_id(rule);
    request.set_mode(mode);
    request.set_reason(reason);
    return Call(stub().get(), &Stub::SetRuleMode, request);
  }
  v1::ListingReport Explain(const std::string& title) {
    const auto report =
        Call(stub().get(), &Stub::Explain, Listing("l-1", title));
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(v1::ListingReport());
  }
};

TEST_F(ListingRulesTest, APublishedPackServesFromTheNextListingOn) {
  const auto published = Publish(Signed(NextPack()));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->version(), 2);
  const v1::ListingReport report = Explain("pinhole camera in a charger");
  EXPECT_THAT(report.rule_packs(), ElementsAre("test-pack@2"));
  EXPECT_EQ(report.score(), 40);  // The rule with the new name is in shadow.
  EXPECT_EQ(report.shadow_score(), 70);
  ASSERT_TRUE(SetMode("charger", v1::Rule::MODE_ACTIVE).ok());
  EXPECT_EQ(Explain("pinhole camera in a charger").score(), 70);
  Start();
  EXPECT_EQ(Explain("pinhole camera in a charger").score(), 70);
}

TEST_F(ListingRulesTest, APackThatIsRefusedLeavesTheOneBefore) {
  v1::PublishRulePackRequest request = Signed(NextPack());
  request.set_signatures(SignedBy({2}, request.pack()));
  EXPECT_TRUE(absl::IsPermissionDenied(Publish(request).status()));
  const auto faulty = Publish(Signed(absl::StrReplaceAll(
      NextPack(),
      {{"positive: [a pinhole camera]", "positive: [a toaster]"}})));
  EXPECT_TRUE(absl::IsInvalidArgument(faulty.status())) << faulty.status();
  EXPECT_THAT(std::string(faulty.status().message()),
              HasSubstr("rule \"pinhole\""));
  request = Signed("x");
  request.clear_pack();
  EXPECT_THAT(std::string(Publish(request).status().message()),
              StartsWith("pack: expected 1 to"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Publish(
          Signed(absl::StrReplaceAll(kTestPack, {{"Rules of", "Rules for"}})))
          .status()));
  EXPECT_THAT(Explain("x").rule_packs(), ElementsAre("test-pack@1"));
}

TEST_F(ListingRulesTest, HitsOfReviewsAreCountedAndExplanationsAreNot) {
  Explain("pinhole camera");
  ReportOn(Listing("l-1", "pinhole camera"));
  ReportOn(Listing("l-2", "pinhole camera for a hotel room"));
  const v1::ListRulePacksReply packs = List();
  ASSERT_THAT(packs.packs(), SizeIs(1));
  EXPECT_TRUE(packs.packs(0).built_in());
  ASSERT_THAT(packs.packs(0).rules(), SizeIs(5));
  EXPECT_EQ(packs.packs(0).rules(0).rule_id(), "pinhole");
  EXPECT_EQ(packs.packs(0).rules(0).hits(), 2);
  EXPECT_EQ(packs.packs(0).rules(3).mode(), v1::Rule::MODE_SHADOW);
  EXPECT_EQ(packs.packs(0).rules(3).hits(), 1);
}

TEST_F(ListingRulesTest, ARuleIsSwitchedByHandForAReason) {
  ASSERT_TRUE(SetMode("pinhole", v1::Rule::MODE_OFF).ok());
  EXPECT_EQ(Explain("pinhole camera").rule_hits_size(), 0);
  EXPECT_TRUE(List().packs(0).rules(0).set_by_hand());
  EXPECT_TRUE(absl::IsInvalidArgument(
      SetMode("pinhole", v1::Rule::MODE_OFF, "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SetMode("pinhole", v1::Rule::MODE_EXPIRED).status()));
  EXPECT_TRUE(absl::IsNotFound(SetMode("none", v1::Rule::MODE_OFF).status()));
}

TEST_F(ListingRulesTest, WhatWasDoneIsOnRecord) {
  server_.reset();
  auto issuers =
      *IssuerStore::Open(options_.data_directory + "/issuers", &clock_);
  auto packs = *RulePacks::Open({.directory = MakeTempDirectory(),
                                 .built_in = {kTestPack},
                                 .issuers = issuers.get(),
                                 .clock = &clock_});
  std::vector<AuditEntry> entries;
  const RulePackRooms rooms = {.packs = packs.get(),
                               .record = [&](const AuditEntry& entry) {
                                 entries.push_back(entry);
                                 return absl::OkStatus();
                               }};
  Caller regulator;
  regulator.name = "reg";
  regulator.role = CallerRole::kRegulator;
  regulator.issuer = "Somebody else";
  EXPECT_TRUE(absl::IsPermissionDenied(
      PublishRulePack(rooms, regulator, Signed(NextPack())).status()));
  EXPECT_THAT(entries, SizeIs(0));
  regulator.issuer = kIssuer;
  ASSERT_TRUE(PublishRulePack(rooms, regulator, Signed(NextPack())).ok());
  v1::SetRuleModeRequest request;
  request.set_pack_id("test-pack");
  request.set_rule_id("charger");
  request.set_mode(v1::Rule::MODE_OFF);
  request.set_reason("too many toasters");
  ASSERT_TRUE(SetRuleMode(rooms, LocalCaller(), request).ok());
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].actor, "regulator:reg");
  EXPECT_EQ(entries[0].action, "rule_pack.publish");
  EXPECT_EQ(entries[0].subject, "rule_pack/test-pack");
  EXPECT_EQ(entries[1].action, "rule_pack.set_mode");
  EXPECT_EQ(entries[1].reason, "too many toasters");
}

}  // namespace
}  // namespace lenscap
