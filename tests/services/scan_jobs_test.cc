#include "services/scan_jobs.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/fingerprint_video.h"
#include "services/tenants.h"
#include "tests/services/footage.h"
#include "tests/services/full_queue.h"
#include "tests/services/gate_scorer.h"
#include "tests/services/rooms.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ScanJobsTest : public testing::Test {
 protected:
  void Open() { OpenWith(tenants_); }
  void OpenWith(Tenants& tenants) {
    jobs_.reset();
    screener_ = std::make_unique<VideoScreener>(screening_);
    workers_ = std::make_unique<WorkerPool>(threads_, 100);
    roots_ = *MediaRoots::Open({media_});
    auto jobs = ScanJobs::Open({.directory = rooms_.directory + "/scans",
                                .spool = &rooms_.spool,
                                .roots = &roots_,
                                .screener = screener_.get(),
                                .workers = workers_.get(),
                                .tenants = &tenants,
                                .watchdog = &watchdog_,
                                .deadline = absl::Minutes(30),
                                .max_attempts = 3,
                                .max_bytes = 1 << 30,
                                .news = &rooms_.news,
                                .clock = &rooms_.clock});
    ASSERT_TRUE(jobs.ok()) << jobs.status();
    jobs_ = *std::move(jobs);
  }

  // What a server that crashed in the middle of a scan leaves behind.
  void CrashDuringScan() {
    jobs_.reset();
    const auto queue =
        LeaseQueue::Open({.directory = rooms_.directory + "/scans",
                          .max_deliveries = 3,
                          .clock = &rooms_.clock});
    ASSERT_TRUE(queue.ok()) << queue.status();
    ASSERT_EQ((*queue)->ClaimItems("worker", 1, absl::Hours(1))->size(), 1);
  }

  UploadedFile UploadOf(const std::string& bytes) {
    auto upload = Upload::Begin(rooms_.spool, {}, 1 << 30);
    v1::Chunk chunk;
    for (size_t offset = 0; offset < bytes.size(); offset += 1 << 20) {
      chunk.set_offset(static_cast<int64_t>(offset));
      chunk.set_data(bytes.substr(offset, 1 << 20));
      EXPECT_TRUE(upload->Append(chunk).ok());
    }
    return *(*std::move(upload)).Finish();
  }
  Tenant::Place PlaceOf(const std::string& tenant) {
    return tenants_.Get(tenant)->StayWaiting();
  }
  std::string Accept(const std::string& bytes,
                     const std::string& content_id = "content",
                     const std::string& tenant = "") {
    v1::UploadHeader header;
    header.set_content_id(content_id);
    header.set_tenant(tenant);
    const auto id = jobs_->Accept(header, UploadOf(bytes), PlaceOf(tenant));
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  v1::ScanStatus Get(const std::string& id) {
    const auto status = jobs_->Get(id);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.value_or(v1::ScanStatus());
  }
  // Waits, without a limit, for the end of a scan.
  v1::ScanStatus WaitForEnd(const std::string& id) {
    std::mutex mutex;
    std::condition_variable changed;
    bool news = true;
    const uint64_t subscription = rooms_.news.Subscribe(id, [&] {
      std::lock_guard lock(mutex);
      news = true;
      changed.notify_all();
    });
    v1::ScanStatus status;
    while (status.state() < v1::ScanStatus::STATE_DONE) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return std::exchange(news, false); });
      lock.unlock();
      status = Get(id);
    }
    rooms_.news.Unsubscribe(id, subscription);
    return status;
  }

  size_t FilesInSpool() {
    return std::distance(fs::directory_iterator(rooms_.directory + "/spool"),
                         {});
  }
  std::string MediaFile(const std::string& name, const std::string& bytes) {
    const std::string path = media_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  void PublishKnownClip() {
    const auto video = FingerprintReference(
        MakeMemorySource(KnownClip()), FileDigests(),
        {.reader = {.sample_interval = kReferenceInterval}});
    ASSERT_TRUE(video.ok()) << video.status();
    ASSERT_TRUE(rooms_.clips->CreateList("list", "hotline").ok());
    ASSERT_TRUE(rooms_.clips
                    ->Publish(ClipFromVideo(*video, "list", "entry",
                                            Severity::kConfirmed))
                    .ok());
  }

  Rooms rooms_;
  const std::string media_ = MakeTempDirectory();
  int threads_ = 2;
  Watchdog watchdog_{&rooms_.clock};
  Tenants tenants_{{.limits = {.waiting_scans = 5}, .clock = &rooms_.clock}};
  VideoScreener::Options screening_ = rooms_.ScreenerOptions();
  MediaRoots roots_;
  std::unique_ptr<VideoScreener> screener_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<ScanJobs> jobs_;
};

