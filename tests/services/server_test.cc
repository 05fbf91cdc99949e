#include "services/server.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "services/metrics.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/gate_scorer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The messages of gRPC's health protocol, as bytes.
const std::string kServing = {0x08, 0x01};
const std::string kNotServing = {0x08, 0x02};
std::string HealthRequest(const std::string& service) {
  if (service.empty()) return "";
  return std::string("\x0a") + static_cast<char>(service.size()) + service;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.data_directory = MakeTempDirectory();
    options_.scan_workers = 2;
  }
  void Start() {
    server_.reset();
    auto server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->InProcessChannel();
  }
  void StartWithKnownClip() {
    Start();
    const auto reply = PublishFootage(channel_, "list", "entry", KnownClip());
    ASSERT_TRUE(reply.ok()) << reply.status();
  }
  bool SpoolIsEmpty() {
    return std::filesystem::is_empty(options_.data_directory + "/spool");
  }
  absl::StatusOr<std::string> Health(const std::string& service) {
    return CallRaw(channel_, "/grpc.health.v1.Health/Check",
                   HealthRequest(service));
  }
  absl::StatusOr<v1::LeasedCase> LeaseOne() {
    v1::LeaseRequest request;
    request.set_reviewer("ann");
    const auto reply =
        Call(takedown().get(), &v1::TakedownService::Stub::Lease, request);
    if (!reply.ok()) return reply.status();
    if (reply->leases().empty()) return absl::NotFoundError("none waits");
    return reply->leases(0);
  }
  // The messages of an upload for a tenant, whose length nobody says.
  static std::vector<v1::UploadRequest> UploadFor(const std::string& tenant,
                                                  const std::string& bytes) {
    v1::UploadHeader header;
    header.set_tenant(tenant);
    return MessagesOf<v1::UploadRequest>(header, bytes);
  }
  std::unique_ptr<v1::ScanService::Stub> scan() {
    return v1::ScanService::NewStub(channel_);
  }
  std::unique_ptr<v1::HashListService::Stub> lists() {
    return v1::HashListService::NewStub(channel_);
  }
  std::unique_ptr<v1::TakedownService::Stub> takedown() {
    return v1::TakedownService::NewStub(channel_);
  }

  FakeClock clock_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  ChannelPtr channel_;
};

TEST_F(ServerTest, AScanStreamsProgressAndThenTheReport) {
  StartWithKnownClip();
  v1::UploadHeader header;
  header.set_content_id("upload-1");
  std::vector<v1::Progress> progress;
  const auto report = Scan(
      channel_, MessagesOf<v1::UploadRequest>(header, DisguisedExcerpt(), 4096),
      &progress);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_BLOCK);
  EXPECT_EQ(report->content_id(), "upload-1");
  ASSERT_FALSE(progress.empty());
  for (size_t i = 1; i < progress.size(); ++i) {
    EXPECT_GE(progress[i].bytes_received(), progress[i - 1].bytes_received());
  }
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, ASubmittedScanIsWatchedToItsEnd) {
  StartWithKnownClip();
  const auto id = SubmitBytes(channel_, DisguisedExcerpt(), "upload-1");
  ASSERT_TRUE(id.ok()) << id.status();
  const auto statuses = WatchScan(channel_, *id);
  ASSERT_TRUE(statuses.ok()) << statuses.status();
  ASSERT_FALSE(statuses->empty());
  for (size_t i = 1; i < statuses->size(); ++i) {
    EXPECT_GE((*statuses)[i].state(), (*statuses)[i - 1].state());
  }
  const v1::ScanStatus& last = statuses->back();
  EXPECT_EQ(last.state(), v1::ScanStatus::STATE_DONE);
  EXPECT_EQ(last.report().verdict().action(), v1::ACTION_BLOCK);
  v1::GetScanRequest request;
  request.set_scan_id(*id);
  const auto got = Call(scan().get(), &v1::ScanService::Stub::GetScan, request);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->SerializeAsString(), last.SerializeAsString());
}

