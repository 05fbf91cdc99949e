#include "tests/fuzz/server_run.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/scan.grpc.pb.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/fuzz/canaries.h"
#include "tests/fuzz/dice.h"
#include "tests/fuzz/hostile_files.h"
#include "tests/fuzz/media_seeds.h"
#include "tests/fuzz/mutations.h"
#include "tests/fuzz/process_memory.h"
#include "tests/services/client.h"
#include "tests/support/http_get.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookInterval(20);

// The hostile files as they are, and then mutants without end.
class Corpus {
 public:
  Corpus(const Bait& bait, uint64_t seed)
      : seed_(seed), media_(MakeMediaSeeds()) {
    whole_ = media_;
    for (std::vector<Seed> more :
         {MakeLures(bait), MakeOddFiles(), MakeBombs()}) {
      std::move(more.begin(), more.end(), std::back_inserter(whole_));
    }
  }

  size_t seeds() const { return whole_.size(); }

  Seed At(size_t number) const {
    if (number < whole_.size()) return whole_[number];
    Dice dice(seed_ * 1'000'000'007 + number);
    const Seed& start = dice.OneIn(8) ? Any(whole_, dice) : Any(media_, dice);
    const Seed& other = Any(media_, dice);
    Mutant mutant = Mutate(start.bytes, other.bytes, dice.Bits());
    return {absl::StrCat(number, "-", mutant.how, "-", start.name),
            std::move(mutant.bytes)};
  }

 private:
  static const Seed& Any(const std::vector<Seed>& seeds, Dice& dice) {
    return seeds[dice.Below(seeds.size())];
  }

  const uint64_t seed_;
  const std::vector<Seed> media_;
  std::vector<Seed> whole_;
};

// One scan, with its own deadline.
absl::StatusOr<v1::ScanReport> ScanWithin(const ChannelPtr& channel,
                                          const std::string& bytes,
                                          absl::Duration deadline) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  const auto stream = v1::ScanService::NewStub(channel)->Scan(&context);
  for (const auto& message :
       MessagesOf<v1::UploadRequest>(v1::UploadHeader(), bytes)) {
    if (!stream->Write(message)) break;
  }
  stream->WritesDone();
  v1::ScanReport report;
  for (v1::ScanEvent event; stream->Read(&event);) {
    if (event.has_report()) report = event.report();
  }
  const grpc::Status status = stream->Finish();
  if (status.ok()) return report;
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

// A reason without what differs from file to file.
std::string KindOf(absl::string_view reason) {
  constexpr size_t kMaxKind = 90;
  std::string kind;
  for (const char c : reason.substr(0, kMaxKind)) {
    if (!absl::ascii_isdigit(c)) {
      kind += c;
    } else if (kind.empty() || kind.back() != 'N') {
      kind += 'N';
    }
  }
  return kind;
}

// What is wrong with a report on an upload of which nothing is known; "" where
// nothing is.
std::string FaultOf(const v1::ScanReport& report) {
  const v1::Verdict& verdict = report.verdict();
  switch (verdict.action()) {
    case v1::ACTION_ALLOW:
      return "";
    case v1::ACTION_UNREADABLE:
      return verdict.reasons_size() == 0 || verdict.reasons(0).empty()
                 ? "unreadable without a reason"
                 : "";
    default:
      return absl::StrCat("an empty index and ",
                          v1::Action_Name(verdict.action()));
  }
}

class Run {
 public:
  explicit Run(const ServerRunOptions& options)
      : options_(options),
        bait_({network_.host(), canary_path_, "canary.ts"}),
        corpus_(bait_, options.seed),
        file_canary_(canary_path_) {
    StartServer();
  }

  ServerRunResult Finish() {
    const absl::Time start = absl::Now();
    result_.seeds = corpus_.seeds();
    total_ = std::max<size_t>(options_.files, corpus_.seeds());
    std::thread watcher([this] { WatchMemory(); });
    std::vector<std::thread> workers;
    for (int i = 0; i < options_.jobs; ++i) {
      workers.emplace_back([this, i] { Work(i); });
    }
    for (std::thread& worker : workers) worker.join();
    FindCulprits();
    StopWatching();
    watcher.join();
    EndServer();
    result_.network_escapes = network_.calls();
    result_.file_escapes = file_canary_.CountTouches();
    result_.elapsed = absl::Now() - start;
    return result_;
  }

