// Kills the real lenscapd again and again while it scans, leases, decides and
// posts outcomes: no case may be lost, none decided twice, and the platform
// must hear of every decision, at least once and always as the same.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proto/lenscap/v1/outcome.grpc.pb.h"
#include "services/webhooks/webhook_signature.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/services/client.h"
#include "tests/support/http_receiver.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using Decided = v1::Decision::Outcome;

constexpr char kList[] = "list";
constexpr int kImages = 300;

int FromEnvironment(const char* name, int fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::atoi(value);
}

// Small pictures of noise, each a known clip of its own, and so a case.
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

// The review policy that is built in, with decisions that count at once.
std::string PolicyWithoutUndo() {
  const auto printed = LenscapdProcess::Run({"--print_default_review_policy"});
  EXPECT_EQ(printed.exit_code, 0) << printed.log;
  std::string policy = printed.output;
  for (const auto& [from, to] : std::map<std::string, std::string>{
           {"undo_window { seconds: 10 }", "undo_window { seconds: 0 }"},
           {"golden_share: 0.02", "golden_share: 0"}}) {
    EXPECT_EQ(absl::StrReplaceAll({{from, to}}, &policy), 1) << from;
  }
  return WriteTempFile("review.textproto", policy);
}

// A decision that was sent but perhaps never heard.
struct Attempt {
  std::string case_id;
  std::string token;
  Decided outcome;
};

// What the server has acknowledged, what it was asked, and what the platform
// has heard. Thread-safe.
class Ledger {
 public:
  void Scanned(const std::string& case_id) {
    Note([&] { scanned_.insert(case_id); });
  }
  void Trying(const Attempt& attempt) {
    std::lock_guard lock(mutex_);
    tried_[attempt.case_id].insert(attempt.outcome);
  }
  void Decide(const Attempt& attempt) {
    Note([&] {
      const auto [it, is_new] =
          decided_.emplace(attempt.case_id, attempt.outcome);
      EXPECT_EQ(it->second, attempt.outcome) << attempt.case_id << " changed";
    });
  }
  // Of a webhook that was taken.
  void Hear(const std::string& id, const std::string& body) {
    Note([&] {
      const auto [it, is_new] = heard_.emplace(id, body);
      EXPECT_EQ(it->second, body) << id << " changed";
      const auto outcome = nlohmann::json::parse(body)["data"];
      told_[outcome["caseId"]].insert(id);
    });
  }

  // Returns once `count` more of these have come.
  void WaitForMore(int64_t count) {
    std::unique_lock lock(mutex_);
    const int64_t target = noted_ + count;
    changed_.wait(lock, [&] { return noted_ >= target; });
  }
  // Returns once the platform has heard of every decision.
  void WaitUntilAllAreHeard(const std::set<std::string>& cases) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return std::all_of(cases.begin(), cases.end(),
                         [this](const auto& id) { return told_.contains(id); });
    });
  }

  // For the end, when nobody else is there.
  const std::set<std::string>& scanned() { return scanned_; }
  const std::map<std::string, Decided>& decided() { return decided_; }
  const std::map<std::string, std::set<Decided>>& tried() { return tried_; }
  const std::map<std::string, std::string>& heard() { return heard_; }
  const std::map<std::string, std::set<std::string>>& told() { return told_; }

 private:
  template <typename Change>
  void Note(const Change& change) {
    std::lock_guard lock(mutex_);
    change();
    ++noted_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t noted_ = 0;
  std::set<std::string> scanned_;                      // Case ids.
  std::map<std::string, Decided> decided_;             // By case id.
  std::map<std::string, std::set<Decided>> tried_;     // By case id.
  std::map<std::string, std::string> heard_;           // Bodies, by webhook id.
  std::map<std::string, std::set<std::string>> told_;  // Ids, by case id.
};

class OutcomeCrashTest : public testing::Test {
 protected:
  OutcomeCrashTest()
      : receiver_([this](const ReceivedPost& post) { return Take(post); }) {}

  void StartServer() {
    server_ = LenscapdProcess::Start(
        {.data_directory = data_,
         .flags = {"--scan_workers=2", "--review_policy=" + policy_},
         .max_file_bytes = 0});
    ASSERT_NE(server_, nullptr);
  }
  void PublishImages();
  void CreateEndpoint();
  ReceiverReply Take(const ReceivedPost& post);