TEST_F(ServerTest, EachStateOfAScanIsSentAsItComes) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  Start();
  const auto id = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(id.ok()) << id.status();
  gate->WaitFor(1);
  const auto context = NewContext();
  v1::GetScanRequest request;
  request.set_scan_id(*id);
  const auto stream = scan()->WatchScan(context.get(), request);
  v1::ScanStatus status;
  ASSERT_TRUE(stream->Read(&status));
  EXPECT_EQ(status.state(), v1::ScanStatus::STATE_RUNNING);
  gate->Open();
  while (stream->Read(&status)) {
  }
  EXPECT_EQ(status.state(), v1::ScanStatus::STATE_DONE);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServerTest, WatchingAnUnknownScanEndsAtOnce) {
  Start();
  EXPECT_TRUE(absl::IsNotFound(WatchScan(channel_, "scan-none").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(WatchScan(channel_, "").status()));
}

TEST_F(ServerTest, AListIsPublishedReadExportedAndWithdrawn) {
  StartWithKnownClip();
  const auto all = Call(lists().get(), &v1::HashListService::Stub::ListLists,
                        v1::ListListsRequest());
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->lists_size(), 1);
  EXPECT_EQ(all->lists(0).issuer(), "a test");
  v1::GetListRequest get;
  get.set_list_id("list");
  const auto list =
      Call(lists().get(), &v1::HashListService::Stub::GetList, get);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(list->entries(0).entry_id(), "entry");
  const auto exported = Export(channel_, "list");
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->size(), 1);
  EXPECT_EQ(exported->front().frames_size(), 40);
  EXPECT_EQ(exported->front().sha256(), ToBytes(Sha256Of(KnownClip())));

  v1::WithdrawRequest withdrawal;
  withdrawal.set_list_id("list");
  withdrawal.add_entry_ids("entry");
  withdrawal.set_reason("published in error");
  const auto withdrawn =
      Call(lists().get(), &v1::HashListService::Stub::Withdraw, withdrawal);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  v1::HistoryRequest request;
  request.set_list_id("list");
  const auto history =
      Call(lists().get(), &v1::HashListService::Stub::History, request);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->changes_size(), 2);
  const auto report = ScanBytes(channel_, KnownClip());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_ALLOW);
}

TEST_F(ServerTest, ExportOfAnUnknownListNamesIt) {
  Start();
  const auto exported = Export(channel_, "nowhere");
  EXPECT_TRUE(absl::IsNotFound(exported.status()));
  EXPECT_THAT(std::string(exported.status().message()),
              StartsWith("list_id: there is no list \"nowhere\""));
}

TEST_F(ServerTest, ACaseIsLeasedDecidedAndAppealedWhileSomebodyWatches) {
  StartWithKnownClip();
  const auto context = NewContext();
  const auto watch = takedown()->Watch(context.get(), v1::WatchRequest());
  const auto next = [&watch] {
    v1::CaseEvent event;
    EXPECT_TRUE(watch->Read(&event));
    return event;
  };
  const auto report = ScanBytes(channel_, DisguisedExcerpt(), "upload-1");
  ASSERT_TRUE(report.ok()) << report.status();
  const v1::CaseEvent opened = next();
  EXPECT_EQ(opened.kind(), v1::CaseEvent::KIND_OPENED);
  EXPECT_EQ(opened.case_id(), report->case_id());
  EXPECT_EQ(opened.advised(), v1::ACTION_BLOCK);

  const auto leased = LeaseOne();
  ASSERT_TRUE(leased.ok()) << leased.status();
  EXPECT_EQ(leased->case_().content_id(), "upload-1");
  v1::ExtendRequest extend;
  extend.set_lease_token(leased->lease_token());
  extend.mutable_duration()->set_seconds(60);
  EXPECT_TRUE(
      Call(takedown().get(), &v1::TakedownService::Stub::Extend, extend).ok());
  v1::DecideRequest decide;
  decide.set_lease_token(leased->lease_token());
  decide.set_outcome(v1::Decision::OUTCOME_REMOVE);
  const auto decided =
      Call(takedown().get(), &v1::TakedownService::Stub::Decide, decide);
  ASSERT_TRUE(decided.ok()) << decided.status();
  const v1::CaseEvent settled = next();
  EXPECT_EQ(settled.kind(), v1::CaseEvent::KIND_DECIDED);
  EXPECT_EQ(settled.decision().reviewer(), "ann");
  EXPECT_GT(settled.sequence(), opened.sequence());

  v1::AppealRequest appeal;
  appeal.set_case_id(report->case_id());
  appeal.set_statement("it is mine");
  EXPECT_TRUE(
      Call(takedown().get(), &v1::TakedownService::Stub::Appeal, appeal).ok());
  EXPECT_EQ(next().kind(), v1::CaseEvent::KIND_APPEALED);
  const auto stats = Call(takedown().get(), &v1::TakedownService::Stub::Stats,
                          v1::StatsRequest());
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->waiting(), 1);
  context->TryCancel();
  watch->Finish();

  const auto later = WatchCases(channel_, settled.sequence(), 1);
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->front().kind(), v1::CaseEvent::KIND_APPEALED);
}

