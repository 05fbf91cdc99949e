#include "services/intake_handler.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/default_policy.h"
#include "services/proto_time.h"
#include "services/retro_match.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::ReportHeader Header() {
  v1::ReportHeader header;
  header.set_statement("It shows my room");
  header.set_name("Mina Example");
  header.set_contact("mina@example.org");
  header.set_relation(v1::ReportHeader::RELATION_SELF);
  header.set_signature("mina  EXAMPLE ");
  return header;
}

class IntakeHandlerTest : public testing::Test {
 protected:
  IntakeHandlerTest() { Reopen(); }

  // As after a crash of the server.
  void Reopen() {
    reports_.reset();
    reports_ =
        *VictimReports::Open({.directory = rooms_.directory + "/reports",
                              .key_file = rooms_.directory + "/report_keys",
                              .clock = &rooms_.clock});
    const auto record = [this](const AuditEntry& entry) {
      if (audit_.ok()) actions_.push_back(entry.action);
      return audit_;
    };
    work_ = std::make_unique<IntakeWork>(IntakeWork::Options{
        .reports = reports_.get(),
        .clips = rooms_.clips.get(),
        .cases = rooms_.cases.get(),
        .uploads = rooms_.uploads.get(),
        .news = &rooms_.news,
        .record = record,
        .record_list = [](absl::string_view) { return absl::OkStatus(); },
        .record_cases = [this] { return case_audit_; }});
    intake_ = {.reports = reports_.get(),
               .work = work_.get(),
               .found = &found_,
               .spool = &rooms_.spool,
               .admission = &rooms_.admission,
               .tenants = &tenants_,
               .reading = {.clips = rooms_.clips.get(),
                           .open_video = VideoReader::Open,
                           .limits = {},
                           .policy = DefaultPolicy()},
               .record = record,
               .answer_within = absl::Hours(48),
               .clock = &rooms_.clock};
  }

  absl::StatusOr<v1::ReportReceipt> Submit(const v1::ReportHeader& header,
                                           const std::string& footage = "") {
    ReportUpload upload(&intake_, caller_);
    for (const auto& part : MessagesOf<v1::ReportPart>(header, footage)) {
      const absl::Status status = upload.Take(part);
      if (!status.ok()) return status;
    }
    return upload.Submit(cancellation_);
  }
  std::string SubmitFootage(const std::string& footage) {
    const auto receipt = Submit(Header(), footage);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return receipt->report_id();
  }
  absl::StatusOr<v1::VictimReport> Get(const std::string& id) {
    v1::GetReportRequest request;
    request.set_report_id(id);
    return GetReport(intake_, caller_, request);
  }
  absl::StatusOr<v1::VictimReport> Accept(const std::string& id,
                                          const std::string& answer = "Done") {
    v1::AcceptReportRequest request;
    request.set_report_id(id);
    request.set_answer(answer);
    return AcceptReport(intake_, caller_, request);
  }
  absl::StatusOr<v1::VictimReport> Reject(const std::string& id,
                                          const std::string& answer = "No") {
    v1::RejectReportRequest request;
    request.set_report_id(id);
    request.set_answer(answer);
    return RejectReport(intake_, caller_, request);
  }
  absl::StatusOr<v1::ReportStatus> Status(const std::string& id,
                                          const std::string& receipt) {
    v1::GetReportStatusRequest request;
    request.set_report_id(id);
    request.set_receipt(receipt);
    return GetReportStatus(intake_, request);
  }
  v1::ScanReport Scan(const std::string& bytes, const std::string& content_id,
                      const std::string& tenant = "") {
    Digester digester;
    digester.Update(bytes);
    ScreenInput input;
    input.scan_id = "scan-1";
    input.header.set_content_id(content_id);
    input.header.set_account("account-1");
    input.header.set_tenant(tenant);
    input.header.set_effort(v1::EFFORT_THOROUGH);
    input.digests = digester.Finish();
    input.source = MakeMemorySource(bytes);
    const auto report =
        VideoScreener(rooms_.ScreenerOptions())
            .Screen(
                std::move(input), [](const v1::Progress&) {}, cancellation_);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(v1::ScanReport());
  }
  void MatchRetrospectively() {
    RetroMatch retro({.clips = rooms_.clips.get(),
                      .uploads = rooms_.uploads.get(),
                      .cases = rooms_.cases.get(),
                      .policy = DefaultPolicy(),
                      .metrics = &rooms_.metrics,
                      .news = &rooms_.news});
    ASSERT_TRUE(retro.CatchUp().ok());
  }
  void Decide(v1::Decision::Outcome outcome) {
    auto leases = rooms_.cases->LeaseCases("ann", 1, absl::Minutes(5));
    ASSERT_EQ(leases->size(), 1);
    ASSERT_TRUE(std::move((*leases)[0]).Decide(outcome, "").ok());
  }

