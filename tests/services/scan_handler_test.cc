#include "services/scan_handler.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/limit_status.h"
#include "services/proto_time.h"
#include "services/scan_jobs.h"
#include "services/tenants.h"
#include "takedown/upload_standing.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using ::testing::StartsWith;

class ScanHandlerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto jobs = ScanJobs::Open({.directory = rooms_.directory + "/scans",
                                .spool = &rooms_.spool,
                                .roots = &roots_,
                                .screener = &screener_,
                                .workers = &workers_,
                                .tenants = &tenants_,
                                .watchdog = &watchdog_,
                                .deadline = absl::Minutes(30),
                                .max_attempts = 3,
                                .max_bytes = kMaxBytes,
                                .news = &rooms_.news,
                                .clock = &rooms_.clock});
    ASSERT_TRUE(jobs.ok()) << jobs.status();
    jobs_ = *std::move(jobs);
    scan_ = {.spool = &rooms_.spool,
             .jobs = jobs_.get(),
             .screener = &screener_,
             .admission = &rooms_.admission,
             .tenants = &tenants_,
             .max_bytes = kMaxBytes,
             .holds = holds_.get()};
  }

  std::unique_ptr<HeldUploads> OpenHolds() {
    return *HeldUploads::Open(
        {.directory = rooms_.directory + "/holds", .clock = &rooms_.clock});
  }
  VideoScreener::Options Screening() {
    VideoScreener::Options options = rooms_.ScreenerOptions();
    options.holds = holds_.get();
    return options;
  }
  static v1::UploadHeader HeldFor(int seconds) {
    v1::UploadHeader header;
    header.set_content_id("held");
    header.mutable_pre_publish()->mutable_deadline()->set_seconds(seconds);
    return header;
  }

  absl::Status TakeAll(ScanUpload& upload, const v1::UploadHeader& header,
                       const std::string& bytes) {
    for (const auto& message : MessagesOf<v1::UploadRequest>(header, bytes)) {
      const absl::Status status = upload.Take(message);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<v1::ScanReport> Scan(const v1::UploadHeader& header,
                                      const std::string& bytes) {
    ScanUpload upload(&scan_, caller_, ScanUpload::Kind::kScan);
    const absl::Status status = TakeAll(upload, header, bytes);
    if (!status.ok()) return status;
    return upload.Scan([](const v1::Progress&) {}, cancellation_);
  }
  absl::StatusOr<v1::SubmitReply> Submit(const v1::UploadHeader& header,
                                         const std::string& bytes) {
    ScanUpload upload(&scan_, caller_, ScanUpload::Kind::kSubmit);
    const absl::Status status = TakeAll(upload, header, bytes);
    if (!status.ok()) return status;
    return upload.Submit(cancellation_);
  }
  bool SpoolIsEmpty() {
    return std::filesystem::is_empty(rooms_.directory + "/spool");
  }

  static constexpr int64_t kMaxBytes = 64 << 20;
  Rooms rooms_;
  MediaRoots roots_;
  Watchdog watchdog_{&rooms_.clock};
  const std::unique_ptr<HeldUploads> holds_ = OpenHolds();
  VideoScreener screener_{Screening()};
  WorkerPool workers_{1, 10};
  Tenants tenants_{{.limits = {}, .clock = &rooms_.clock}};
  std::unique_ptr<ScanJobs> jobs_;
  Caller caller_ = LocalCaller();
  ScanRooms scan_;
  Cancellation cancellation_;
};

TEST_F(ScanHandlerTest, AScanKeepsNoFile) {
  const auto report = Scan({}, UnrelatedVideo());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(report->content_id(),
            "sha256:" + ToHex(Sha256Of(UnrelatedVideo())));
  EXPECT_THAT(report->scan_id(), StartsWith("scan-"));
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(ScanHandlerTest, ASubmittedScanCanBeAskedFor) {
  const auto reply = Submit({}, "bytes");
  ASSERT_TRUE(reply.ok()) << reply.status();
  v1::GetScanRequest request;
  request.set_scan_id(reply->scan_id());
  const auto status = GetScan(scan_, caller_, request);
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->state(), v1::ScanStatus::STATE_WAITING);
  EXPECT_FALSE(SpoolIsEmpty());
}

TEST_F(ScanHandlerTest, ASubmitThatWasCancelledIsNotAccepted) {
  cancellation_.Cancel(absl::CancelledError("gone"));
  EXPECT_EQ(Submit({}, "bytes").status(), absl::CancelledError("gone"));
  EXPECT_TRUE(SpoolIsEmpty());
  EXPECT_EQ(jobs_->GetStats()->waiting, 0);
}

TEST_F(ScanHandlerTest, AnUploadThatIsLetThroughIsHeldNoMore) {
  const auto report = Scan(HeldFor(60), UnrelatedVideo());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_ALLOW);
  EXPECT_FALSE(holds_->State("held")->has_value());
}

