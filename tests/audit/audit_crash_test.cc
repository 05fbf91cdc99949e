// kill -9 of a process that records, many times. It says on a pipe what was
// acknowledged; all of that must be there afterwards, and the log whole.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "audit/audit_log.h"
#include "audit/verify.h"
#include "gtest/gtest.h"
#include "tests/audit/audit_files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kRounds = 20;
constexpr int kThreads = 4;
constexpr uint64_t kSegmentBytes = 20'000;

void RecordForEver(AuditLog& log, int pipe, int thread) {
  for (uint64_t i = log.LastOf(absl::StrCat("source ", thread)) + 1;; ++i) {
    const std::string source = absl::StrCat("source ", thread);
    if (!log.Append({.source = source, .source_sequence = i}).ok()) _exit(2);
    const std::string line = absl::StrCat(thread, " ", i, "\n");
    if (write(pipe, line.data(), line.size()) != std::ssize(line)) _exit(1);
  }
}

int Record(const std::string& directory, int pipe) {
  const FakeClock clock;
  const auto log = MustOpen(directory, clock, kSegmentBytes);
  if (log == nullptr) return 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(RecordForEver, std::ref(*log), pipe, i);
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// What it said until it was killed, after some `lines` lines.
std::vector<std::string> RecordAndKill(const std::string& directory,
                                       int lines) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t worker = fork();
  if (worker == 0) {
    close(pipe_ends[0]);
    execl("/proc/self/exe", "audit_crash_test", directory.c_str(),
          absl::StrCat(pipe_ends[1]).c_str(), nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string said;
  char bytes[4096];
  bool killed = false;
  for (ssize_t size; (size = read(pipe_ends[0], bytes, sizeof(bytes))) > 0;) {
    said.append(bytes, size);
    if (!killed && std::count(said.begin(), said.end(), '\n') >= lines) {
      kill(worker, SIGKILL);
      killed = true;
    }
  }
  close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(worker, &status, 0), worker);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return absl::StrSplit(said, '\n', absl::SkipEmpty());
}

TEST(AuditCrashTest, NothingAcknowledgedIsLostAndNothingIsThereTwice) {
  const std::string directory = MakeTempDirectory();
  std::mt19937 random(1);
  std::set<std::string> acknowledged;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure();
       ++round) {
    for (const std::string& line :
         RecordAndKill(directory, 1 + random() % 200)) {
      acknowledged.insert(line);
    }
    const FakeClock clock;
    const auto log = MustOpen(directory, clock, kSegmentBytes);
    ASSERT_NE(log, nullptr);
    std::set<std::string> kept;
    ASSERT_TRUE(log->ForEach(0,
                             [&](const AuditRecord& record, auto) {
                               if (record.entry.source.empty())
                                 return absl::OkStatus();
                               const std::string line = absl::StrCat(
                                   record.entry.source.substr(7), " ",
                                   record.entry.source_sequence);
                               EXPECT_TRUE(kept.insert(line).second) << line;
                               return absl::OkStatus();
                             })
                    .ok());
    for (const std::string& line : acknowledged) {
      EXPECT_TRUE(kept.count(line) == 1) << line;
    }
    const auto verified = VerifyAuditLog({.path = directory});
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_FALSE(verified->fault) << verified->fault->what;
  }
  EXPECT_GT(acknowledged.size(), 500);
  EXPECT_GT(RecordFiles(directory).size(), 3);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  if (argc == 3) return lenscap::Record(argv[1], std::atoi(argv[2]));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