TEST_F(ServerTest, ACaseThatNobodyDecidesIsADeadLetterInTheNews) {
  options_.clock = &clock_;
  StartWithKnownClip();
  ASSERT_TRUE(ScanBytes(channel_, DisguisedExcerpt()).ok());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(LeaseOne().ok());
    clock_.Advance(absl::Minutes(6));
  }
  const auto events = WatchCases(channel_, 0, 2);
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->back().kind(), v1::CaseEvent::KIND_DEAD_LETTER);
}

TEST_F(ServerTest, ErrorsReachTheCallerByTheNameOfTheField) {
  StartWithKnownClip();
  std::vector<v1::UploadRequest> upload =
      MessagesOf<v1::UploadRequest>(v1::UploadHeader(), KnownClip(), 4096);
  upload[2].mutable_chunk()->set_offset(0);
  EXPECT_EQ(Scan(channel_, upload).status(),
            absl::InvalidArgumentError("chunk.offset: expected 4096, got 0"));
  EXPECT_EQ(Submit(channel_, upload).status(),
            absl::InvalidArgumentError("chunk.offset: expected 4096, got 0"));
  v1::PublishHeader header;
  header.set_list_id("elsewhere");
  header.set_severity(v1::SEVERITY_CONFIRMED);
  header.set_format(v1::PublishHeader::FORMAT_FOOTAGE);
  const auto published =
      Publish(channel_, MessagesOf<v1::PublishRequest>(header, KnownClip()));
  EXPECT_TRUE(absl::IsNotFound(published.status()));
  EXPECT_THAT(std::string(published.status().message()),
              StartsWith("header.list_id: "));
  EXPECT_EQ(Scan(channel_, {}).status(),
            absl::InvalidArgumentError(
                "header: expected as the first message, got none"));
  EXPECT_THAT(
      std::string(Call(takedown().get(), &v1::TakedownService::Stub::Decide,
                       v1::DecideRequest())
                      .status()
                      .message()),
      StartsWith("lease_token: "));
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, ATooLargeMessageIsRefused) {
  Start();
  v1::UploadRequest chunk;
  chunk.mutable_chunk()->set_data(std::string(5 << 20, 'x'));
  v1::UploadRequest header;
  header.mutable_header();
  EXPECT_TRUE(
      absl::IsResourceExhausted(Scan(channel_, {header, chunk}).status()));
}

TEST_F(ServerTest, ACallerThatGoesAwayLeavesNothingBehind) {
  Start();
  const std::vector<v1::UploadRequest> messages =
      MessagesOf<v1::UploadRequest>(v1::UploadHeader(), KnownClip(), 4096);
  const auto scan_context = NewContext();
  const auto scanning = scan()->Scan(scan_context.get());
  const auto submit_context = NewContext();
  v1::SubmitReply reply;
  const auto submitting = scan()->Submit(submit_context.get(), &reply);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(scanning->Write(messages[i]));
    ASSERT_TRUE(submitting->Write(messages[i]));
  }
  v1::ScanEvent event;
  ASSERT_TRUE(scanning->Read(&event));
  EXPECT_FALSE(SpoolIsEmpty());
  scan_context->TryCancel();
  submit_context->TryCancel();
  EXPECT_EQ(scanning->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(submitting->Finish().error_code(), grpc::StatusCode::CANCELLED);
  server_->Shutdown(absl::InfiniteDuration());
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, AnUploadThatTakesTooLongIsEnded) {
  options_.clock = &clock_;
  Start();
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  v1::UploadRequest header;
  header.mutable_header();
  ASSERT_TRUE(stream->Write(header));
  v1::ScanEvent event;
  ASSERT_TRUE(stream->Read(&event)) << "the header has arrived";
  clock_.Advance(options_.scan_deadline);
  EXPECT_FALSE(stream->Read(&event));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(status.error_message(), "not done within 30m");
}

