// Stills and reports of people, through the whole server and its channel.

#include <memory>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/evidence.grpc.pb.h"
#include "proto/lenscap/v1/intake.grpc.pb.h"
#include "proto/lenscap/v1/report.grpc.pb.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using testing::Contains;

using Takedown = v1::TakedownService;
using Evidence = v1::EvidenceService;
using Intake = v1::IntakeService;

class EvidenceServerTest : public testing::Test {
 protected:
  EvidenceServerTest() { Start(); }

  void Start() {
    server_.reset();
    ServerOptions options;
    options.data_directory = directory_;
    options.scan_workers = 1;
    options.clock = &clock_;
    auto server = Server::Start(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->InProcessChannel();
  }
  v1::LeasedCase Lease() {
    const auto stub = Takedown::NewStub(channel_);
    v1::LeaseRequest request;
    request.set_reviewer("ann");
    const auto reply = Call(stub.get(), &Takedown::Stub::Lease, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok() || reply->leases().empty()) return v1::LeasedCase();
    return reply->leases(0);
  }
  v1::ListStillsReply Stills(const std::string& case_id) {
    const auto stub = Evidence::NewStub(channel_);
    v1::ListStillsRequest request;
    request.set_case_id(case_id);
    const auto reply = Call(stub.get(), &Evidence::Stub::ListStills, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(v1::ListStillsReply());
  }
  absl::StatusOr<v1::RevealReply> RevealFirst(const std::string& token) {
    const auto stub = Evidence::NewStub(channel_);
    v1::RevealRequest request;
    request.set_lease_token(token);
    request.add_still_ids(1);
    return Call(stub.get(), &Evidence::Stub::Reveal, request);
  }
  std::vector<std::string> AuditedActions() {
    const auto stub = v1::ReportService::NewStub(channel_);
    const auto context = NewContext();
    const auto reader = stub->Audit(context.get(), v1::AuditRequest());
    std::vector<std::string> actions;
    v1::AuditRecord record;
    while (reader->Read(&record)) actions.push_back(record.action());
    EXPECT_TRUE(reader->Finish().ok());
    return actions;
  }
  absl::StatusOr<v1::ReportReceipt> Report(const std::string& footage) {
    v1::ReportHeader header;
    header.set_statement("It shows my room");
    header.set_name("Mina Example");
    header.set_contact("mina@example.org");
    header.set_relation(v1::ReportHeader::RELATION_SELF);
    header.set_signature("Mina Example");
    const auto stub = Intake::NewStub(channel_);
    const auto context = NewContext();
    v1::ReportReceipt receipt;
    const auto writer = stub->SubmitReport(context.get(), &receipt);
    for (const auto& part : MessagesOf<v1::ReportPart>(header, footage)) {
      if (!writer->Write(part)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return absl::InternalError(status.error_message());
    return receipt;
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
};

TEST_F(EvidenceServerTest, WhatAScanSealedIsShownToWhoHoldsTheCase) {
  ASSERT_TRUE(PublishFootage(channel_, "list", "entry", KnownClip()).ok());
  const auto report = ScanBytes(channel_, DisguisedExcerpt(), "copy");
  ASSERT_TRUE(report.ok()) << report.status();
  Start();  // All of it is on disk.
  const v1::ListStillsReply listed = Stills(report->case_id());
  ASSERT_GT(listed.stills_size(), 3);
  EXPECT_TRUE(listed.stills(0).blurred());
  const v1::LeasedCase leased = Lease();
  const auto revealed = RevealFirst(leased.lease_token());
  ASSERT_TRUE(revealed.ok()) << revealed.status();
  EXPECT_NE(revealed->stills(0).jpeg(), listed.stills(0).jpeg());
  EXPECT_THAT(AuditedActions(), Contains("evidence.reveal"));

  const auto stub = Takedown::NewStub(channel_);
  v1::DecideRequest decide;
  decide.set_lease_token(leased.lease_token());
  decide.set_outcome(v1::Decision::OUTCOME_REMOVE);
  ASSERT_TRUE(Call(stub.get(), &Takedown::Stub::Decide, decide).ok());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(RevealFirst(leased.lease_token()).status()));
  // A later copy of what was decided on has nothing to show.
  clock_.Advance(absl::Hours(1));
  const auto later = ScanBytes(channel_, DisguisedExcerpt(), "later");
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->case_id(), report->case_id());
  const auto evidence = Evidence::NewStub(channel_);
  v1::ListStillsRequest request;
  request.set_case_id(later->case_id());
  request.set_content_id("later");
  const auto nothing =
      Call(evidence.get(), &Evidence::Stub::ListStills, request);
  ASSERT_TRUE(nothing.ok()) << nothing.status();
  EXPECT_EQ(nothing->stills_size(), 0);
  EXPECT_NE(nothing->unavailable(), "");
}

TEST_F(EvidenceServerTest, AReportIsTakenInAcceptedAndFoundFromThenOn) {
  const auto receipt = Report(KnownClip());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  Start();
  const auto stub = Intake::NewStub(channel_);
  v1::AcceptReportRequest accept;
  accept.set_report_id(receipt->report_id());
  accept.set_answer("We look for it from now on");
  const auto accepted = Call(stub.get(), &Intake::Stub::AcceptReport, accept);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->entry(), "victim-reports/" + receipt->report_id());
  const auto report = ScanBytes(channel_, DisguisedExcerpt(), "copy");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_BLOCK);
  v1::GetReportStatusRequest status;
  status.set_report_id(receipt->report_id());
  status.set_receipt(receipt->receipt());
  const auto stands = Call(stub.get(), &Intake::Stub::GetReportStatus, status);
  ASSERT_TRUE(stands.ok()) << stands.status();
  EXPECT_EQ(stands->found(), 1);
  EXPECT_EQ(stands->removed(), 0);
  const auto actions = AuditedActions();
  EXPECT_THAT(actions, Contains("report.submit"));
  EXPECT_THAT(actions, Contains("report.accept"));
  EXPECT_THAT(actions, Contains("list.publish"));
}

}  // namespace
}  // namespace lenscap
