// kill -9 of a process in which uploads arrive and reviewers decide, many
// times. It says on a pipe what was acknowledged to it; all of that must be
// there afterwards, and no upload may have been decided on twice.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kRounds = 50;
constexpr int kThreads = 3;
constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;

std::unique_ptr<TakedownQueue> MustOpen(const std::string& directory,
                                        const Clock& clock) {
  auto queue = OpenLocalQueue(
      {.directory = directory, .max_deliveries = 1'000'000, .clock = &clock});
  if (queue.ok()) return *std::move(queue);
  ADD_FAILURE() << queue.status();
  return nullptr;
}

void SayLine(int pipe, absl::string_view what) {
  const std::string line = absl::StrCat(what, "\n");
  if (write(pipe, line.data(), line.size()) != std::ssize(line)) _exit(1);
}

v1::Case RandomUpload(const std::string& content_id, uint32_t random) {
  v1::Case upload;
  upload.set_content_id(content_id);
  upload.set_account(absl::StrCat("account-", random % 5));
  upload.set_group(absl::StrCat("group-", random % 3));
  if (random % 2 == 0) {
    v1::ClipMatch& match = *upload.mutable_report()->add_matches();
    match.set_list_id("list");
    match.set_entry_id(absl::StrCat("e", random % 7));
    match.set_kind(v1::ClipMatch::KIND_FRAMES);
    upload.mutable_report()->mutable_verdict()->set_action(
        random % 4 == 0 ? v1::ACTION_BLOCK : v1::ACTION_REVIEW);
  }
  return upload;
}

void ReviewForEver(TakedownQueue& queue, int pipe, const std::string& name) {
  std::minstd_rand random(std::hash<std::string>()(name));
  for (int i = 0;; ++i) {
    const std::string content = absl::StrCat(name, "-", i);
    const auto id = queue.Submit(RandomUpload(content, random()));
    if (!id.ok()) _exit(2);
    SayLine(pipe, absl::StrCat("submitted ", content));
    auto leases = queue.LeaseCases(name, 1, absl::Hours(1));
    if (!leases.ok() || leases->empty()) continue;
    const std::string case_id = leases->front().leased().case_id();
    const std::string token = std::move(leases->front()).Detach();
    switch (random() % 4) {
      case 0:
        continue;  // The lease runs out.
      case 1:
        if (!queue.Escalate(token, "why", "a").ok()) _exit(3);
        continue;
      default:
        break;
    }
    const auto decided = queue.Rule(token, {.outcome = kRemove, .note = token});
    if (!decided.ok()) _exit(4);
    SayLine(pipe,
            absl::StrCat("decided ", case_id, " ", decided->decisions_size()));
    if (random() % 4 != 0) continue;
    const auto appealed = queue.Reopen(
        {.content_id = decided->content_id(), .statement = "my garden"});
    if (appealed.ok()) {
      SayLine(pipe, absl::StrCat("appealed ", appealed->content_id(), " ",
                                 appealed->case_id()));
    }
  }
}

int WorkOn(const std::string& directory, int round, int pipe) {
  FakeClock clock;
  clock.Advance(absl::Hours(2) * round);
  const auto queue = MustOpen(directory, clock);
  if (queue == nullptr) return 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(ReviewForEver, std::ref(*queue), pipe,
                         absl::StrCat(round, "-", i));
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// Starts the worker, lets it say `lines` lines, kills it, and returns
// everything that it said.
std::vector<std::string> KillAfter(const std::string& directory, int round,
                                   int lines) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t worker = fork();
  if (worker == 0) {
    close(ends[0]);
    execl("/proc/self/exe", "case_crash_test", directory.c_str(),
          absl::StrCat(round).c_str(), absl::StrCat(ends[1]).c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string said;
  char bytes[4096];
  bool killed = false;
  for (ssize_t size; (size = read(ends[0], bytes, sizeof(bytes))) > 0;) {
    said.append(bytes, size);
    if (!killed && std::count(said.begin(), said.end(), '\n') >= lines) {
      kill(worker, SIGKILL);
      killed = true;
    }
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(worker, &status, 0), worker);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  std::vector<std::string> whole = absl::StrSplit(said, '\n');
  whole.pop_back();  // What was cut off.
  return whole;
}

// Whether cases, uploads and everything that finds them say the same.
void ExpectOneStory(const TakedownQueue& queue) {
  std::map<std::string, std::pair<int64_t, int64_t>> counted;
  std::map<std::string, int64_t> by_account;
  ASSERT_TRUE(
      queue
          .ForEachUpload(
              [&](const v1::Case& opened, const v1::CaseUpload& upload) {
                auto& [uploads, undecided] = counted[opened.case_id()];
                ++uploads;
                ++by_account[upload.account()];
                const auto found = queue.Upload(upload.content_id());
                EXPECT_TRUE(found.ok()) << found.status();
                EXPECT_EQ(found->case_id(), opened.case_id());
                const bool settled = opened.state() == v1::Case::STATE_DECIDED;
                EXPECT_TRUE(!settled || upload.decisions_size() > 0);
                // One token decides once.
                std::map<std::string, int> notes;
                for (const auto& decision : upload.decisions()) {
                  EXPECT_EQ(++notes[decision.note()], 1) << upload.content_id();
                }
                return absl::OkStatus();
              })
          .ok());
  ASSERT_TRUE(
      queue
          .ForEach([&](const v1::Case& opened) {
            EXPECT_EQ(counted[opened.case_id()].first, opened.reach().uploads())
                << opened.case_id();
            const auto waiting =
                queue.Uploads(opened.case_id(), "", 100'000, true);
            EXPECT_EQ(waiting->uploads.size(), opened.reach().undecided())
                << opened.case_id();
            return absl::OkStatus();
          })
          .ok());
  for (const auto& [account, uploads] : by_account) {
    EXPECT_EQ(queue.Account("", account)->uploads(), uploads) << account;
  }
}

TEST(CaseCrashTest, WhatWasAcknowledgedIsThereAndNothingIsDecidedTwice) {
  const std::string directory = MakeTempDirectory();
  std::mt19937 random(5);
  std::vector<std::string> said;
  for (int round = 1; round <= kRounds; ++round) {
    const auto lines =
        KillAfter(directory, round, 20 + static_cast<int>(random() % 60));
    said.insert(said.end(), lines.begin(), lines.end());
    if (round % 10 != 0) continue;
    FakeClock clock;
    clock.Advance(absl::Hours(2) * round + absl::Minutes(90));
    const auto queue = MustOpen(directory, clock);
    ASSERT_NE(queue, nullptr);
    ExpectOneStory(*queue);
  }
  FakeClock clock;
  clock.Advance(absl::Hours(2) * (kRounds + 1));
  const auto queue = MustOpen(directory, clock);
  ASSERT_NE(queue, nullptr);
  for (const std::string& line : said) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "submitted") {
      EXPECT_TRUE(queue->Upload(words[1]).ok()) << line;
    } else if (words[0] == "appealed") {
      EXPECT_EQ(queue->Upload(words[1])->case_id(), words[2]) << line;
    } else {
      int version = 0;
      ASSERT_TRUE(absl::SimpleAtoi(words[2], &version));
      EXPECT_GE(queue->Get(words[1])->decisions_size(), version) << line;
    }
  }
  EXPECT_GT(said.size(), 1000);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  int round = 0;
  int pipe = 0;
  if (argc == 4 && absl::SimpleAtoi(argv[2], &round) &&
      absl::SimpleAtoi(argv[3], &pipe)) {
    return lenscap::WorkOn(argv[1], round, pipe);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