TEST_F(ScanHandlerTest, AnUploadThatCannotBeReadStaysHeldUntilItsDeadline) {
  const auto report = Scan(HeldFor(60), "no video");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_UNREADABLE);
  ASSERT_TRUE(holds_->State("held")->has_value());
  rooms_.clock.Advance(absl::Minutes(1));
  const auto standing_of = [this](absl::string_view content_id) {
    return StandingIn(*rooms_.cases, content_id, absl::Seconds(10),
                      rooms_.clock.Now());
  };
  ASSERT_TRUE(holds_->FallDue(standing_of).ok());
  EXPECT_EQ(holds_->Due(10)->size(), 1);
}

TEST_F(ScanHandlerTest, ASubmittedUploadIsHeldOnceItIsAccepted) {
  ASSERT_TRUE(Submit(HeldFor(60), "bytes").ok());
  const auto held = holds_->State("held");
  ASSERT_TRUE(held->has_value());
  EXPECT_EQ(FromProto((*held)->deadline()),
            rooms_.clock.Now() + absl::Minutes(1));
}

TEST_F(ScanHandlerTest, ADecisionStandsOnceItCanNoLongerBeUndone) {
  v1::Case opened;
  opened.set_content_id("held");
  const auto standing = [&] {
    return *StandingIn(*rooms_.cases, "held", absl::Seconds(10),
                       rooms_.clock.Now());
  };
  EXPECT_EQ(standing(), UploadStanding::kOpen);
  ASSERT_TRUE(rooms_.cases->Submit(opened).ok());
  EXPECT_EQ(standing(), UploadStanding::kOpen);
  auto leases = rooms_.cases->LeaseCases("ann", 1, absl::Minutes(1));
  ASSERT_TRUE(
      std::move(leases->at(0)).Decide(v1::Decision::OUTCOME_KEEP, "").ok());
  EXPECT_EQ(standing(), UploadStanding::kUndoable);
  rooms_.clock.Advance(absl::Seconds(10));
  EXPECT_EQ(standing(), UploadStanding::kDecided);
}

TEST_F(ScanHandlerTest, AHoldByUriNeedsAName) {
  v1::UploadHeader header = HeldFor(60);
  header.clear_content_id();
  header.set_uri("file:/somewhere");
  EXPECT_THAT(std::string(Submit(header, "").status().message()),
              StartsWith("header.content_id: "));
}

TEST_F(ScanHandlerTest, ABadHeaderIsRefusedByTheNameOfItsField) {
  const std::string too_long(257, 'x');
  const struct {
    std::string field;
    std::function<void(v1::UploadHeader&)> spoil;
    absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  } kCases[] = {
      {"header.content_id", [&](auto& h) { h.set_content_id(too_long); }},
      {"header.account", [&](auto& h) { h.set_account(too_long); }},
      {"header.group", [&](auto& h) { h.set_group(too_long); }},
      {"header.total_bytes", [](auto& h) { h.set_total_bytes(-1); }},
      {"header.total_bytes", [](auto& h) { h.set_total_bytes(kMaxBytes + 1); }},
      {"header.total_bytes", [](auto& h) { h.set_total_bytes(4); }},
      {"header.sha256", [](auto& h) { h.set_sha256("short"); }},
      {"header.sha256", [](auto& h) { h.set_sha256(std::string(32, 'x')); },
       absl::StatusCode::kDataLoss},
      {"header.uri", [](auto& h) { h.set_uri(std::string(4097, 'u')); }},
      {"header.tenant", [](auto& h) { h.set_tenant(std::string(65, 't')); }},
      {"header.tenant", [](auto& h) { h.set_tenant("two\nlines"); }},
      {"header.language",
       [](auto& h) { h.set_language(std::string(33, 'l')); }},
      {"header.camera", [&](auto& h) { h.set_camera(too_long); }},
      {"header.pre_publish.deadline", [](auto& h) { h.mutable_pre_publish(); }},
      {"header.pre_publish.deadline", [](auto& h) { h = HeldFor(2'592'001); }},
      {"header.pre_publish.fallback",
       [](auto& h) {
         h = HeldFor(60);
         h.mutable_pre_publish()->set_fallback(static_cast<v1::Fallback>(7));
       }},
  };
  for (const auto& test : kCases) {
    v1::UploadHeader header;
    test.spoil(header);
    for (const absl::Status& status :
         {Scan(header, "bytes").status(), Submit(header, "bytes").status()}) {
      EXPECT_EQ(status.code(), test.code) << test.field << ": " << status;
      EXPECT_THAT(std::string(status.message()), StartsWith(test.field + ": "));
    }
  }
  EXPECT_TRUE(SpoolIsEmpty());
  EXPECT_EQ(jobs_->GetStats()->waiting, 0);
}

