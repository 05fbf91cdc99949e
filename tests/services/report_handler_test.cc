#include "services/report_handler.h"

#include "absl/strings/str_cat.h"
#include "audit/checkpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/accountability.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

class ReportHandlerTest : public testing::Test {
 protected:
  // A case that a list of the issuer found, taken down.
  void Remove(const std::string& content_id, const std::string& issuer) {
    v1::Case opened;
    opened.set_content_id(content_id);
    opened.set_tenant("videos");
    v1::ClipMatch& match = *opened.mutable_report()->add_matches();
    match.set_list_id(absl::StrCat("list of ", issuer));
    match.set_issuer(issuer);
    match.set_kind(v1::ClipMatch::KIND_FRAMES);
    ASSERT_TRUE(rooms_.cases->Submit(opened).ok());
    auto leases = rooms_.cases->LeaseCases("ann", 1, absl::Minutes(1));
    ASSERT_EQ(leases->size(), 1);
    ASSERT_TRUE(std::move(leases->front())
                    .Decide(v1::Decision::OUTCOME_REMOVE, "")
                    .ok());
  }

  std::unique_ptr<Accountability> Open() {
    return *Accountability::Open({.directory = rooms_.directory + "/audit",
                                  .cases = rooms_.cases.get(),
                                  .lists = rooms_.clips.get(),
                                  .news = &rooms_.news,
                                  .clock = &rooms_.clock});
  }

  Rooms rooms_;
  std::unique_ptr<Accountability> accountability_ = Open();
  ReportRooms reports_{.cases = rooms_.cases.get(),
                       .lists = rooms_.clips.get(),
                       .log = &accountability_->log(),
                       .checkpointer = &accountability_->checkpointer(),
                       .clock = &rooms_.clock};
  const Caller regulator_{.name = "hotline",
                          .role = CallerRole::kRegulator,
                          .issuer = "a",
                          .tenant = "",
                          .platform_class = "",
                          .local = false};
};

TEST_F(ReportHandlerTest, ARegulatorSeesWhatItsOwnListsFound) {
  Remove("1", "a");
  Remove("2", "a");
  Remove("3", "b");
  const auto all = CountCampaign(reports_, LocalCaller(), {});
  EXPECT_EQ(all->items_removed(), 3);
  EXPECT_EQ(all->lists_size(), 2);
  const auto own = CountCampaign(reports_, regulator_, {});
  EXPECT_EQ(own->items_removed(), 2);
  ASSERT_EQ(own->lists_size(), 1);
  EXPECT_EQ(own->lists(0).issuer(), "a");
  EXPECT_EQ(ListStatements(reports_, regulator_, {})->size(), 2);
  EXPECT_EQ(ListStatements(reports_, LocalCaller(), {})->size(), 3);
}

TEST_F(ReportHandlerTest, ARegulatorMayAskForNoOtherAndForNoTenant) {
  v1::CampaignRequest request;
  request.mutable_filter()->set_issuer("b");
  EXPECT_TRUE(absl::IsPermissionDenied(
      CountCampaign(reports_, regulator_, request).status()));
  request.mutable_filter()->set_issuer("a");
  EXPECT_TRUE(CountCampaign(reports_, regulator_, request).ok());
  request.mutable_filter()->set_tenant("videos");
  EXPECT_TRUE(absl::IsPermissionDenied(
      CountCampaign(reports_, regulator_, request).status()));
}

TEST_F(ReportHandlerTest, APeriodIsHalfOpenAndMustNotBeEmpty) {
  Remove("1", "a");
  const int64_t now = absl::ToUnixSeconds(rooms_.clock.Now());
  v1::CampaignRequest request;
  request.mutable_end()->set_seconds(now);
  EXPECT_EQ(CountCampaign(reports_, LocalCaller(), request)->items_found(), 0);
  request.mutable_start()->set_seconds(now);
  EXPECT_TRUE(absl::IsInvalidArgument(
      CountCampaign(reports_, LocalCaller(), request).status()));
  request.mutable_end()->set_seconds(now + 1);
  EXPECT_EQ(CountCampaign(reports_, LocalCaller(), request)->items_found(), 1);
}

TEST_F(ReportHandlerTest, ComplianceIsRefusedAndFilteredAsACampaignIs) {
  Remove("1", "a");
  v1::ComplianceRequest request;
  EXPECT_TRUE(CountCompliance(reports_, LocalCaller(), request).ok());
  EXPECT_TRUE(CountCompliance(reports_, regulator_, request).ok());
  request.mutable_filter()->set_issuer("b");
  EXPECT_TRUE(absl::IsPermissionDenied(
      CountCompliance(reports_, regulator_, request).status()));
  request.clear_filter();
  request.mutable_start()->set_seconds(5);
  request.mutable_end()->set_seconds(5);
  EXPECT_TRUE(absl::IsInvalidArgument(
      CountCompliance(reports_, LocalCaller(), request).status()));
}

TEST_F(ReportHandlerTest, TheAuditLogIsReadToItsEnd) {
  Remove("1", "a");
  ASSERT_TRUE(accountability_->auditor().CatchUp().ok());
  const auto records = ReadAudit(reports_, 1);
  ASSERT_EQ(records->size(), 2);
  EXPECT_EQ(records->at(0).action(), "case.open");
  EXPECT_EQ(records->at(1).details().at("outcome"), "remove");
  EXPECT_TRUE(DecodeAuditLine(records->at(1).line()).ok());
  EXPECT_TRUE(ReadAudit(reports_, 3)->empty());
}

TEST_F(ReportHandlerTest, CheckpointsComeOnRequestAndOnceAnHour) {
  const std::string directory = rooms_.directory + "/audit";
  const auto made = accountability_->checkpointer().Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const auto key = *PublicKeyFromPem(made->public_key_pem());
  EXPECT_EQ(OpenCheckpoint(made->line(), key)->sequence, 1);
  EXPECT_EQ(ReadPublicKey(directory + "/public.pem")->bytes, key.bytes);
  const auto count = [&] {
    return ReadCheckpoints(CheckpointsPath(directory), key)->size();
  };
  EXPECT_EQ(count(), 1);
  Remove("1", "a");
  accountability_->Tick();
  EXPECT_EQ(count(), 1);
  rooms_.clock.Advance(absl::Hours(1));
  accountability_->Tick();
  accountability_->Tick();
  EXPECT_EQ(count(), 2);
  // The next process goes on with the same key, and from there.
  accountability_.reset();
  accountability_ = Open();
  rooms_.clock.Advance(absl::Hours(1));
  accountability_->Tick();
  EXPECT_EQ(count(), 2);
}

}  // namespace
}  // namespace lenscap