TEST_F(ServerTest, TheCallersOwnDeadlineEndsTheScan) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  Start();
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  for (const auto& message :
       MessagesOf<v1::UploadRequest>(v1::UploadHeader(), KnownClip())) {
    ASSERT_TRUE(stream->Write(message));
  }
  stream->WritesDone();
  gate->WaitFor(1);
  context->TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  gate->Open();
  server_->Shutdown(absl::InfiniteDuration());
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, MoreUploadsThanThereIsRoomForAreRefused) {
  options_.max_uploads = 1;
  Start();
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  v1::UploadRequest header;
  header.mutable_header();
  ASSERT_TRUE(stream->Write(header));
  v1::ScanEvent event;
  ASSERT_TRUE(stream->Read(&event)) << "the first has its place";
  const auto refused = SubmitBytes(channel_, "bytes");
  EXPECT_TRUE(absl::IsResourceExhausted(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("try again in 1s"));
  stream->WritesDone();
  while (stream->Read(&event)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(SubmitBytes(channel_, "bytes").ok());
}

TEST_F(ServerTest, ATenantOverItsLimitIsToldWhichAndWhenToTryAgain) {
  options_.tenant_limits.bytes_per_hour = 3600;
  options_.clock = &clock_;
  options_.metrics = std::make_shared<Metrics>();
  Start();
  ASSERT_TRUE(Submit(channel_, UploadFor("a", std::string(3600, 'x'))).ok());
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  for (const auto& message : UploadFor("a", std::string(20, 'x'))) {
    stream->Write(message);
  }
  stream->WritesDone();
  v1::ScanEvent event;
  while (stream->Read(&event)) {
  }
  const grpc::Status refused = stream->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(),
            "tenant \"a\" may upload 3600 bytes an hour, and has not 20 left: "
            "try again in 20s");
  const auto& trailers = context->GetServerTrailingMetadata();
  ASSERT_EQ(trailers.count("retry-after"), 1);
  EXPECT_EQ(trailers.find("retry-after")->second, "20");
  EXPECT_TRUE(Scan(channel_, UploadFor("b", std::string(20, 'x'))).ok());
  clock_.Advance(absl::Seconds(20));
  EXPECT_TRUE(Scan(channel_, UploadFor("a", std::string(20, 'x'))).ok());
  const std::string text =
      prometheus::TextSerializer().Serialize(options_.metrics->Collect());
  EXPECT_THAT(text,
              HasSubstr("lenscap_refusals_total{limit=\"tenant_bytes\"} 1"));
  EXPECT_THAT(text, HasSubstr("lenscap_items{kind=\"tenants\"} 2"));
  EXPECT_THAT(text, Not(HasSubstr("\"a\"")));
}

TEST_F(ServerTest, AFullSpoolIsNamedAndEmptiesAgain) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  options_.scan_workers = 1;
  const auto bytes = static_cast<int64_t>(UnrelatedVideo().size());
  options_.max_spool_bytes = 2 * bytes - 1;
  Start();
  const auto held = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(held.ok()) << held.status();
  gate->WaitFor(1);
  v1::UploadHeader header;
  header.set_total_bytes(bytes);
  for (int64_t declared : {bytes, int64_t{0}}) {
    header.set_total_bytes(declared);
    const auto refused = Submit(
        channel_, MessagesOf<v1::UploadRequest>(header, UnrelatedVideo()));
    EXPECT_TRUE(absl::IsResourceExhausted(refused.status()));
    EXPECT_THAT(std::string(refused.status().message()),
                StartsWith("the server keeps at most"));
  }
  gate->Open();
  ASSERT_TRUE(WatchScan(channel_, *held).ok());
  EXPECT_TRUE(SubmitBytes(channel_, UnrelatedVideo()).ok());
}

TEST_F(ServerTest, AFloodOfOneTenantHoldsUpAnotherByOneScan) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  options_.scan_workers = 1;
  Start();
  std::vector<std::string> flood;
  for (int i = 0; i < 12; ++i) {
    const auto id = Submit(channel_, UploadFor("flood", UnrelatedVideo()));
    ASSERT_TRUE(id.ok()) << id.status();
    flood.push_back(*id);
    if (i == 0) gate->WaitFor(1);
  }
  const auto other = Submit(channel_, UploadFor("other", UnrelatedVideo()));
  ASSERT_TRUE(other.ok()) << other.status();
  gate->Open();
  const auto when = [this](const std::string& id) {
    const auto statuses = WatchScan(channel_, id);
    EXPECT_TRUE(statuses.ok()) << statuses.status();
    const auto& scanned = statuses->back().report().scanned();
    return std::make_pair(scanned.seconds(), scanned.nanos());
  };
  for (size_t i = 1; i < flood.size(); ++i) {
    EXPECT_LT(when(flood[i - 1]), when(flood[i]));
  }
  EXPECT_LT(when(*other), when(flood[2]));
}