TEST_F(ScanJobsTest, AnAcceptedScanIsDoneAndItsFileRemoved) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  const v1::ScanStatus waiting = Get(id);
  EXPECT_EQ(waiting.state(), v1::ScanStatus::STATE_WAITING);
  EXPECT_EQ(waiting.attempts(), 0);
  EXPECT_EQ(FilesInSpool(), 1);
  jobs_->Start();
  const v1::ScanStatus done = WaitForEnd(id);
  EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE);
  EXPECT_EQ(done.attempts(), 1);
  EXPECT_EQ(done.report().scan_id(), id);
  EXPECT_EQ(done.report().content_id(), "content");
  EXPECT_EQ(done.report().sha256(), ToBytes(Sha256Of(UnrelatedVideo())));
  EXPECT_EQ(done.report().verdict().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(FilesInSpool(), 0);
}

TEST_F(ScanJobsTest, WhatCannotBeDecodedIsDoneToo) {
  Open();
  const std::string id = Accept("garbage");
  jobs_->Start();
  const v1::ScanStatus done = WaitForEnd(id);
  EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE);
  EXPECT_EQ(done.report().verdict().action(), v1::ACTION_UNREADABLE);
}

TEST_F(ScanJobsTest, TheNextProcessDoesWhatWasAccepted) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  Open();
  EXPECT_EQ(Get(id).state(), v1::ScanStatus::STATE_WAITING);
  jobs_->Start();
  EXPECT_EQ(WaitForEnd(id).state(), v1::ScanStatus::STATE_DONE);
}

TEST_F(ScanJobsTest, TheNextProcessTakesUpWhatACrashCutShort) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  CrashDuringScan();
  Open();
  jobs_->Start();
  const v1::ScanStatus done = WaitForEnd(id);
  EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE);
  EXPECT_EQ(done.attempts(), 2);
}

TEST_F(ScanJobsTest, AScanThatCrashesItsServersIsGivenUp) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  for (int i = 0; i < 3; ++i) {
    CrashDuringScan();
    Open();
  }
  jobs_->Start();
  const v1::ScanStatus failed = Get(id);
  EXPECT_EQ(failed.state(), v1::ScanStatus::STATE_FAILED);
  EXPECT_EQ(failed.failure(),
            "given up after 3 tries: the server stopped during each");
  EXPECT_EQ(FilesInSpool(), 0);
}

TEST_F(ScanJobsTest, FilesThatNoScanWaitsForAreRemovedAtTheStart) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  auto orphan = rooms_.spool.Create();
  ASSERT_TRUE(orphan.ok());
  orphan->Keep();
  Open();
  EXPECT_EQ(FilesInSpool(), 1);
  EXPECT_FALSE(fs::exists(orphan->path()));
  jobs_->Start();
  EXPECT_EQ(WaitForEnd(id).state(), v1::ScanStatus::STATE_DONE);
}