  Rooms rooms_;
  Tenants tenants_{{.limits = {},
                    .max_tenants = 100,
                    .max_waiting_scans = 0,
                    .clock = &rooms_.clock}};
  ReportedUploads found_{rooms_.cases.get(), &rooms_.clock};
  std::unique_ptr<VictimReports> reports_;
  std::unique_ptr<IntakeWork> work_;
  IntakeRooms intake_;
  Caller caller_ = LocalCaller();
  Cancellation cancellation_;
  std::vector<std::string> actions_;
  absl::Status audit_;
  absl::Status case_audit_;
};

TEST_F(IntakeHandlerTest, AReportIsTakenInAndTheFootageIsGone) {
  const auto receipt = Submit(Header(), KnownClip());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(FromProto(receipt->answer_by()),
            rooms_.clock.Now() + absl::Hours(48));
  EXPECT_TRUE(std::filesystem::is_empty(rooms_.directory + "/spool"));
  const auto report = Get(receipt->report_id());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->state(), v1::VictimReport::STATE_WAITING);
  EXPECT_EQ(report->header().contact(), "mina@example.org");
  EXPECT_TRUE(report->has_footage());
  EXPECT_EQ(report->frames(), 40);
  EXPECT_EQ(report->unreadable(), "");
  EXPECT_EQ(report->scan().matches_size(), 0);
  EXPECT_EQ(report->scan().verdict().action(), v1::ACTION_ALLOW);
  EXPECT_THAT(actions_, ElementsAre("report.submit", "report.view"));
  EXPECT_THAT(*reports_->ListPending(), IsEmpty());
}

TEST_F(IntakeHandlerTest, WhatWasScannedBeforeIsFoundOnceTheReportIsAccepted) {
  EXPECT_EQ(Scan(DisguisedExcerpt(), "copy").verdict().action(),
            v1::ACTION_ALLOW);
  MatchRetrospectively();
  const auto receipt = Submit(Header(), KnownClip());
  const std::string& id = receipt->report_id();
  EXPECT_EQ(Status(id, receipt->receipt())->found(), 0);
  const auto accepted = Accept(id);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->entry(), "victim-reports/" + id);
  EXPECT_EQ(rooms_.clips->GetList("victim-reports")->issuer,
            "this installation");
  MatchRetrospectively();
  const auto upload = rooms_.cases->Upload("copy");
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_EQ(upload->report().matches(0).entry_id(), id);
  EXPECT_EQ(upload->report().verdict().action(), v1::ACTION_BLOCK);
  // The counts hold for a minute.
  EXPECT_EQ(Status(id, receipt->receipt())->found(), 0);
  rooms_.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(Status(id, receipt->receipt())->found(), 1);
  Decide(v1::Decision::OUTCOME_REMOVE);
  rooms_.clock.Advance(absl::Minutes(1));
  const auto status = Status(id, receipt->receipt());
  EXPECT_EQ(status->found(), 1);
  EXPECT_EQ(status->removed(), 1);
  EXPECT_EQ(status->answer(), "Done");
  EXPECT_EQ(status->state(), v1::VictimReport::STATE_ACCEPTED);
  // And what comes from now on is blocked.
  EXPECT_EQ(Scan(KnownClip(), "later").verdict().action(), v1::ACTION_BLOCK);
}

TEST_F(IntakeHandlerTest, FootageThatIsKnownAlreadyIsSaidToBe) {
  ASSERT_TRUE(Accept(SubmitFootage(KnownClip())).ok());
  const auto second = Get(SubmitFootage(DisguisedExcerpt()));
  ASSERT_EQ(second->scan().matches_size(), 1);
  EXPECT_EQ(second->scan().matches(0).list_id(), "victim-reports");
  EXPECT_EQ(second->scan().verdict().action(), v1::ACTION_BLOCK);
}