TEST_F(ServerTest, ASubmittedScanIsCancelledAndWhoWatchesHearsOfIt) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  options_.scan_workers = 1;
  Start();
  const auto running = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(running.ok()) << running.status();
  gate->WaitFor(1);
  const auto waiting = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  for (const std::string& id : {*running, *waiting}) {
    v1::GetScanRequest request;
    request.set_scan_id(id);
    const auto context = NewContext();
    const auto watch = scan()->WatchScan(context.get(), request);
    v1::ScanStatus seen;
    ASSERT_TRUE(watch->Read(&seen));
    for (int i = 0; i < 2; ++i) {
      const auto cancelled =
          Call(scan().get(), &v1::ScanService::Stub::CancelScan, request);
      ASSERT_TRUE(cancelled.ok()) << cancelled.status();
      EXPECT_EQ(cancelled->state(), v1::ScanStatus::STATE_CANCELLED);
    }
    while (watch->Read(&seen)) {
    }
    EXPECT_EQ(seen.state(), v1::ScanStatus::STATE_CANCELLED);
    EXPECT_TRUE(watch->Finish().ok());
  }
  EXPECT_TRUE(SpoolIsEmpty());
  gate->Open();
  EXPECT_TRUE(ScanBytes(channel_, UnrelatedVideo()).ok());
  v1::GetScanRequest request;
  EXPECT_TRUE(absl::IsInvalidArgument(
      Call(scan().get(), &v1::ScanService::Stub::CancelScan, request)
          .status()));
  request.set_scan_id("scan-none");
  EXPECT_TRUE(absl::IsNotFound(
      Call(scan().get(), &v1::ScanService::Stub::CancelScan, request)
          .status()));
}

// A direct scan of a long video that is being decoded.
struct DecodingScan {
  explicit DecodingScan(v1::ScanService::Stub& stub) {
    stream = stub.Scan(context.get());
    for (const auto& message :
         MessagesOf<v1::UploadRequest>(v1::UploadHeader(), LongVideo())) {
      EXPECT_TRUE(stream->Write(message));
    }
    stream->WritesDone();
    do {
      EXPECT_TRUE(stream->Read(&event));
    } while (!event.progress().has_decoded() && !event.has_report());
    EXPECT_TRUE(event.has_progress());
  }
  grpc::Status Finish() {
    while (stream->Read(&event)) {
    }
    return stream->Finish();
  }
  const std::unique_ptr<grpc::ClientContext> context = NewContext();
  std::unique_ptr<grpc::ClientReaderWriter<v1::UploadRequest, v1::ScanEvent>>
      stream;
  v1::ScanEvent event;
};