TEST_F(ScanJobsTest, ARunningScanIsToldFromAWaitingOne) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  const std::string first = Accept(UnrelatedVideo(), "1");
  const std::string second = Accept(UnrelatedVideo(), "2");
  const std::string third = Accept(UnrelatedVideo(), "3");
  jobs_->Start();
  gate->WaitFor(2);
  EXPECT_EQ(Get(first).state(), v1::ScanStatus::STATE_RUNNING);
  EXPECT_EQ(Get(first).attempts(), 1);
  EXPECT_GT(Get(first).progress().frames_sampled(), 0);
  EXPECT_EQ(Get(second).state(), v1::ScanStatus::STATE_RUNNING);
  EXPECT_EQ(Get(third).state(), v1::ScanStatus::STATE_WAITING);
  gate->Open();
  EXPECT_EQ(WaitForEnd(third).state(), v1::ScanStatus::STATE_DONE);
}

TEST_F(ScanJobsTest, StopWaitsForWhatRuns) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  const std::string id = Accept(UnrelatedVideo());
  jobs_->Start();
  gate->WaitFor(1);
  jobs_->StopClaiming();
  std::thread stop([this] { jobs_->Stop(absl::InfiniteDuration()); });
  gate->Open();
  stop.join();
  EXPECT_EQ(Get(id).state(), v1::ScanStatus::STATE_DONE);
}

TEST_F(ScanJobsTest, WhatGraceIsTooShortForIsPutBackUntried) {
  Open();
  const std::string running = Accept(LongVideo(), "1");
  const std::string other = Accept(LongVideo(), "2");
  const std::string waiting = Accept(UnrelatedVideo(), "3");
  std::promise<void> decoding;
  int news = 0;
  const uint64_t subscription = rooms_.news.Subscribe(running, [&] {
    // It runs, and has a frame; from here to the end is far.
    if (++news == 2) decoding.set_value();
  });
  jobs_->Start();
  decoding.get_future().wait();
  jobs_->Stop(absl::ZeroDuration());
  rooms_.news.Unsubscribe(running, subscription);
  EXPECT_EQ(Get(running).state(), v1::ScanStatus::STATE_WAITING);
  EXPECT_EQ(Get(running).attempts(), 0);
  EXPECT_EQ(Get(waiting).state(), v1::ScanStatus::STATE_WAITING);
  EXPECT_EQ(FilesInSpool(), 3);
  Open();
  jobs_->Start();
  for (const std::string& id : {running, other, waiting}) {
    const v1::ScanStatus done = WaitForEnd(id);
    EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE);
    EXPECT_EQ(done.attempts(), 1);
  }
}

TEST_F(ScanJobsTest, AScanThatTakesTooLongFails) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  const std::string id = Accept(UnrelatedVideo());
  jobs_->Start();
  gate->WaitFor(1);
  // The lease must hold until the scan has ended.
  const auto cancelled = std::make_shared<Cancellation>();
  std::promise<void> noticed;
  cancelled->SetHook([&] { noticed.set_value(); });
  watchdog_.Limit(cancelled, absl::Minutes(30));
  rooms_.clock.Advance(absl::Minutes(31));
  noticed.get_future().wait();
  cancelled->SetHook(nullptr);  // After the call that is going on.
  gate->Open();
  const v1::ScanStatus failed = WaitForEnd(id);
  EXPECT_EQ(failed.state(), v1::ScanStatus::STATE_FAILED);
  EXPECT_THAT(failed.failure(), HasSubstr("not done within 30m"));
  EXPECT_EQ(FilesInSpool(), 0);
}

TEST_F(ScanJobsTest, AScanWhoseLeaseRanOutIsTriedAgain) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  const std::string id = Accept(UnrelatedVideo());
  jobs_->Start();
  gate->WaitFor(1);
  rooms_.clock.Advance(absl::Hours(2));
  gate->Open();
  const v1::ScanStatus done = WaitForEnd(id);
  EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE) << done.failure();
  EXPECT_EQ(done.attempts(), 2);
}