TEST_F(IntakeHandlerTest, WhatCannotBeDecodedFindsTheSameFile) {
  const std::string id = SubmitFootage("no video, but somebody's file");
  const auto report = Get(id);
  EXPECT_NE(report->unreadable(), "");
  EXPECT_EQ(report->frames(), 0);
  ASSERT_TRUE(Accept(id).ok());
  EXPECT_EQ(Scan("no video, but somebody's file", "same").verdict().action(),
            v1::ACTION_BLOCK);
}

TEST_F(IntakeHandlerTest, UploadsThatAreNamedGetACaseAndTheirClockStarts) {
  Scan(UnrelatedVideo(), "scanned");
  v1::ReportHeader header = Header();
  header.add_content_ids("scanned");
  header.add_content_ids("never seen");
  header.set_language("ko");
  const auto receipt = Submit(header);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto report = Get(receipt->report_id());
  ASSERT_EQ(report->case_ids_size(), 2);
  const auto scanned = rooms_.cases->Upload("scanned");
  ASSERT_TRUE(scanned.ok());
  EXPECT_EQ(scanned->account(), "account-1");
  EXPECT_EQ(scanned->report().verdict().action(), v1::ACTION_REVIEW);
  EXPECT_EQ(scanned->report().sha256().size(), 32);
  const auto opened = rooms_.cases->Get(report->case_ids(1));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->content_id(), "never seen");
  EXPECT_EQ(FromProto(opened->reported()), rooms_.clock.Now());
  EXPECT_EQ(opened->queue(), v1::CASE_QUEUE_VICTIM_REPORT);
  EXPECT_EQ(Status(receipt->report_id(), receipt->receipt())->found(), 2);
}

TEST_F(IntakeHandlerTest, UploadsOfAnotherTenantAreLeftAlone) {
  Scan(UnrelatedVideo(), "scanned", "shop");
  v1::ReportHeader header = Header();
  header.set_tenant("forum");
  header.add_content_ids("scanned");
  const auto receipt = Submit(header);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(Get(receipt->report_id())->case_ids_size(), 0);
  EXPECT_TRUE(absl::IsNotFound(rooms_.cases->Upload("scanned").status()));
}

TEST_F(IntakeHandlerTest, AnAnswerThatACrashCutShortIsFinishedAtTheNextStart) {
  const std::string id = SubmitFootage(KnownClip());
  audit_ = absl::InternalError("the disk went away");
  EXPECT_TRUE(absl::IsInternal(Accept(id).status()));
  Reopen();
  EXPECT_FALSE(work_->FinishAll().ok());
  audit_ = absl::OkStatus();
  ASSERT_TRUE(work_->FinishAll().ok());
  EXPECT_EQ(Get(id)->entry(), "victim-reports/" + id);
  EXPECT_EQ(rooms_.clips->GetList("victim-reports")->entries, 1);
  EXPECT_THAT(*reports_->ListPending(), IsEmpty());
  actions_.clear();
  // Asking again changes nothing.
  ASSERT_TRUE(Accept(id).ok());
  EXPECT_THAT(actions_, IsEmpty());
}

TEST_F(IntakeHandlerTest, AnAcknowledgedReportGetsItsCasesLater) {
  v1::ReportHeader header = Header();
  header.add_content_ids("upload");
  case_audit_ = absl::InternalError("the disk went away");
  const auto receipt = Submit(header);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(reports_->ListPending()->size(), 1);
  case_audit_ = absl::OkStatus();
  Reopen();
  ASSERT_TRUE(work_->FinishAll().ok());
  EXPECT_EQ(Get(receipt->report_id())->case_ids_size(), 1);
}

TEST_F(IntakeHandlerTest, ARejectionIsAnsweredAndPublishesNothing) {
  const auto receipt = Submit(Header(), KnownClip());
  const auto rejected = Reject(receipt->report_id(), "It is a film");
  ASSERT_TRUE(rejected.ok()) << rejected.status();
  EXPECT_EQ(rejected->entry(), "");
  EXPECT_THAT(rooms_.clips->Lists(), IsEmpty());
  EXPECT_EQ(Status(receipt->report_id(), receipt->receipt())->answer(),
            "It is a film");
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Accept(receipt->report_id()).status()));
}