TEST_F(ScanHandlerTest, AUriComesInsteadOfChunksAndOnlyToSubmit) {
  v1::UploadHeader header;
  header.set_uri("file:/somewhere");
  EXPECT_THAT(std::string(Scan(header, "").status().message()),
              StartsWith("header.uri: only Submit takes one"));
  EXPECT_EQ(Submit(header, "bytes").status().message(),
            "chunk: none may follow header.uri");
  EXPECT_TRUE(absl::IsPermissionDenied(Submit(header, "").status()));
}

TEST_F(ScanHandlerTest, MessagesMustComeInOrder) {
  v1::UploadRequest header, chunk, neither;
  header.mutable_header();
  chunk.mutable_chunk()->set_data("x");
  const auto take = [this](std::initializer_list<v1::UploadRequest> messages) {
    ScanUpload upload(&scan_, caller_, ScanUpload::Kind::kScan);
    absl::Status status;
    for (const v1::UploadRequest& message : messages) {
      if (status.ok()) status = upload.Take(message);
    }
    return status.ok()
               ? upload.Scan([](const v1::Progress&) {}, cancellation_).status()
               : status;
  };
  EXPECT_EQ(take({}).message(),
            "header: expected as the first message, got none");
  EXPECT_EQ(take({chunk}).message(),
            "header: expected as the first message, got none");
  EXPECT_EQ(take({neither}).message(), "part: expected a header or a chunk");
  EXPECT_EQ(take({header, neither}).message(),
            "part: expected a header or a chunk");
  EXPECT_EQ(take({header, header}).message(), "header: sent twice");
  EXPECT_EQ(take({header, chunk, chunk}).message(),
            "chunk.offset: expected 1, got 0");
  EXPECT_TRUE(take({header}).ok()) << "an empty file is a file";
}

TEST_F(ScanHandlerTest, AScanIdThatIsNoneIsRefused) {
  v1::GetScanRequest request;
  EXPECT_THAT(std::string(GetScan(scan_, caller_, request).status().message()),
              StartsWith("scan_id: expected 1 to 64 bytes"));
  request.set_scan_id(std::string(65, 'x'));
  EXPECT_TRUE(
      absl::IsInvalidArgument(GetScan(scan_, caller_, request).status()));
  request.set_scan_id("scan-nowhere");
  EXPECT_TRUE(absl::IsNotFound(GetScan(scan_, caller_, request).status()));
}

TEST_F(ScanHandlerTest, ACancelledScanIsAnsweredWithItsStatus) {
  const auto reply = Submit({}, "bytes");
  ASSERT_TRUE(reply.ok()) << reply.status();
  v1::GetScanRequest request;
  EXPECT_TRUE(
      absl::IsInvalidArgument(CancelScan(scan_, caller_, request).status()));
  request.set_scan_id(reply->scan_id());
  const auto status = CancelScan(scan_, caller_, request);
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->state(), v1::ScanStatus::STATE_CANCELLED);
  EXPECT_TRUE(SpoolIsEmpty());
}

// A scan handler for tenants with limits.
class TenantLimitsTest : public ScanHandlerTest {
 protected:
  void Limit(TenantLimits limits) {
    limited_.emplace(
        Tenants::Options{.limits = limits, .clock = &rooms_.clock});
    scan_.tenants = &*limited_;
  }
  static v1::UploadHeader HeaderOf(const std::string& tenant,
                                   int64_t total_bytes = 0) {
    v1::UploadHeader header;
    header.set_tenant(tenant);
    header.set_total_bytes(total_bytes);
    return header;
  }
  static v1::UploadRequest Message(const v1::UploadHeader& header) {
    v1::UploadRequest message;
    *message.mutable_header() = header;
    return message;
  }
  std::optional<Tenants> limited_;
};

TEST_F(TenantLimitsTest, OneTenantsUploadsLeaveRoomForAnother) {
  Limit({.uploads = 1});
  ScanUpload first(&scan_, caller_, ScanUpload::Kind::kScan);
  ASSERT_TRUE(first.Take(Message(HeaderOf("a"))).ok());
  ScanUpload second(&scan_, caller_, ScanUpload::Kind::kSubmit);
  EXPECT_EQ(LimitOf(second.Take(Message(HeaderOf("a")))), kTenantUploadsLimit);
  ScanUpload other(&scan_, caller_, ScanUpload::Kind::kSubmit);
  EXPECT_TRUE(other.Take(Message(HeaderOf("b"))).ok());
}