TEST_F(ScanJobsTest, ATransientErrorIsTriedAgainAndThenNamed) {
  PublishKnownClip();
  FullQueue full;
  screening_.cases = &full;
  Open();
  const std::string id = Accept(DisguisedExcerpt());
  jobs_->Start();
  const v1::ScanStatus failed = WaitForEnd(id);
  EXPECT_EQ(failed.state(), v1::ScanStatus::STATE_FAILED);
  EXPECT_EQ(failed.attempts(), 3);
  EXPECT_EQ(full.submits, 3);
  EXPECT_THAT(failed.failure(), HasSubstr("the disk is full"));
}

TEST_F(ScanJobsTest, AFileNamedByUriIsScannedWhereItLies) {
  Open();
  const std::string path = MediaFile("clip.mp4", UnrelatedVideo());
  v1::UploadHeader header;
  header.set_uri("file:" + path);
  header.set_sha256(ToBytes(Sha256Of(UnrelatedVideo())));
  header.set_total_bytes(static_cast<int64_t>(UnrelatedVideo().size()));
  const auto id = jobs_->AcceptUri(header, PlaceOf(""));
  ASSERT_TRUE(id.ok()) << id.status();
  jobs_->Start();
  const v1::ScanStatus done = WaitForEnd(*id);
  EXPECT_EQ(done.state(), v1::ScanStatus::STATE_DONE) << done.failure();
  EXPECT_EQ(done.report().sha256(), ToBytes(Sha256Of(UnrelatedVideo())));
  EXPECT_EQ(done.report().content_id(),
            "sha256:" + ToHex(Sha256Of(UnrelatedVideo())));
  EXPECT_TRUE(fs::exists(path));
}

TEST_F(ScanJobsTest, AFileNamedByUriMustBeWhatWasPromised) {
  Open();
  v1::UploadHeader header;
  header.set_uri("file:" + MediaFile("clip.mp4", "other bytes"));
  header.set_sha256(ToBytes(Sha256Of("these bytes")));
  const auto wrong_digest = jobs_->AcceptUri(header, PlaceOf(""));
  header.clear_sha256();
  header.set_total_bytes(3);
  const auto wrong_length = jobs_->AcceptUri(header, PlaceOf(""));
  ASSERT_TRUE(wrong_digest.ok() && wrong_length.ok());
  jobs_->Start();
  EXPECT_THAT(WaitForEnd(*wrong_digest).failure(), HasSubstr("header.sha256"));
  EXPECT_THAT(WaitForEnd(*wrong_length).failure(),
              HasSubstr("header.total_bytes"));
}

TEST_F(ScanJobsTest, AFileThatIsGoneByThenFailsTheScan) {
  Open();
  const std::string path = MediaFile("clip.mp4", UnrelatedVideo());
  v1::UploadHeader header;
  header.set_uri("file:" + path);
  const auto id = jobs_->AcceptUri(header, PlaceOf(""));
  ASSERT_TRUE(id.ok());
  fs::remove(path);
  jobs_->Start();
  const v1::ScanStatus failed = WaitForEnd(*id);
  EXPECT_EQ(failed.state(), v1::ScanStatus::STATE_FAILED);
  EXPECT_THAT(failed.failure(), HasSubstr(path));
}

TEST_F(ScanJobsTest, AUriOutsideTheRootsIsRefusedAtOnce) {
  Open();
  v1::UploadHeader header;
  header.set_uri("file:/etc/passwd");
  EXPECT_TRUE(
      absl::IsPermissionDenied(jobs_->AcceptUri(header, PlaceOf("")).status()));
  EXPECT_EQ(jobs_->GetStats()->waiting, 0);
}

// The tenants whose scans have begun, in that order, one at a time.
class TurnsOfScansTest : public ScanJobsTest {
 protected:
  TurnsOfScansTest() { threads_ = 1; }
  void Await(const std::string& id, char name) {
    subscriptions_.emplace_back(id, rooms_.news.Subscribe(id, [this, name] {
      if (order_.empty() || order_.back() != name) order_ += name;
    }));
  }
  // Accepts one that ends at once.
  std::string AcceptOf(const std::string& tenant) {
    return Accept("garbage", "content", tenant);
  }
  ~TurnsOfScansTest() override {
    for (const auto& [id, subscription] : subscriptions_) {
      rooms_.news.Unsubscribe(id, subscription);
    }
  }
  std::string order_;  // Written by the one worker.
  std::vector<std::pair<std::string, uint64_t>> subscriptions_;
};