TEST_F(IntakeHandlerTest, NamesAreForReviewersAndNotForAuditors) {
  const std::string id = SubmitFootage(KnownClip());
  v1::ListReportsRequest list;
  const auto listed = ListReports(intake_, caller_, list);
  ASSERT_EQ(listed->reports_size(), 1);
  EXPECT_EQ(listed->reports(0).header().name(), "");
  EXPECT_EQ(listed->reports(0).header().statement(), "It shows my room");
  caller_ = Caller();
  caller_.name = "una";
  caller_.role = CallerRole::kAuditor;
  const auto read = Get(id);
  EXPECT_EQ(read->header().name(), "");
  EXPECT_EQ(read->header().contact(), "");
  EXPECT_EQ(read->header().signature(), "");
  caller_.role = CallerRole::kReviewer;
  EXPECT_EQ(Get(id)->header().name(), "Mina Example");
}

TEST_F(IntakeHandlerTest, APlatformSendsForItsOwnTenantAlone) {
  caller_ = Caller();
  caller_.name = "forum";
  caller_.role = CallerRole::kPlatform;
  caller_.tenant = "forum";
  v1::ReportHeader header = Header();
  header.add_links("https://forum.example/1");
  const auto receipt = Submit(header);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  header.set_tenant("shop");
  EXPECT_TRUE(absl::IsPermissionDenied(Submit(header).status()));
  caller_.tenant = "shop";
  EXPECT_TRUE(absl::IsNotFound(Get(receipt->report_id()).status()));
  EXPECT_TRUE(absl::IsNotFound(Accept(receipt->report_id()).status()));
  EXPECT_EQ(ListReports(intake_, caller_, {})->reports_size(), 0);
  caller_.tenant = "forum";
  EXPECT_EQ(ListReports(intake_, caller_, {})->reports_size(), 1);
}

TEST_F(IntakeHandlerTest, OnlyTheReceiptShowsWhereAReportStands) {
  const auto receipt = Submit(Header(), KnownClip());
  EXPECT_TRUE(Status(receipt->report_id(), receipt->receipt()).ok());
  EXPECT_TRUE(absl::IsNotFound(
      Status(receipt->report_id(), std::string(43, 'A')).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(Status(receipt->report_id(), "").status()));
}

TEST_F(IntakeHandlerTest, WhatIsOutOfBoundsIsRefusedByName) {
  const auto refused = [&](const char* field, auto change) {
    v1::ReportHeader header = Header();
    header.add_links("https://forum.example/1");
    change(header);
    const auto status = Submit(header).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field << status;
    EXPECT_THAT(status.message(), HasSubstr(field));
  };
  using H = v1::ReportHeader;
  refused("header.statement", [](H& h) { h.clear_statement(); });
  refused("header.statement",
          [](H& h) { h.set_statement(std::string(8193, 'x')); });
  refused("header.name", [](H& h) { h.clear_name(); });
  refused("header.contact", [](H& h) { h.clear_contact(); });
  refused("header.relation", [](H& h) { h.clear_relation(); });
  refused("header.signature", [](H& h) { h.set_signature("Somebody Else"); });
  refused("header.signature", [](H& h) { h.clear_signature(); });
  refused("header.links[1]", [](H& h) { h.add_links(""); });
  refused("header.links", [](H& h) {
    while (h.links_size() < 101) h.add_links("x");
  });
  refused("header.content_ids[0]",
          [](H& h) { h.add_content_ids(std::string(257, 'x')); });
  refused("header.language",
          [](H& h) { h.set_language(std::string(33, 'x')); });
  refused("header.tenant", [](H& h) { h.set_tenant(std::string(65, 'x')); });
  refused("total_bytes", [](H& h) { h.set_total_bytes(-1); });
  refused("header.links", [](H& h) { h.clear_links(); });
  EXPECT_TRUE(absl::IsInvalidArgument(Reject("report-0", "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Accept("report-0", std::string(4097, 'x')).status()));
  EXPECT_TRUE(absl::IsNotFound(Accept("report-0").status()));
}

TEST_F(IntakeHandlerTest, FootageThatBreaksOffIsNotTakenForWhole) {
  v1::ReportHeader header = Header();
  header.set_total_bytes(static_cast<int64_t>(KnownClip().size()) + 1);
  EXPECT_TRUE(absl::IsInvalidArgument(Submit(header, KnownClip()).status()));
  header.clear_total_bytes();
  cancellation_.Cancel(absl::CancelledError("the caller went away"));
  EXPECT_TRUE(absl::IsCancelled(Submit(header, KnownClip()).status()));
  EXPECT_TRUE(std::filesystem::is_empty(rooms_.directory + "/spool"));
  EXPECT_THAT(reports_->List(v1::VictimReport::STATE_WAITING, "", 10)->reports,
              IsEmpty());
}

}  // namespace
}  // namespace lenscap