 private:
  void StartServer() {
    LenscapdProcess::Options options = {
        .data_directory = directory_ + "/data",
        .flags = {absl::StrCat("--scan_workers=", options_.jobs)},
        .max_file_bytes = 0,
        .binary = options_.server,
        .working_directory = directory_};
    if (options_.metrics) {
      options.flags.push_back("--metrics_address=127.0.0.1:0");
    }
    server_ = LenscapdProcess::Start(options);
    if (server_ == nullptr) return;
    memory_.emplace(server_->pid());
    channel_ = server_->Connect();
  }

  void EndServer() {
    if (server_ == nullptr) return;
    NoteMemory();
    if (options_.metrics) ReadMetrics();
    if (server_->Stop(SIGTERM) != 0) {
      result_.broken.push_back("the server did not stop well");
    }
  }

  void NoteMemory() {
    memory_->Look();
    result_.server_peak = std::max(result_.server_peak, memory_->own_peak());
    result_.child_peak = std::max(result_.child_peak, memory_->child_peak());
    result_.children_seen =
        std::max(result_.children_seen, memory_->children_seen());
  }

  void ReadMetrics() {
    const std::string log = server_->Log();
    const std::string before = "metrics_listening host=\"127.0.0.1\" port=\"";
    const size_t at = log.find(before);
    if (at == std::string::npos) return;
    const int port = std::atoi(log.c_str() + at + before.size());
    for (absl::string_view line :
         absl::StrSplit(HttpGet(port, "/metrics"), '\n')) {
      if (absl::StartsWith(line, "lenscap_unreadable_total")) {
        result_.metrics.push_back(
            std::string(absl::StripAsciiWhitespace(line)));
      }
    }
  }

  void WatchMemory() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!watched_enough_) {
      if (server_ != nullptr) NoteMemory();
      look_.wait_for(lock, kLookInterval);
    }
  }

  void StopWatching() {
    const std::lock_guard<std::mutex> lock(mutex_);
    watched_enough_ = true;
    look_.notify_all();
  }

  void Work(int worker) {
    while (const std::optional<size_t> number = Next()) {
      const Seed file = corpus_.At(*number);
      ChannelPtr channel;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        open_[worker] = file;
        channel = channel_;
      }
      const absl::Time start = absl::Now();
      const auto report = ScanWithin(channel, file.bytes, options_.deadline);
      const std::lock_guard<std::mutex> lock(mutex_);
      NoteTime(file, absl::Now() - start);
      Judge(file, report);
      open_.erase(worker);
    }
  }

  std::optional<size_t> Next() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (next_ >= total_ || server_ == nullptr) return std::nullopt;
    return next_++;
  }

  void NoteTime(const Seed& file, absl::Duration time) {
    if (time <= result_.slowest) return;
    result_.slowest = time;
    result_.slowest_file = file.name;
  }

  void Judge(const Seed& file, const absl::StatusOr<v1::ScanReport>& report) {
    ++result_.files;
    CheckEscapes();
    if (report.ok()) return JudgeReport(file, *report);
    if (absl::IsDeadlineExceeded(report.status())) {
      return Keep("hang", file, result_.hangs);
    }
    if (server_ != nullptr && server_->CheckEnded()) Restart();
    if (Suspected(file)) return;
    ++result_.refused[absl::StatusCodeToString(report.status().code())];
    Keep("refused", file, result_.broken);
  }

  void JudgeReport(const Seed& file, const v1::ScanReport& report) {
    const v1::Verdict& verdict = report.verdict();
    ++result_.verdicts[v1::Action_Name(verdict.action())];
    if (verdict.action() == v1::ACTION_UNREADABLE &&
        verdict.reasons_size() > 0) {
      ++result_.unreadable[KindOf(verdict.reasons(0))];
    }
    if (const std::string fault = FaultOf(report); !fault.empty()) {
      Keep(fault, file, result_.broken);
    }
  }

  // Whoever has a file open may have done it.
  void CheckEscapes() {
    const int64_t escapes = network_.calls() + file_canary_.CountTouches();
    if (escapes == escapes_) return;
    escapes_ = escapes;
    for (const auto& [worker, file] : open_) Keep("escape", file, escaped_);
  }

  // The files that were open are suspects.
  void Restart() {
    std::ofstream(KeepPath("server.log"), std::ios::app) << server_->Log();
    for (const auto& [worker, file] : open_) suspects_.push_back(file);
    server_.reset();
    StartServer();
  }

  bool Suspected(const Seed& file) const {
    return std::any_of(
        suspects_.begin(), suspects_.end(),
        [&](const Seed& suspect) { return suspect.name == file.name; });
  }

  void FindCulprits() {
    const size_t crashes = suspects_.size();
    size_t culprits = 0;
    for (const Seed& file : suspects_) {
      if (server_ == nullptr) return;
      const auto report = ScanWithin(channel_, file.bytes, options_.deadline);
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!server_->CheckEnded()) continue;
      Keep("crash", file, result_.crashes);
      ++culprits;
      server_.reset();
      StartServer();
    }
    if (crashes == 0 || culprits > 0) return;
    for (const Seed& file : suspects_) {
      Keep("crash-among", file, result_.crashes);
    }
  }

  std::string KeepPath(const std::string& name) const {
    const fs::path folder = options_.keep.empty() ? "." : options_.keep;
    fs::create_directories(folder);
    return folder / name;
  }

  void Keep(const std::string& what, const Seed& file,
            std::vector<std::string>& names) const {
    names.push_back(absl::StrCat(what, ": ", file.name));
    std::ofstream(KeepPath(absl::StrCat(names.size(), "-", what, "-",
                                        file.name.substr(0, 100))),
                  std::ios::binary)
        << file.bytes;
  }

  const ServerRunOptions options_;
  const std::string directory_ = MakeTempDirectory();
  const std::string canary_path_ = MakeCanary(directory_);
  NetworkCanary network_;
  const Bait bait_;
  const Corpus corpus_;
  FileCanary file_canary_;
  ChannelPtr channel_;

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable look_;
  bool watched_enough_ = false;
  std::unique_ptr<LenscapdProcess> server_;
  std::optional<ProcessMemory> memory_;
  size_t next_ = 0;
  size_t total_ = 0;
  std::map<int, Seed> open_;  // By worker.
  std::vector<Seed> suspects_;
  std::vector<std::string> escaped_;
  int64_t escapes_ = 0;
  ServerRunResult result_;

  static std::string MakeCanary(const std::string& directory) {
    const std::string path = directory + "/canary.ts";
    fs::copy_file(MakeMedia("canary.ts",
                            {"-f", "lavfi", "-i", "testsrc2=d=0.4:s=64x48:r=25",
                             "-c:v", "mpeg2video"}),
                  path);
    return path;
  }
};