TEST_F(TurnsOfScansTest, AScanWaitsForOneOfEachOtherTenantHoweverManyWait) {
  Open();
  std::string last;
  for (int i = 0; i < 300; ++i) {
    last = AcceptOf("flood");
    if (i > 1) continue;
    Await(last, static_cast<char>('1' + i));
  }
  Await(AcceptOf("b"), 'b');
  Await(AcceptOf("c"), 'c');
  Await(AcceptOf("c"), 'C');
  jobs_->Start();
  WaitForEnd(last);
  // The tenants' first turns come in any order.
  EXPECT_LT(order_.find('b'), order_.find('2'));
  EXPECT_LT(order_.find('c'), order_.find('2'));
  EXPECT_EQ(order_.size(), 5);
}

TEST_F(TurnsOfScansTest, TurnsAreTheSameAfterARestart) {
  Open();
  std::vector<std::string> flood;
  for (int i = 0; i < 50; ++i) flood.push_back(AcceptOf("flood"));
  const std::string lone = AcceptOf("lone");
  Open();
  Await(flood[0], '1');
  Await(flood[1], '2');
  Await(lone, 'l');
  jobs_->Start();
  WaitForEnd(flood.back());
  EXPECT_LT(order_.find('1'), order_.find('2')) << "in order of arrival";
  EXPECT_LT(order_.find('l'), order_.find('2'));
  EXPECT_EQ(order_.size(), 3);
}

TEST_F(TurnsOfScansTest, DirectWorkOfATenantWaitsForOneOfItsSubmittedScans) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  const std::string first = Accept(UnrelatedVideo(), "1", "a");
  std::string last;
  std::string second = AcceptOf("a");
  Await(second, 's');
  std::string third = AcceptOf("a");
  Await(third, 't');
  for (int i = 0; i < 50; ++i) last = AcceptOf("a");
  jobs_->Start();
  gate->WaitFor(1);
  ASSERT_TRUE(workers_->Schedule("a", [this] { order_ += 'd'; }));
  gate->Open();
  WaitForEnd(last);
  EXPECT_EQ(order_, "sdt");
}

TEST_F(ScanJobsTest, APlaceAmongWhatWaitsIsGivenBackWhenItRuns) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  Open();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Accept(UnrelatedVideo()));
  EXPECT_FALSE(tenants_.Get("")->EnterWaiting().ok());
  jobs_->Start();
  gate->WaitFor(2);
  EXPECT_TRUE(tenants_.Get("")->EnterWaiting().ok());
  gate->Open();
  for (const std::string& id : ids) WaitForEnd(id);
}

TEST_F(ScanJobsTest, ATenantThatHasUsedUpItsDecodingWaits) {
  Tenants limited({.limits = {.decode_per_hour = absl::Minutes(1)},
                   .clock = &rooms_.clock});
  const auto a = limited.Get("a");
  a->ChargeDecode(absl::Minutes(2));
  OpenWith(limited);
  const std::string waits = Accept("garbage", "1", "a");
  const std::string other = Accept("garbage", "2", "b");
  jobs_->Start();
  EXPECT_EQ(WaitForEnd(other).state(), v1::ScanStatus::STATE_DONE);
  EXPECT_EQ(Get(waits).state(), v1::ScanStatus::STATE_WAITING);
  rooms_.clock.Advance(absl::Hours(2));
  EXPECT_EQ(WaitForEnd(waits).state(), v1::ScanStatus::STATE_DONE);
  jobs_.reset();
}

