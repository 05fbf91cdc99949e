// Kills the real lenscapd again and again while callers upload, publish and
// decide, and holds it to what it had acknowledged. LENSCAP_CRASH_ROUNDS says
// how often, LENSCAP_CRASH_SEED repeats a run.

#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/services/client.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using Outcome = v1::Decision::Outcome;

constexpr char kList[] = "list";
constexpr int kImages = 400;

int FromEnvironment(const char* name, int fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::atoi(value);
}

// Small pictures of noise: as footage, quick to decode and unlike each other.
std::vector<std::string> NoiseImages() {
  const std::string directory = MakeTempDirectory();
  OutputOf({"ffmpeg", "-v", "error", "-f", "lavfi", "-i",
            "nullsrc=s=64x64:r=1,geq=lum='random(1)*255':cb=128:cr=128",
            "-frames:v", absl::StrCat(kImages), directory + "/%d.png"});
  std::vector<std::string> images;
  for (int i = 1; i <= kImages; ++i) {
    images.push_back(ReadFileBytes(absl::StrCat(directory, "/", i, ".png")));
  }
  return images;
}

std::string KnownFootage() {
  return ReadFileBytes(
      MakeMedia("known.mp4", {"-f", "lavfi", "-i", "mandelbrot=s=160x120:r=4",
                              "-t", "3", "-c:v", "mpeg4", "-q:v", "5"}));
}

// A decision that was sent but perhaps never heard.
struct Attempt {
  std::string case_id;
  std::string token;
  Outcome outcome;
};

// What the server has acknowledged, and what it was asked. Thread-safe.
class Ledger {
 public:
  void Submitted(const std::string& scan_id, const std::string& content_id) {
    Note([&] { submitted_[scan_id] = content_id; });
  }
  void Scanned(const std::string& case_id, const std::string& content_id) {
    Note([&] { scanned_[case_id] = content_id; });
  }
  void Published(int image) {
    Note([&] { published_.insert(image); });
  }
  void Trying(const Attempt& attempt) {
    std::lock_guard lock(mutex_);
    tried_[attempt.case_id].insert(attempt.outcome);
  }
  void Decided(const Attempt& attempt) {
    Note([&] {
      const auto [it, is_new] =
          decided_.emplace(attempt.case_id, attempt.outcome);
      EXPECT_EQ(it->second, attempt.outcome) << attempt.case_id << " changed";
    });
  }

  // Returns once `count` more acknowledgements have come.
  void WaitForMore(int64_t count) {
    std::unique_lock lock(mutex_);
    const int64_t target = acknowledged_ + count;
    changed_.wait(lock, [&] { return acknowledged_ >= target; });
  }

  // For the end, when nobody else is there.
  const std::map<std::string, std::string>& submitted() { return submitted_; }
  const std::map<std::string, std::string>& scanned() { return scanned_; }
  const std::map<std::string, Outcome>& decided() { return decided_; }
  const std::map<std::string, std::set<Outcome>>& tried() { return tried_; }
  std::set<int> published() {
    std::lock_guard lock(mutex_);
    return published_;
  }

 private:
  template <typename Change>
  void Note(const Change& change) {
    std::lock_guard lock(mutex_);
    change();
    ++acknowledged_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t acknowledged_ = 0;
  std::map<std::string, std::string> submitted_;  // Scan id to content id.
  std::map<std::string, std::string> scanned_;    // Case id to content id.
  std::set<int> published_;
  std::map<std::string, Outcome> decided_;          // By case id.
  std::map<std::string, std::set<Outcome>> tried_;  // By case id.
};

class CrashTest : public testing::Test {
 protected:
  void StartServer() {
    server_ = LenscapdProcess::Start(
        {.data_directory = data_,
         // A scan may well be hit by more than three kills in a row here.
         .flags = {"--scan_attempts=1000", "--scan_workers=2"},
         .max_file_bytes = 0});
    ASSERT_NE(server_, nullptr);
  }

  // Each of these works until the server is gone.
  void SubmitUploads();
  void PublishImages();
  void ScanAndDecide(const std::string& reviewer,
                     std::vector<Attempt>& unheard);
  // False once the server is gone.
  bool ScanOne(const ChannelPtr& channel);

  // An upload that shows the known clip and is like no other file.
  std::string NextContentId() { return absl::StrCat("upload-", ++uploads_); }
  std::string FileOf(const std::string& content_id) const {
    return known_ + content_id;
  }
  static std::string EntryOf(int image) {
    return absl::StrCat("image-", image);
  }

  void ExpectImageMatches(const ChannelPtr& channel, int image);
  void CheckPublished(const ChannelPtr& channel);
  void CheckScans(const ChannelPtr& channel);
  void CheckCases(const ChannelPtr& channel);
  void CheckEvents(const ChannelPtr& channel);
  v1::Case GetCase(const ChannelPtr& channel, const std::string& case_id);

