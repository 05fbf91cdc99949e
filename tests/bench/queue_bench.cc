// How many durable changes a second the queue takes, beside how many syncs a
// second the disk makes in the same run: compare the two, for disks differ.
// The data lie in $TEST_TMPDIR, or /tmp: see that it is the disk you mean.

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"
#include "benchmark/benchmark.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr size_t kPayloadBytes = 2000;  // A usual case.

void Require(bool ok, const char* what) {
  if (ok) return;
  std::perror(what);
  std::abort();
}

// One sync after another, as a queue would that writes item by item.
void BM_Sync(benchmark::State& state) {
  const std::string path = MakeTempDirectory() + "/file";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  Require(file >= 0, "open");
  const std::string bytes(kPayloadBytes, 'x');
  for (auto _ : state) {
    Require(write(file, bytes.data(), bytes.size()) == std::ssize(bytes),
            "write");
    Require(fdatasync(file) == 0, "fdatasync");
  }
  close(file);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Sync)->UseRealTime();

// One queue for all of a benchmark's threads.
std::unique_ptr<LeaseQueue> queue;
std::atomic<int64_t> next_id;

void OpenQueue(const benchmark::State&) {
  auto opened = LeaseQueue::Open({.directory = MakeTempDirectory()});
  Require(opened.ok(), "opening the queue");
  queue = *std::move(opened);
}

void CloseQueue(const benchmark::State&) { queue.reset(); }

void Submit() {
  const auto submitted = queue->Submit(absl::StrCat("id-", ++next_id),
                                       std::string(kPayloadBytes, 'x'), 0);
  Require(submitted.ok() && *submitted, "submitting");
}

void BM_Submit(benchmark::State& state) {
  for (auto _ : state) Submit();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Submit)
    ->Setup(OpenQueue)
    ->Teardown(CloseQueue)
    ->UseRealTime()
    ->Threads(1)
    ->Threads(4)
    ->Threads(16)
    ->Threads(64);

// The life of an item: three durable changes.
void BM_SubmitClaimSettle(benchmark::State& state) {
  for (auto _ : state) {
    Submit();
    const auto claims = queue->ClaimItems("holder", 1, absl::Hours(1));
    Require(claims.ok() && claims->size() == 1, "claiming");
    Require(queue->Settle(claims->front().token, "done").ok(), "settling");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SubmitClaimSettle)
    ->Setup(OpenQueue)
    ->Teardown(CloseQueue)
    ->UseRealTime()
    ->Threads(1)
    ->Threads(16);

}  // namespace
}  // namespace lenscap

BENCHMARK_MAIN();