TEST_F(TenantLimitsTest, SubmittedScansThatWaitAreBounded) {
  Limit({.waiting_scans = 1});
  ASSERT_TRUE(Submit(HeaderOf("a"), "bytes").ok());
  EXPECT_EQ(LimitOf(Submit(HeaderOf("a"), "bytes").status()),
            kTenantWaitingScansLimit);
  EXPECT_TRUE(Submit(HeaderOf("b"), "bytes").ok());
  EXPECT_TRUE(Scan(HeaderOf("a"), "bytes").ok()) << "a direct scan waits not";
  EXPECT_EQ(jobs_->GetStats()->waiting, 2);
}

TEST_F(TenantLimitsTest, ASubmissionThatFailsGivesItsPlaceBack) {
  Limit({.waiting_scans = 1});
  EXPECT_FALSE(Submit(HeaderOf("a", 4), "bytes").ok());
  EXPECT_TRUE(Submit(HeaderOf("a"), "bytes").ok());
}

TEST_F(TenantLimitsTest, BytesAreRefusedBeforeTheyComeOrAsTheyDo) {
  Limit({.bytes_per_hour = 8});
  ScanUpload declared(&scan_, caller_, ScanUpload::Kind::kScan);
  ASSERT_TRUE(declared.Take(Message(HeaderOf("a", 6))).ok());
  ScanUpload too_long(&scan_, caller_, ScanUpload::Kind::kScan);
  EXPECT_EQ(LimitOf(too_long.Take(Message(HeaderOf("a", 3)))),
            kTenantBytesLimit);
  EXPECT_EQ(LimitOf(Scan(HeaderOf("a"), "123").status()), kTenantBytesLimit);
  EXPECT_TRUE(Scan(HeaderOf("a"), "12").ok());
  v1::UploadRequest chunk;
  chunk.mutable_chunk()->set_data("123456");
  EXPECT_TRUE(declared.Take(chunk).ok()) << "room was kept for it";
}

TEST_F(TenantLimitsTest, BytesThatDidNotComeAreGivenBack) {
  Limit({.bytes_per_hour = 8});
  {
    ScanUpload gone(&scan_, caller_, ScanUpload::Kind::kScan);
    ASSERT_TRUE(gone.Take(Message(HeaderOf("a", 8))).ok());
  }
  EXPECT_TRUE(Scan(HeaderOf("a"), "12345678").ok());
  EXPECT_FALSE(Scan(HeaderOf("a"), "1").ok());
  rooms_.clock.Advance(absl::Hours(1));
  EXPECT_TRUE(Scan(HeaderOf("a"), "12345678").ok());
}

TEST_F(TenantLimitsTest, DecodingIsChargedAndTheNextScanRefused) {
  Limit({.decode_per_hour = absl::Microseconds(1)});
  const auto report = Scan(HeaderOf("a"), UnrelatedVideo());
  ASSERT_TRUE(report.ok()) << report.status();
  const absl::Status refused = Scan(HeaderOf("a"), UnrelatedVideo()).status();
  EXPECT_EQ(LimitOf(refused), kTenantDecodeLimit);
  EXPECT_EQ(LimitOf(Submit(HeaderOf("a"), "bytes").status()),
            kTenantDecodeLimit);
  EXPECT_TRUE(Scan(HeaderOf("b"), UnrelatedVideo()).ok());
  rooms_.clock.Advance(
      absl::Hours(1) *
      (2 + FromProto(report->timings().decode()) / absl::Microseconds(1)));
  EXPECT_TRUE(Scan(HeaderOf("a"), UnrelatedVideo()).ok());
}

TEST_F(ScanHandlerTest, AnUploadTakesAPlaceUntilItIsOver) {
  Admission one(1);
  scan_.admission = &one;
  v1::UploadRequest header;
  header.mutable_header();
  {
    ScanUpload first(&scan_, caller_, ScanUpload::Kind::kScan);
    ASSERT_TRUE(first.Take(header).ok());
    ScanUpload second(&scan_, caller_, ScanUpload::Kind::kSubmit);
    EXPECT_TRUE(absl::IsResourceExhausted(second.Take(header)));
  }
  ScanUpload third(&scan_, caller_, ScanUpload::Kind::kScan);
  EXPECT_TRUE(third.Take(header).ok());
}

}  // namespace
}  // namespace lenscap