void PrintCounts(std::ostream& out, const char* title,
                 const std::map<std::string, int64_t>& counts) {
  if (!counts.empty()) out << title << "\n";
  for (const auto& [name, count] : counts) {
    out << absl::StrFormat("%8d  %s\n", count, name);
  }
}

void PrintNames(std::ostream& out, const char* title,
                const std::vector<std::string>& names) {
  out << title << ": " << names.size() << "\n";
  for (const std::string& name : names) out << "          " << name << "\n";
}

}  // namespace

ServerRunResult RunServerUnderFire(const ServerRunOptions& options) {
  return Run(options).Finish();
}

std::ostream& operator<<(std::ostream& out, const ServerRunResult& result) {
  constexpr double kMegabyte = 1e6;
  out << "files: " << result.files << ", of them " << result.seeds
      << " made by hand or good, the others mutants\n";
  PrintCounts(out, "verdicts:", result.verdicts);
  PrintCounts(out, "unreadable because:", result.unreadable);
  PrintCounts(out, "calls that failed:", result.refused);
  for (const std::string& line : result.metrics)
    out << "metric " << line << "\n";
  PrintNames(out, "crashes", result.crashes);
  PrintNames(out, "hangs", result.hangs);
  PrintNames(out, "broken promises", result.broken);
  out << "escapes: " << result.network_escapes << " to the network, "
      << result.file_escapes << " to files\n";
  out << absl::StrFormat(
      "peak resident memory: server %.0f MB, largest of %d children seen %.0f "
      "MB\n",
      result.server_peak / kMegabyte, result.children_seen,
      result.child_peak / kMegabyte);
  out << absl::StrFormat("slowest: %.1f s, %s\n",
                         absl::ToDoubleSeconds(result.slowest),
                         result.slowest_file);
  return out << absl::StrFormat("seconds: %.1f\n",
                                absl::ToDoubleSeconds(result.elapsed));
}

}  // namespace lenscap