  // Scans, leases and decides until the server is gone, or every image is
  // scanned.
  void Review(const std::string& reviewer, std::vector<Attempt>& unheard);
  bool ScanOne(const ChannelPtr& channel, int image);
  bool Decide(const ChannelPtr& channel, const Attempt& attempt);

  v1::Case GetCase(const ChannelPtr& channel, const std::string& case_id);
  std::set<std::string> CheckCases(const ChannelPtr& channel);
  void CheckHeard(const ChannelPtr& channel);
  void CheckStream(const ChannelPtr& channel);

  const std::string data_ = MakeTempDirectory() + "/data";
  const std::string policy_ = PolicyWithoutUndo();
  const std::vector<std::string> images_ = NoiseImages();
  std::atomic<int> next_image_ = 0;
  std::atomic<int> posts_ = 0;
  Ledger ledger_;
  HttpReceiver receiver_;
  std::unique_ptr<LenscapdProcess> server_;
  std::mutex mutex_;
  std::string key_;  // Guarded by mutex_.
};

void OutcomeCrashTest::PublishImages() {
  for (int i = 0; i < kImages; ++i) {
    const auto published = PublishFootage(
        server_->Connect(), kList, absl::StrCat("image-", i), images_[i]);
    ASSERT_TRUE(published.ok()) << published.status();
  }
}

void OutcomeCrashTest::CreateEndpoint() {
  v1::CreateEndpointRequest request;
  request.set_url(receiver_.url());
  const auto created =
      Call(v1::OutcomeService::NewStub(server_->Connect()).get(),
           &v1::OutcomeService::Stub::CreateEndpoint, request);
  ASSERT_TRUE(created.ok()) << created.status();
  std::lock_guard lock(mutex_);
  key_ = created->public_key();
}

// Now and then it fails, or hangs up having heard.
ReceiverReply OutcomeCrashTest::Take(const ReceivedPost& post) {
  std::string key;
  {
    std::lock_guard lock(mutex_);
    key = key_;
  }
  const std::string& id = post.headers.at("webhook-id");
  const absl::Status good =
      VerifyWebhook(*ParseWebhookKey(key),
                    {.id = id,
                     .timestamp = post.headers.at("webhook-timestamp"),
                     .signature = post.headers.at("webhook-signature")},
                    post.body, absl::Now(), kWebhookTolerance);
  EXPECT_TRUE(good.ok()) << good;
  const int number = ++posts_;
  if (number % 9 == 4) return {.status = 500};
  ledger_.Hear(id, post.body);
  if (number % 9 == 7) return {.manner = ReceiverReply::Manner::kClose};
  return {};
}

// False once the server is gone.
bool OutcomeCrashTest::ScanOne(const ChannelPtr& channel, int image) {
  const auto report =
      ScanBytes(channel, images_[image], absl::StrCat("upload-", image));
  if (!report.ok()) return false;
  EXPECT_NE(report->case_id(), "") << report->DebugString();
  ledger_.Scanned(report->case_id());
  return true;
}

bool OutcomeCrashTest::Decide(const ChannelPtr& channel,
                              const Attempt& attempt) {
  v1::DecideRequest request;
  request.set_lease_token(attempt.token);
  request.set_outcome(attempt.outcome);
  ledger_.Trying(attempt);
  const auto reply = Call(v1::TakedownService::NewStub(channel).get(),
                          &v1::TakedownService::Stub::Decide, request);
  if (reply.ok()) ledger_.Decide(attempt);
  // A lease that ran out meanwhile is an answer too.
  return reply.ok() || absl::IsAborted(reply.status());
}

