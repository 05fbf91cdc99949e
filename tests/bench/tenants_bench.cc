// How long a tenant's scan takes while another tenant's submitted scans wait by
// the thousand, beside the same scan on an idle server and one that the
// flooding tenant sends itself, in one run. The data lie in $TEST_TMPDIR, or
// /tmp.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/metrics.h"
#include "services/server.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/support/paths.h"

ABSL_FLAG(int, flood, 10'000, "Scans that one tenant submits.");
ABSL_FLAG(int, rounds, 30, "Scans that are timed, of each kind.");
ABSL_FLAG(int, workers, 2, "Scans at a time.");

namespace lenscap {
namespace {

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

std::vector<v1::UploadRequest> UploadFor(const std::string& tenant) {
  v1::UploadHeader header;
  header.set_tenant(tenant);
  return MessagesOf<v1::UploadRequest>(header, UnrelatedVideo());
}

void ScanDirectly(const ChannelPtr& channel, const std::string& tenant) {
  Require(Scan(channel, UploadFor(tenant)).status());
}

void SubmitAndWatch(const ChannelPtr& channel, const std::string& tenant) {
  const auto id = Submit(channel, UploadFor(tenant));
  Require(id.status());
  Require(WatchScan(channel, *id).status());
}

void Time(const char* what, const std::function<void()>& scan) {
  std::vector<absl::Duration> times;
  for (int i = 0; i < absl::GetFlag(FLAGS_rounds); ++i) {
    const absl::Time start = absl::Now();
    scan();
    times.push_back(absl::Now() - start);
  }
  std::sort(times.begin(), times.end());
  std::printf("%-44s %8.0f ms median %8.0f ms longest\n", what,
              absl::ToDoubleMilliseconds(times[times.size() / 2]),
              absl::ToDoubleMilliseconds(times.back()));
  std::fflush(stdout);
}

// By several callers at once, so that they share the disk's syncs.
void Flood(const ChannelPtr& channel) {
  std::atomic<int> left = absl::GetFlag(FLAGS_flood);
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] {
      const auto upload = UploadFor("flood");
      while (left-- > 0) Require(Submit(channel, upload).status());
    });
  }
  for (std::thread& caller : callers) caller.join();
}

// The gauge that Prometheus would read.
double Waiting(const Metrics& metrics) {
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    if (family.name != "lenscap_items") continue;
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (metric.label.front().value == "scans_waiting") {
        return metric.gauge.value;
      }
    }
  }
  return 0;
}

void Run() {
  ServerOptions options;
  options.data_directory = MakeTempDirectory();
  options.scan_workers = absl::GetFlag(FLAGS_workers);
  const auto metrics = std::make_shared<Metrics>();
  options.metrics = metrics;
  options.tenant_limits.waiting_scans = 0;
  options.max_waiting_scans = 0;
  auto server = Server::Start(std::move(options));
  Require(server.status());
  const ChannelPtr channel = (*server)->InProcessChannel();
  Time("idle server: direct scan", [&] { ScanDirectly(channel, "other"); });
  Time("idle server: submitted scan",
       [&] { SubmitAndWatch(channel, "other"); });
  const absl::Time start = absl::Now();
  Flood(channel);
  std::printf("%d scans of another tenant accepted in %.1f s\n",
              absl::GetFlag(FLAGS_flood),
              absl::ToDoubleSeconds(absl::Now() - start));
  Time("behind them: direct scan", [&] { ScanDirectly(channel, "other"); });
  Time("behind them: submitted scan",
       [&] { SubmitAndWatch(channel, "other"); });
  Time("behind them: the same tenant's direct scan",
       [&] { ScanDirectly(channel, "flood"); });
  std::printf("%d of them still waited at the end\n",
              static_cast<int>(Waiting(*metrics)));
  (*server)->Shutdown(absl::ZeroDuration());
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  lenscap::Run();
}
