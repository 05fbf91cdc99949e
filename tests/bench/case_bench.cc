// How long a reviewer's calls take with many cases in the queue, beside how
// long the disk takes to sync in the same run: a claim and a decision wait for
// one sync each, a list for none. The data lie in $TEST_TMPDIR, or /tmp: see
// that it is the disk you mean.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "takedown/local_queue.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kCalls = 2000;
constexpr int kFillers = 64;

void Require(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "%s failed\n", what);
  std::abort();
}

// As cases of a platform are: a match, cues, names.
v1::Case CaseNumber(int i) {
  v1::Case upload;
  upload.set_content_id(absl::StrCat("upload ", i));
  upload.set_account(absl::StrCat("account ", i % 5000));
  upload.set_group(absl::StrCat("group ", i));
  upload.set_tenant(absl::StrCat("tenant ", i % 4));
  upload.set_language(i % 3 == 0 ? "zh-CN" : "en");
  upload.set_priority(i % 1000);
  v1::ScanReport& report = *upload.mutable_report();
  report.set_sha256(absl::StrCat("file ", i));
  report.mutable_verdict()->set_action(v1::ACTION_REVIEW);
  report.mutable_verdict()->add_reasons(std::string(200, 'r'));
  for (int j = 0; j < 4; ++j) {
    v1::ClipMatch& match = *report.add_matches();
    match.set_list_id("list");
    match.set_entry_id(absl::StrCat("entry ", i, " ", j));
    match.set_kind(v1::ClipMatch::KIND_SAME_SCENE);
    match.set_list_sha256(std::string(32, 'x'));
  }
  return upload;
}

void Fill(TakedownQueue& queue, int cases) {
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kFillers; ++t) {
    threads.emplace_back([&] {
      for (int i; (i = next++) < cases;) {
        Require(queue.Submit(CaseNumber(i)).ok(), "submitting");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Calls it many times, and prints how long it took.
void Time(const char* what, int calls, const std::function<void(int)>& call) {
  std::vector<double> ms;
  for (int i = 0; i < calls; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call(i);
    ms.push_back(std::chrono::duration<double, std::milli>(
                     std::chrono::steady_clock::now() - start)
                     .count());
  }
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) {
    return ms[static_cast<size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  std::printf("%-24s %9.3f %9.3f %9.3f\n", what, at(0.5), at(0.95), at(0.99));
}

void Run(int cases) {
  const auto opened = OpenLocalQueue({.directory = MakeTempDirectory()});
  Require(opened.ok(), "opening the queue");
  TakedownQueue& queue = **opened;
  Fill(queue, cases);
  std::printf(
      "%d cases waiting, %d calls each, one at a time, ms\n%-24s %9s %9s %9s\n",
      cases, kCalls, "", "p50", "p95", "p99");

  const int file = open((MakeTempDirectory() + "/file").c_str(),
                        O_CREAT | O_WRONLY | O_APPEND, 0600);
  Require(file >= 0, "opening a file");
  const std::string bytes(2000, 'x');
  Time("the disk's own sync", kCalls, [&](int) {
    Require(write(file, bytes.data(), bytes.size()) == std::ssize(bytes) &&
                fdatasync(file) == 0,
            "syncing");
  });
  close(file);

  const Reviewer ann{.name = "ann", .languages = {"zh"}};
  v1::QueueFilter filter;
  filter.set_tenant("tenant 1");
  std::vector<std::string> tokens;
  Time("claim", kCalls, [&](int) {
    auto leases = queue.LeaseCases(ann, filter, 1, absl::Hours(1));
    Require(leases.ok() && leases->size() == 1, "claiming");
    tokens.push_back(std::move(leases->front()).Detach());
  });
  Time("decide", kCalls, [&](int i) {
    Require(
        queue.Rule(tokens[i], {.outcome = v1::Decision::OUTCOME_REMOVE}).ok(),
        "deciding");
  });
  Time("list 100 of a filter", kCalls, [&](int) {
    const auto page = queue.List(v1::Case::STATE_WAITING, filter, {}, "", 100);
    Require(page.ok() && page->cases.size() == 100, "listing");
  });
  Time("get", kCalls, [&](int i) {
    Require(queue.Upload(absl::StrCat("upload ", i)).ok(), "getting");
  });
  Time("account of 20 uploads", kCalls, [&](int i) {
    Require(queue
                .Account(absl::StrCat("tenant ", i % 4),
                         absl::StrCat("account ", i))
                .ok(),
            "reading an account");
  });
  Time("statistics", 100,
       [&](int) { Require(queue.Stats().ok(), "counting"); });
  Time("submit", kCalls, [&](int i) {
    Require(queue.Submit(CaseNumber(cases + i)).ok(), "submitting");
  });
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  int cases = 100'000;
  if (argc > 2 || (argc == 2 && (!absl::SimpleAtoi(argv[1], &cases) ||
                                 cases < 4 * 10'000))) {
    std::fprintf(stderr, "usage: %s [CASES], at least 40000\n", argv[0]);
    return 2;
  }
  lenscap::Run(cases);
  return 0;
}
