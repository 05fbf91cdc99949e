// Kills the real lenscapd while people report and reports are accepted: no
// report that was acknowledged is lost, and each acceptance is finished.
// LENSCAP_CRASH_ROUNDS says how often, LENSCAP_CRASH_SEED repeats a run.

#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/intake.grpc.pb.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/services/client.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using Intake = v1::IntakeService;

int FromEnvironment(const char* name, int fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::atoi(value);
}

class IntakeCrashTest : public testing::Test {
 protected:
  IntakeCrashTest() { StartServer(); }

  void StartServer() {
    server_ = LenscapdProcess::Start(
        {.data_directory = data_directory_, .flags = {"--models="}});
    ASSERT_NE(server_, nullptr);
  }

  absl::StatusOr<v1::ReportReceipt> Report(const ChannelPtr& channel,
                                           int number) {
    v1::ReportHeader header;
    header.set_statement("It shows my room");
    header.set_name("Mina Example");
    header.set_contact("mina@example.org");
    header.set_relation(v1::ReportHeader::RELATION_SELF);
    header.set_signature("Mina Example");
    header.add_content_ids(absl::StrCat("upload-", number));
    const auto stub = Intake::NewStub(channel);
    const auto context = NewContext();
    v1::ReportReceipt receipt;
    const auto writer = stub->SubmitReport(context.get(), &receipt);
    // What cannot be decoded has digests, and becomes an entry all the same.
    for (const auto& part : MessagesOf<v1::ReportPart>(
             header, absl::StrCat("file number ", number))) {
      if (!writer->Write(part)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return absl::UnavailableError(status.error_message());
    return receipt;
  }

  // Reports and accepts until the server is gone.
  void Work() {
    const auto channel = server_->Connect();
    const auto stub = Intake::NewStub(channel);
    while (true) {
      const auto receipt = Report(channel, ++number_);
      if (!receipt.ok()) return;
      {
        std::lock_guard lock(mutex_);
        receipts_[receipt->report_id()] = receipt->receipt();
      }
      changed_.notify_all();
      v1::AcceptReportRequest accept;
      accept.set_report_id(receipt->report_id());
      if (!Call(stub.get(), &Intake::Stub::AcceptReport, accept).ok()) return;
      std::lock_guard lock(mutex_);
      accepted_.push_back(receipt->report_id());
    }
  }

  void WorkToTheEnd() {
    Work();
    std::lock_guard lock(mutex_);
    --working_;
    changed_.notify_all();
  }

  void CheckAll() {
    const auto stub = Intake::NewStub(server_->Connect());
    for (const auto& [id, receipt] : receipts_) {
      v1::GetReportStatusRequest status;
      status.set_report_id(id);
      status.set_receipt(receipt);
      const auto stands =
          Call(stub.get(), &Intake::Stub::GetReportStatus, status);
      ASSERT_TRUE(stands.ok()) << id << ": " << stands.status();
      // Its upload has a case, now or within the server's next look.
      v1::AcceptReportRequest accept;
      accept.set_report_id(id);
      const auto report = Call(stub.get(), &Intake::Stub::AcceptReport, accept);
      ASSERT_TRUE(report.ok()) << report.status();
      ASSERT_EQ(report->case_ids_size(), 1) << id;
      ASSERT_EQ(report->entry(), "victim-reports/" + id);
    }
    for (const std::string& id : accepted_) {
      ASSERT_TRUE(receipts_.contains(id));
    }
  }

  const std::string data_directory_ = MakeTempDirectory();
  std::unique_ptr<LenscapdProcess> server_;
  std::atomic<int> number_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  int working_ = 0;                              // Guarded by mutex_.
  std::map<std::string, std::string> receipts_;  // Guarded by mutex_.
  std::vector<std::string> accepted_;            // Guarded by mutex_.
};

TEST_F(IntakeCrashTest, NoAcknowledgedReportIsLostAndNoneHalfAccepted) {
  const int rounds = FromEnvironment("LENSCAP_CRASH_ROUNDS", 8);
  const int seed = FromEnvironment("LENSCAP_CRASH_SEED", 1);
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  for (int round = 0; round < rounds; ++round) {
    const size_t until = receipts_.size() + 1 + random() % 8;
    working_ = 2;
    std::thread workers[] = {std::thread([this] { WorkToTheEnd(); }),
                             std::thread([this] { WorkToTheEnd(); })};
    {
      // Where in the next reports it dies is up to the machine.
      std::unique_lock lock(mutex_);
      changed_.wait(lock,
                    [&] { return receipts_.size() >= until || working_ == 0; });
    }
    server_->Stop(SIGKILL);
    for (std::thread& worker : workers) worker.join();
    StartServer();
    ASSERT_NO_FATAL_FAILURE(CheckAll()) << "round " << round;
  }
  EXPECT_GE(receipts_.size(), rounds);
}

}  // namespace
}  // namespace lenscap