TEST_F(ScanJobsTest, AWaitingScanIsCancelledForGood) {
  Open();
  const std::string id = Accept(UnrelatedVideo());
  const auto cancelled = jobs_->Cancel(id);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::ScanStatus::STATE_CANCELLED);
  EXPECT_EQ(cancelled->failure(), "");
  EXPECT_EQ(FilesInSpool(), 0);
  EXPECT_EQ(jobs_->Cancel(id)->SerializeAsString(),
            cancelled->SerializeAsString());
  Open();
  jobs_->Start();
  WaitForEnd(Accept("garbage"));
  EXPECT_EQ(Get(id).SerializeAsString(), cancelled->SerializeAsString());
  EXPECT_EQ(Get(id).attempts(), 0);
}

TEST_F(ScanJobsTest, ARunningScanIsCancelledAndItsWorkerFreed) {
  const auto gate = std::make_shared<GateScorer>();
  screening_.cues = gate;
  threads_ = 1;
  Open();
  const std::string id = Accept(LongVideo());
  std::promise<void> decoding;
  int news = 0;
  const uint64_t subscription = rooms_.news.Subscribe(id, [&] {
    if (++news == 2) decoding.set_value();
  });
  jobs_->Start();
  decoding.get_future().wait();
  const auto cancelled = jobs_->Cancel(id);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::ScanStatus::STATE_CANCELLED);
  EXPECT_EQ(FilesInSpool(), 0);
  gate->Open();
  EXPECT_EQ(WaitForEnd(Accept(UnrelatedVideo())).state(),
            v1::ScanStatus::STATE_DONE);
  rooms_.news.Unsubscribe(id, subscription);
  EXPECT_EQ(gate->arrived(), 1) << "the decoding was cut short";
  EXPECT_EQ(Get(id).state(), v1::ScanStatus::STATE_CANCELLED);
  Open();
  EXPECT_EQ(Get(id).state(), v1::ScanStatus::STATE_CANCELLED);
}

TEST_F(ScanJobsTest, AScanThatEndedStaysAsItEnded) {
  Open();
  const std::string id = Accept("garbage");
  jobs_->Start();
  WaitForEnd(id);
  const auto status = jobs_->Cancel(id);
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->state(), v1::ScanStatus::STATE_DONE);
  EXPECT_TRUE(absl::IsNotFound(jobs_->Cancel("scan-none").status()));
}

TEST_F(ScanJobsTest, ACancelAtAnyMomentHasOneOutcome) {
  tenants_.Get("");
  Open();
  jobs_->Start();
  for (int i = 0; i < 200; ++i) {
    const std::string id = Accept("garbage");
    const auto status = jobs_->Cancel(id);
    ASSERT_TRUE(status.ok()) << status.status();
    EXPECT_THAT(status->state(),
                testing::AnyOf(v1::ScanStatus::STATE_DONE,
                               v1::ScanStatus::STATE_CANCELLED));
    EXPECT_EQ(WaitForEnd(id).SerializeAsString(), status->SerializeAsString());
  }
  jobs_->Stop(absl::InfiniteDuration());
  EXPECT_EQ(FilesInSpool(), 0);
  EXPECT_EQ(rooms_.spool.bytes(), 0);
}

TEST_F(ScanJobsTest, OldScansAreForgotten) {
  Open();
  const std::string id = Accept("garbage");
  jobs_->Start();
  WaitForEnd(id);
  ASSERT_TRUE(jobs_->Purge(rooms_.clock.Now()).ok());
  EXPECT_TRUE(jobs_->Get(id).ok()) << "it ended at that very moment";
  rooms_.clock.Advance(absl::Seconds(1));
  ASSERT_TRUE(jobs_->Purge(rooms_.clock.Now()).ok());
  const auto forgotten = jobs_->Get(id);
  EXPECT_TRUE(absl::IsNotFound(forgotten.status()));
  EXPECT_THAT(std::string(forgotten.status().message()), HasSubstr("scan_id"));
}

}  // namespace
}  // namespace lenscap
