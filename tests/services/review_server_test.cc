// The review policy at work in a whole server.

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "proto/lenscap/v1/report.grpc.pb.h"
#include "services/metrics.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

using Takedown = v1::TakedownService::Stub;

class ReviewServerTest : public testing::Test {
 protected:
  ReviewServerTest() {
    options_.data_directory = MakeTempDirectory();
    options_.scan_workers = 1;
    options_.clock = &clock_;
    options_.metrics = metrics_;
    server_ = *Server::Start(options_);
    channel_ = server_->InProcessChannel();
    takedown_ = v1::TakedownService::NewStub(channel_);
    const auto published =
        PublishFootage(channel_, "list", "entry", KnownClip());
    EXPECT_TRUE(published.ok()) << published.status();
  }

  // The case of an excerpt of the known clip.
  std::string OpenCase(const std::string& content_id) {
    const auto report = ScanBytes(channel_, DisguisedExcerpt(), content_id);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->case_id() : "";
  }
  void DecideOne() {
    v1::LeaseRequest request;
    request.set_reviewer("ann");
    const auto leased = Call(takedown_.get(), &Takedown::Lease, request);
    ASSERT_TRUE(leased.ok()) << leased.status();
    ASSERT_EQ(leased->leases_size(), 1);
    v1::DecideRequest decision;
    decision.set_lease_token(leased->leases(0).lease_token());
    decision.set_outcome(v1::Decision::OUTCOME_REMOVE);
    const auto decided = Call(takedown_.get(), &Takedown::Decide, decision);
    ASSERT_TRUE(decided.ok()) << decided.status();
  }
  v1::ComplianceReply Compliance() {
    const auto stub = v1::ReportService::NewStub(channel_);
    const auto reply = Call(stub.get(), &v1::ReportService::Stub::Compliance,
                            v1::ComplianceRequest());
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(v1::ComplianceReply());
  }

  FakeClock clock_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
  std::unique_ptr<Takedown> takedown_;
};

TEST_F(ReviewServerTest, WarnsBeforeADeadlineAndProvesWhatWasMet) {
  const std::string id = OpenCase("upload-1");
  EXPECT_EQ(Compliance().clocks(0).running(), 1);
  clock_.Advance(absl::Hours(23));
  const auto told = WatchCases(channel_, 0, 2);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->back().kind(), v1::CaseEvent::KIND_CLOCK);
  EXPECT_EQ(told->back().case_id(), id);
  EXPECT_EQ(told->back().clock().name(), "known-clip-24h");
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(WatchCases(channel_, told->back().sequence(), 1).ok());
  const std::string metrics =
      prometheus::TextSerializer().Serialize(metrics_->Collect());
  EXPECT_THAT(metrics, HasSubstr("lenscap_queue_cases{queue=\"known_clip\","
                                 "state=\"overdue\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("lenscap_queue_oldest_seconds{queue="
                                 "\"known_clip\"} 90000"));
  DecideOne();
  const v1::ComplianceReply reply = Compliance();
  ASSERT_EQ(reply.clocks_size(), 1);
  EXPECT_EQ(reply.clocks(0).missed(), 1);
  EXPECT_EQ(reply.clocks(0).missed_case_ids(0), id);
}

TEST_F(ReviewServerTest, GoldenCasesReviewersAndTrendsAreServed) {
  const std::string id = OpenCase("upload-1");
  DecideOne();
  v1::AddGoldenRequest golden;
  golden.set_case_id(id);
  golden.set_outcome(v1::Decision::OUTCOME_REMOVE);
  const auto added = Call(takedown_.get(), &Takedown::AddGolden, golden);
  ASSERT_TRUE(added.ok()) << added.status();
  const auto listed =
      Call(takedown_.get(), &Takedown::ListGolden, v1::ListGoldenRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->golden(0).case_id(), id);
  const auto figures = Call(takedown_.get(), &Takedown::ReviewerStats,
                            v1::ReviewerStatsRequest());
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->reviewers(0).reviewer(), "ann");
  v1::TrendsRequest request;
  request.mutable_start()->set_seconds(absl::ToUnixSeconds(clock_.Now()) - 60);
  request.mutable_end()->set_seconds(absl::ToUnixSeconds(clock_.Now()) + 60);
  request.mutable_step()->set_seconds(120);
  const auto trends = Call(takedown_.get(), &Takedown::Trends, request);
  ASSERT_TRUE(trends.ok()) << trends.status();
  EXPECT_EQ(trends->trends(0).removed(), 1);
  v1::RemoveGoldenRequest removal;
  removal.set_golden_id(added->golden_id());
  EXPECT_TRUE(Call(takedown_.get(), &Takedown::RemoveGolden, removal).ok());
}

}  // namespace
}  // namespace lenscap