TEST_F(ServerTest, ACallerThatCancelsDuringDecodingFreesTheWorker) {
  const auto gate = std::make_shared<GateScorer>();
  gate->Open();
  options_.cues = gate;
  options_.scan_workers = 1;
  Start();
  DecodingScan decoding(*scan());
  decoding.context->TryCancel();
  EXPECT_EQ(decoding.Finish().error_code(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(ScanBytes(channel_, UnrelatedVideo()).ok());
  EXPECT_EQ(gate->arrived(), 1) << "the decoding was cut short";
  server_->Shutdown(absl::InfiniteDuration());
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, TheServersDeadlineDuringDecodingFreesTheWorker) {
  const auto gate = std::make_shared<GateScorer>();
  gate->Open();
  options_.cues = gate;
  options_.scan_workers = 1;
  options_.clock = &clock_;
  Start();
  DecodingScan decoding(*scan());
  clock_.Advance(options_.scan_deadline);
  EXPECT_EQ(decoding.Finish().error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  ASSERT_TRUE(ScanBytes(channel_, UnrelatedVideo()).ok());
  EXPECT_EQ(gate->arrived(), 1) << "the decoding was cut short";
}

TEST_F(ServerTest, AScanThatStillWaitsForItsTurnEndsAtItsDeadline) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  options_.scan_workers = 1;
  options_.clock = &clock_;
  Start();
  const auto held = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(held.ok()) << held.status();
  gate->WaitFor(1);
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  for (const auto& message : UploadFor("a", UnrelatedVideo())) {
    ASSERT_TRUE(stream->Write(message));
  }
  stream->WritesDone();
  v1::ScanEvent event;
  ASSERT_TRUE(stream->Read(&event));
  clock_.Advance(options_.scan_deadline);
  while (stream->Read(&event)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  gate->Open();
}

TEST_F(ServerTest, AScanCancelledWhileItWaitsForItsTurnGivesItsPlaceBack) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  options_.scan_workers = 1;
  options_.max_uploads = 1;
  Start();
  const auto held = SubmitBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(held.ok()) << held.status();
  gate->WaitFor(1);
  for (int i = 0; i < 50; ++i) {
    const auto context = NewContext();
    const auto stream = scan()->Scan(context.get());
    for (const auto& message : UploadFor("a", "bytes")) stream->Write(message);
    stream->WritesDone();
    v1::ScanEvent event;
    if (stream->Read(&event)) {
      context->TryCancel();
      EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
    } else {  // The one before has not left its place yet.
      EXPECT_EQ(stream->Finish().error_code(),
                grpc::StatusCode::RESOURCE_EXHAUSTED);
      --i;
    }
  }
  gate->Open();
  server_->Shutdown(absl::InfiniteDuration());
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, HealthIsToldForTheServerAndEachService) {
  Start();
  for (const char* service :
       {"", "lenscap.v1.ScanService", "lenscap.v1.HashListService",
        "lenscap.v1.TakedownService"}) {
    const auto health = Health(service);
    ASSERT_TRUE(health.ok()) << service << ": " << health.status();
    EXPECT_EQ(*health, kServing) << service;
  }
  EXPECT_TRUE(absl::IsNotFound(Health("no.such.Service").status()));
}

TEST_F(ServerTest, ReflectionNamesTheServices) {
  Start();
  const std::string list_services = "\x3a\x01*";
  const auto reply =
      CallRaw(channel_,
              "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
              list_services);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_THAT(*reply, HasSubstr("lenscap.v1.ScanService"));
  EXPECT_THAT(*reply, HasSubstr("lenscap.v1.TakedownService"));
}

TEST_F(ServerTest, OnlyTheChosenRolesAreOffered) {
  options_.roles = {Role::kLists};
  Start();
  EXPECT_TRUE(PublishFootage(channel_, "list", "entry", KnownClip()).ok());
  EXPECT_TRUE(absl::IsUnimplemented(ScanBytes(channel_, "x").status()));
  EXPECT_TRUE(absl::IsUnimplemented(LeaseOne().status()));
  EXPECT_EQ(*Health("lenscap.v1.HashListService"), kServing);
  EXPECT_EQ(*Health("lenscap.v1.ScanService"), kNotServing);
}

TEST_F(ServerTest, ASecondServerOnTheSameDirectoryIsRefused) {
  Start();
  const auto second = Server::Start(options_);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(options_.data_directory));
}

TEST_F(ServerTest, ASecondServerOnTheSamePortIsRefused) {
  options_.listen_address = "127.0.0.1:0";
  Start();
  ASSERT_GT(server_->port(), 0);
  ServerOptions other = options_;
  other.data_directory = MakeTempDirectory();
  other.listen_address = absl::StrCat("127.0.0.1:", server_->port());
  const auto second = Server::Start(other);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(other.listen_address));
  EXPECT_FALSE(server_->InProcessChannel() == nullptr);
}

TEST_F(ServerTest, ItIsReachedByASocketToo) {
  options_.listen_address = "127.0.0.1:0";
  Start();
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                 grpc::InsecureChannelCredentials());
  const auto report = ScanBytes(channel_, UnrelatedVideo());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_ALLOW);
}

TEST_F(ServerTest, ABadMediaRootIsNamed) {
  options_.media_roots = {"/no/such/folder"};
  const auto server = Server::Start(options_);
  EXPECT_TRUE(absl::IsInvalidArgument(server.status()));
  EXPECT_THAT(std::string(server.status().message()),
              HasSubstr("/no/such/folder"));
}