  const std::string data_ = MakeTempDirectory() + "/data";
  const std::string known_ = KnownFootage();
  const std::vector<std::string> images_ = NoiseImages();
  std::unique_ptr<LenscapdProcess> server_;
  std::atomic<int> uploads_ = 0;
  std::atomic<int> next_image_ = 0;
  Ledger ledger_;
};

void CrashTest::SubmitUploads() {
  const ChannelPtr channel = server_->Connect();
  while (true) {
    const std::string content_id = NextContentId();
    // Each of a tenant of its own: what shares a clip would share a case.
    const auto scan_id =
        SubmitBytes(channel, FileOf(content_id), content_id, content_id);
    if (!scan_id.ok()) return;
    ledger_.Submitted(*scan_id, content_id);
  }
}

bool CrashTest::ScanOne(const ChannelPtr& channel) {
  const std::string content_id = NextContentId();
  const auto report =
      ScanBytes(channel, FileOf(content_id), content_id, content_id);
  if (!report.ok()) return false;
  EXPECT_NE(report->case_id(), "") << report->DebugString();
  ledger_.Scanned(report->case_id(), content_id);
  return true;
}

void CrashTest::PublishImages() {
  const ChannelPtr channel = server_->Connect();
  while (next_image_ < kImages) {
    const int image = next_image_++;
    const auto reply =
        PublishFootage(channel, kList, EntryOf(image), images_[image]);
    if (!reply.ok()) return;
    ledger_.Published(image);
  }
}

void CrashTest::ScanAndDecide(const std::string& reviewer,
                              std::vector<Attempt>& unheard) {
  const ChannelPtr channel = server_->Connect();
  const auto stub = v1::TakedownService::NewStub(channel);
  std::minstd_rand random(static_cast<unsigned>(uploads_));
  const auto decide = [&](const Attempt& attempt) {
    v1::DecideRequest request;
    request.set_lease_token(attempt.token);
    request.set_outcome(attempt.outcome);
    ledger_.Trying(attempt);
    const auto reply =
        Call(stub.get(), &v1::TakedownService::Stub::Decide, request);
    if (reply.ok()) ledger_.Decided(attempt);
    // A lease that ran out meanwhile is an answer too.
    return reply.ok() || absl::IsAborted(reply.status());
  };
  while (true) {
    while (!unheard.empty()) {
      if (!decide(unheard.back())) return;
      unheard.pop_back();
    }
    if (!ScanOne(channel)) return;
    v1::LeaseRequest request;
    request.set_reviewer(reviewer);
    request.set_max_cases(2);
    request.mutable_duration()->set_seconds(1);
    const auto leased =
        Call(stub.get(), &v1::TakedownService::Stub::Lease, request);
    if (!leased.ok()) return;
    for (const v1::LeasedCase& lease : leased->leases()) {
      unheard.push_back({lease.case_().case_id(), lease.lease_token(),
                         random() % 2 == 0 ? v1::Decision::OUTCOME_REMOVE
                                           : v1::Decision::OUTCOME_KEEP});
    }
  }
}

void CrashTest::ExpectImageMatches(const ChannelPtr& channel, int image) {
  const auto report = ScanBytes(channel, images_[image], EntryOf(image));
  ASSERT_TRUE(report.ok()) << report.status();
  std::set<std::string> found;
  for (const v1::ClipMatch& match : report->matches()) {
    found.insert(match.entry_id());
  }
  EXPECT_TRUE(found.contains(EntryOf(image))) << report->DebugString();
}

void CrashTest::CheckPublished(const ChannelPtr& channel) {
  std::set<std::string> listed;
  v1::GetListRequest request;
  request.set_list_id(kList);
  do {
    const auto page = Call(v1::HashListService::NewStub(channel).get(),
                           &v1::HashListService::Stub::GetList, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::ListEntry& entry : page->entries()) {
      EXPECT_TRUE(listed.insert(entry.entry_id()).second) << "listed twice";
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  for (const int image : ledger_.published()) {
    EXPECT_TRUE(listed.contains(EntryOf(image)))
        << EntryOf(image) << " is lost";
  }
}

void CrashTest::CheckScans(const ChannelPtr& channel) {
  for (const auto& [scan_id, content_id] : ledger_.submitted()) {
    const auto statuses = WatchScan(channel, scan_id);
    ASSERT_TRUE(statuses.ok()) << scan_id << ": " << statuses.status();
    const v1::ScanStatus& last = statuses->back();
    EXPECT_EQ(last.state(), v1::ScanStatus::STATE_DONE) << last.DebugString();
    EXPECT_EQ(last.report().content_id(), content_id);
    EXPECT_EQ(GetCase(channel, last.report().case_id()).content_id(),
              content_id);
  }
  for (const auto& [case_id, content_id] : ledger_.scanned()) {
    EXPECT_EQ(GetCase(channel, case_id).content_id(), content_id);
  }
}

v1::Case CrashTest::GetCase(const ChannelPtr& channel,
                            const std::string& case_id) {
  v1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto found = Call(v1::TakedownService::NewStub(channel).get(),
                          &v1::TakedownService::Stub::GetCase, request);
  EXPECT_TRUE(found.ok()) << case_id << ": " << found.status();
  return found.value_or(v1::Case());
}

void CrashTest::CheckCases(const ChannelPtr& channel) {
  for (const auto& [case_id, outcome] : ledger_.decided()) {
    const v1::Case decided = GetCase(channel, case_id);
    EXPECT_EQ(decided.state(), v1::Case::STATE_DECIDED) << case_id;
    ASSERT_EQ(decided.decisions_size(), 1) << case_id;
    EXPECT_EQ(decided.decisions(0).outcome(), outcome) << case_id;
  }
  for (const auto& [case_id, outcomes] : ledger_.tried()) {
    const v1::Case tried = GetCase(channel, case_id);
    EXPECT_LE(tried.decisions_size(), 1) << case_id;
    for (const v1::Decision& decision : tried.decisions()) {
      EXPECT_TRUE(outcomes.contains(decision.outcome())) << case_id;
    }
  }
}

void CrashTest::CheckEvents(const ChannelPtr& channel) {
  const auto stats =
      Call(v1::TakedownService::NewStub(channel).get(),
           &v1::TakedownService::Stub::Stats, v1::StatsRequest());
  ASSERT_TRUE(stats.ok()) << stats.status();
  const int64_t cases = stats->waiting() + stats->leased() + stats->decided() +
                        stats->dead_letter();
  const auto events =
      WatchCases(channel, 0, cases + stats->decided() + stats->dead_letter());
  ASSERT_TRUE(events.ok()) << events.status();
  std::map<std::string, int> opened, decided;
  uint64_t last = 0;
  for (const v1::CaseEvent& event : *events) {
    EXPECT_GT(event.sequence(), last);
    last = event.sequence();
    if (event.kind() == v1::CaseEvent::KIND_OPENED) ++opened[event.case_id()];
    if (event.kind() == v1::CaseEvent::KIND_DECIDED) {
      ++decided[event.case_id()];
    }
  }
  EXPECT_EQ(opened.size(), cases);
  for (const auto& [case_id, times] : opened) EXPECT_EQ(times, 1) << case_id;
  EXPECT_EQ(decided.size(), stats->decided());
  for (const auto& [case_id, times] : decided) EXPECT_EQ(times, 1) << case_id;
}

TEST_F(CrashTest, NothingAcknowledgedIsLostAndNoCaseIsSettledTwice) {
  const int rounds = FromEnvironment("LENSCAP_CRASH_ROUNDS", 50);
  const int seed = FromEnvironment(
      "LENSCAP_CRASH_SEED", static_cast<int>(std::random_device()() >> 1));
  std::cout << "LENSCAP_CRASH_ROUNDS=" << rounds
            << " LENSCAP_CRASH_SEED=" << seed << std::endl;
  std::mt19937 random(seed);
  std::vector<Attempt> unheard[2];

  StartServer();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(PublishFootage(server_->Connect(), kList, "known", known_).ok());
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::thread> callers;
    callers.emplace_back([this] { SubmitUploads(); });
    callers.emplace_back([this] { PublishImages(); });
    callers.emplace_back([&] { ScanAndDecide("ann", unheard[0]); });
    callers.emplace_back([&] { ScanAndDecide("ben", unheard[1]); });
    ledger_.WaitForMore(random() % 20);
    EXPECT_EQ(server_->Stop(SIGKILL), 128 + SIGKILL);
    for (std::thread& caller : callers) caller.join();
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    CheckPublished(server_->Connect());
    if (HasFailure()) break;
  }

  const ChannelPtr channel = server_->Connect();
  CheckScans(channel);
  CheckCases(channel);
  CheckEvents(channel);
  for (const int image : ledger_.published()) {
    ExpectImageMatches(channel, image);
  }
  std::cout << ledger_.submitted().size() << " submitted, "
            << ledger_.scanned().size() << " scanned, "
            << ledger_.published().size() << " published, "
            << ledger_.decided().size() << " decided" << std::endl;
  EXPECT_EQ(server_->Stop(SIGTERM), 0);
}

}  // namespace
}  // namespace lenscap
