// kill -9 of a process that works on a queue, many times. The process says on
// a pipe what was acknowledged to it; all of that must be there afterwards.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/lease_queue.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using State = LeaseQueue::State;

constexpr int kRounds = 20;
constexpr int kThreads = 4;

// Each round has hours of its own, so that the leases of the last have run out.
void SetRound(FakeClock& clock, int round) {
  clock.Advance(absl::Hours(2) * round);
}

std::unique_ptr<LeaseQueue> MustOpen(const std::string& directory,
                                     const Clock& clock) {
  auto queue = LeaseQueue::Open(
      {.directory = directory, .max_deliveries = 1'000'000, .clock = &clock});
  if (queue.ok()) return *std::move(queue);
  ADD_FAILURE() << queue.status();
  return nullptr;
}

// One line per acknowledgement, short enough that the pipe keeps it whole.
void Say(int pipe, absl::string_view what) {
  const std::string line = absl::StrCat(what, "\n");
  if (write(pipe, line.data(), line.size()) != std::ssize(line)) _exit(1);
}

void WorkForEver(LeaseQueue& queue, int pipe, std::string name) {
  std::minstd_rand random(std::hash<std::string>()(name));
  for (int i = 0;; ++i) {
    const std::string id = absl::StrCat(name, "-", i);
    if (queue.Submit(id, "new", random() % 3).ok()) {
      Say(pipe, absl::StrCat("submitted ", id));
    }
    const auto claims = queue.ClaimItems(name, 1, absl::Hours(1));
    if (!claims.ok() || claims->empty()) continue;
    const auto& claim = claims->front();
    Say(pipe,
        absl::StrCat("claimed ", claim.item.id, " ", claim.item.deliveries));
    if (random() % 3 == 0) continue;
    if (random() % 3 == 0) {
      if (queue.Release(claim.token).ok()) continue;
      _exit(2);
    }
    if (!queue.Settle(claim.token, claim.token).ok()) _exit(3);
    Say(pipe, absl::StrCat("settled ", claim.item.id, " ", claim.token));
  }
}

int Work(const std::string& directory, int round, int pipe) {
  FakeClock clock;
  SetRound(clock, round);
  const auto queue = MustOpen(directory, clock);
  if (queue == nullptr) return 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(WorkForEver, std::ref(*queue), pipe,
                         absl::StrCat(round, "-", i));
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// Starts the worker, lets it say `lines` lines, kills it, and returns
// everything that it said.
std::vector<std::string> WorkAndKill(const std::string& directory, int round,
                                     int lines) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t worker = fork();
  if (worker == 0) {
    close(pipe_ends[0]);
    execl("/proc/self/exe", "lease_queue_crash_test", directory.c_str(),
          absl::StrCat(round).c_str(), absl::StrCat(pipe_ends[1]).c_str(),
          nullptr);
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

// What was acknowledged in all rounds so far.
struct Acknowledged {
  std::set<std::string> submitted;
  std::map<std::string, int> deliveries;
  std::map<std::string, std::set<std::string>> settled;  // Tokens by id.

  void Add(const std::string& line) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "submitted") {
      submitted.insert(words[1]);
    } else if (words[0] == "claimed") {
      int count = 0;
      ASSERT_TRUE(absl::SimpleAtoi(words[2], &count)) << line;
      // A delivery that was acknowledged is never handed out again.
      EXPECT_GT(count, deliveries[words[1]]) << line;
      deliveries[words[1]] = count;
    } else {
      ASSERT_EQ(words[0], "settled") << line;
      settled[words[1]].insert(words[2]);
    }
  }

  void ExpectIn(const LeaseQueue& queue) const {
    for (const std::string& id : submitted) {
      EXPECT_TRUE(queue.Get(id).ok()) << id;
    }
    for (const auto& [id, count] : deliveries) {
      EXPECT_GE(queue.Get(id)->deliveries, count) << id;
    }
    for (const auto& [id, tokens] : settled) {
      EXPECT_EQ(tokens.size(), 1) << id << " was settled twice";
      EXPECT_EQ(queue.Get(id)->state, State::kSettled) << id;
      EXPECT_EQ(queue.Get(id)->payload, *tokens.begin()) << id;
    }
  }
};

TEST(LeaseQueueCrashTest, NothingAcknowledgedIsLostAndNothingSettledTwice) {
  const std::string directory = MakeTempDirectory();
  std::mt19937 random(1);
  Acknowledged acknowledged;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure();
       ++round) {
    const int lines = 1 + random() % 300;
    for (const std::string& line : WorkAndKill(directory, round, lines)) {
      acknowledged.Add(line);
    }
    FakeClock clock;
    SetRound(clock, round);
    const auto queue = MustOpen(directory, clock);
    ASSERT_NE(queue, nullptr);
    acknowledged.ExpectIn(*queue);
  }
  EXPECT_GT(acknowledged.submitted.size(), 100);
  EXPECT_GT(acknowledged.settled.size(), 100);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  if (argc == 4) {
    return lenscap::Work(argv[1], std::atoi(argv[2]), std::atoi(argv[3]));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