TEST_F(ServerTest, WhoWatchesIsToldOfTheShutdown) {
  StartWithKnownClip();
  const auto context = NewContext();
  const auto watch = takedown()->Watch(context.get(), v1::WatchRequest());
  ASSERT_TRUE(ScanBytes(channel_, DisguisedExcerpt()).ok());
  v1::CaseEvent event;
  ASSERT_TRUE(watch->Read(&event));
  server_->Shutdown(absl::InfiniteDuration());
  EXPECT_FALSE(watch->Read(&event));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(
      ScanBytes(channel_, "x").status().code(),
      AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kCancelled));
}

TEST_F(ServerTest, AScanThatRunsIsFinishedWithinTheGrace) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  Start();
  const auto context = NewContext();
  const auto stream = scan()->Scan(context.get());
  for (const auto& message :
       MessagesOf<v1::UploadRequest>(v1::UploadHeader(), UnrelatedVideo())) {
    ASSERT_TRUE(stream->Write(message));
  }
  stream->WritesDone();
  gate->WaitFor(1);
  std::thread shutdown([this] { server_->Shutdown(absl::InfiniteDuration()); });
  gate->Open();
  v1::ScanEvent event;
  while (stream->Read(&event)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(event.has_report());
  shutdown.join();
}

TEST_F(ServerTest, WhatWasAcceptedIsDoneByTheNextServer) {
  const auto gate = std::make_shared<GateScorer>();
  options_.cues = gate;
  Start();
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const auto id = SubmitBytes(channel_, UnrelatedVideo());
    ASSERT_TRUE(id.ok()) << id.status();
    ids.push_back(*id);
  }
  gate->WaitFor(2);  // Two run, two wait.
  std::thread shutdown([this] { server_->Shutdown(absl::ZeroDuration()); });
  gate->Open();
  shutdown.join();
  Start();
  for (const std::string& id : ids) {
    const auto statuses = WatchScan(channel_, id);
    ASSERT_TRUE(statuses.ok()) << statuses.status();
    EXPECT_EQ(statuses->back().state(), v1::ScanStatus::STATE_DONE);
  }
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ServerTest, EverythingIsThereAfterARestart) {
  StartWithKnownClip();
  const auto report = ScanBytes(channel_, DisguisedExcerpt());
  ASSERT_TRUE(report.ok()) << report.status();
  Start();
  const auto again = ScanBytes(channel_, DisguisedExcerpt());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->verdict().action(), v1::ACTION_BLOCK);
  EXPECT_EQ(again->case_id(), report->case_id());
  const auto leased = LeaseOne();
  ASSERT_TRUE(leased.ok()) << leased.status();
  EXPECT_EQ(leased->case_().case_id(), report->case_id());
}

TEST_F(ServerTest, WhatItDoesIsCounted) {
  options_.metrics = std::make_shared<Metrics>();
  StartWithKnownClip();
  ASSERT_TRUE(ScanBytes(channel_, DisguisedExcerpt()).ok());
  const std::string text =
      prometheus::TextSerializer().Serialize(options_.metrics->Collect());
  EXPECT_THAT(text, HasSubstr("lenscap_scans_total{verdict=\"block\"} 1"));
  EXPECT_THAT(text, HasSubstr("lenscap_items{kind=\"cases_waiting\"} 1"));
  EXPECT_THAT(text, HasSubstr("lenscap_items{kind=\"list_entries\"} 1"));
}

TEST_F(ServerTest, ManyCallersAtATimeAreAllServed) {
  options_.max_uploads = 1000;
  StartWithKnownClip();
  constexpr int kThreads = 8;
  std::vector<std::string> failures(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const auto expect = [&, i](const absl::Status& status) {
        if (!status.ok()) failures[i] += status.ToString() + "; ";
      };
      const std::string name = absl::StrCat("t", i);
      expect(ScanBytes(channel_, DisguisedExcerpt(), name).status());
      const auto id = SubmitBytes(channel_, UnrelatedVideo(), name);
      expect(id.status());
      expect(PublishFootage(channel_, "list", name, UnrelatedVideo() + name)
                 .status());
      expect(Export(channel_, "list").status());
      if (id.ok()) expect(WatchScan(channel_, *id).status());
      const auto leased = LeaseOne();
      if (!leased.ok()) return;
      v1::DecideRequest decide;
      decide.set_lease_token(leased->lease_token());
      decide.set_outcome(v1::Decision::OUTCOME_KEEP);
      expect(Call(takedown().get(), &v1::TakedownService::Stub::Decide, decide)
                 .status());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(failures, Each(""));
}

}  // namespace
}  // namespace lenscap