void OutcomeCrashTest::Review(const std::string& reviewer,
                              std::vector<Attempt>& unheard) {
  const ChannelPtr channel = server_->Connect();
  const auto stub = v1::TakedownService::NewStub(channel);
  std::minstd_rand random(static_cast<unsigned>(next_image_ + 1));
  while (true) {
    while (!unheard.empty()) {
      if (!Decide(channel, unheard.back())) return;
      unheard.pop_back();
    }
    const int image = next_image_++;
    if (image >= kImages || !ScanOne(channel, image)) return;
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

v1::Case OutcomeCrashTest::GetCase(const ChannelPtr& channel,
                                   const std::string& case_id) {
  v1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto found = Call(v1::TakedownService::NewStub(channel).get(),
                          &v1::TakedownService::Stub::GetCase, request);
  EXPECT_TRUE(found.ok()) << case_id << " is lost: " << found.status();
  return found.value_or(v1::Case());
}

// Returns the cases that are decided, whether that was heard or not.
std::set<std::string> OutcomeCrashTest::CheckCases(const ChannelPtr& channel) {
  std::set<std::string> all = ledger_.scanned();
  for (const auto& [case_id, outcomes] : ledger_.tried()) all.insert(case_id);
  std::set<std::string> decided;
  for (const std::string& case_id : all) {
    const v1::Case found = GetCase(channel, case_id);
    EXPECT_LE(found.decisions_size(), 1) << case_id;
    if (found.decisions_size() == 0) continue;
    decided.insert(case_id);
    EXPECT_TRUE(
        ledger_.tried().at(case_id).contains(found.decisions(0).outcome()))
        << case_id;
  }
  for (const auto& [case_id, outcome] : ledger_.decided()) {
    const v1::Case found = GetCase(channel, case_id);
    EXPECT_EQ(found.state(), v1::Case::STATE_DECIDED) << case_id;
    EXPECT_TRUE(found.decisions_size() == 1 &&
                found.decisions(0).outcome() == outcome)
        << case_id;
  }
  return decided;
}

// Of each case one outcome was heard, and it is what was decided.
void OutcomeCrashTest::CheckHeard(const ChannelPtr& channel) {
  for (const auto& [case_id, ids] : ledger_.told()) {
    EXPECT_EQ(ids.size(), 1) << case_id;
    const auto outcome =
        nlohmann::json::parse(ledger_.heard().at(*ids.begin()))["data"];
    const v1::Case found = GetCase(channel, case_id);
    EXPECT_EQ(outcome["version"], 1) << case_id;
    EXPECT_EQ(outcome["outcome"],
              v1::Decision::Outcome_Name(found.decisions(0).outcome()));
    EXPECT_EQ(outcome["uploads"][0]["contentId"], found.content_id());
  }
}

// Who pulls finds the same, each once and in order.
void OutcomeCrashTest::CheckStream(const ChannelPtr& channel) {
  const auto context = NewContext();
  const auto reader =
      v1::OutcomeService::NewStub(channel)->Watch(context.get(), {});
  std::set<std::string> ids;
  v1::Outcome outcome;
  while (ids.size() < ledger_.heard().size() && reader->Read(&outcome)) {
    EXPECT_TRUE(ids.insert(outcome.id()).second) << outcome.id() << " twice";
    EXPECT_TRUE(ledger_.heard().contains(outcome.id())) << outcome.id();
  }
  context->TryCancel();
  reader->Finish();
  EXPECT_EQ(ids.size(), ledger_.heard().size());
}

TEST_F(OutcomeCrashTest, EveryDecisionIsHeardOfWhateverIsKilled) {
  const int rounds = FromEnvironment("LENSCAP_CRASH_ROUNDS", 50);
  const int seed = FromEnvironment(
      "LENSCAP_CRASH_SEED", static_cast<int>(std::random_device()() >> 1));
  std::cout << "LENSCAP_CRASH_ROUNDS=" << rounds
            << " LENSCAP_CRASH_SEED=" << seed << std::endl;
  std::mt19937 random(seed);
  std::vector<Attempt> unheard[2];

  StartServer();
  ASSERT_FALSE(HasFatalFailure());
  PublishImages();
  CreateEndpoint();
  ASSERT_FALSE(HasFatalFailure());
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::thread> callers;
    callers.emplace_back([&] { Review("ann", unheard[0]); });
    callers.emplace_back([&] { Review("ben", unheard[1]); });
    // While there are images enough: later on so much need not happen any more.
    if (next_image_ < kImages - 20) {
      ledger_.WaitForMore(static_cast<int64_t>(random() % 15));
    }
    EXPECT_EQ(server_->Stop(SIGKILL), 128 + SIGKILL);
    for (std::thread& caller : callers) caller.join();
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    if (HasFailure()) break;
  }

  const ChannelPtr channel = server_->Connect();
  const std::set<std::string> decided = CheckCases(channel);
  ledger_.WaitUntilAllAreHeard(decided);
  CheckHeard(channel);
  CheckStream(channel);
  std::cout << ledger_.scanned().size() << " scanned, " << decided.size()
            << " decided, " << ledger_.heard().size() << " outcomes in "
            << posts_ << " posts" << std::endl;
  EXPECT_EQ(ledger_.heard().size(), decided.size());
  EXPECT_EQ(server_->Stop(SIGTERM), 0);
}

}  // namespace
}  // namespace lenscap
