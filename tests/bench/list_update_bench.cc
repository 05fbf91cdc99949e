// What a large signed list costs: applying it, a next version of which a tenth
// is new, rolling back, starting, and what kept uploads are compared with.
// Entries are one PDQ hash each.
//
//   bazel run //tests/bench:list_update_bench -- --entries=1000000

#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"

ABSL_FLAG(int, entries, 1'000'000, "entries of the list");
ABSL_FLAG(std::string, directory, "", "an empty one; a temporary one else");

namespace lenscap {
namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << "list_update_bench: " << status << "\n";
  std::exit(1);
}

double Megabytes(absl::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == field && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

// Prints what a step takes: time, the most memory, and what stays.
template <typename Step>
auto Measure(absl::string_view what, const Step& step) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // The most is now.
  const double before = Megabytes("VmRSS:");
  const auto start = SteadyClock::now();
  auto result = step();
  const std::chrono::duration<double> seconds = SteadyClock::now() - start;
  const double most = Megabytes("VmHWM:");
  malloc_trim(0);
  absl::PrintF(
      "%-28s %8.2f s   before %6.0f MB, most %6.0f MB, after %6.0f MB\n", what,
      seconds.count(), before, most, Megabytes("VmRSS:"));
  if (!result.ok()) Fail(result.status());
  return *std::move(result);
}

// Version 1 has entries from 0 on; version 2 begins a tenth later.
class Version final : public EntryChangeSource {
 public:
  Version(int first, int count) : next_(first), end_(first + count) {}
  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (next_ == end_) return std::nullopt;
    Random random(next_);
    return AddOf(MakeClip("list", absl::StrFormat("entry-%09d", next_++),
                          {CorrelatedHash(random)}));
  }

 private:
  int next_;
  const int end_;
};

// As retrospective matching asks for them, one range after the other; what
// stays is the last one. Returns how many they were.
absl::StatusOr<int> ReadActive(const KnownClips& clips,
                               KnownClips::ClipRange* range) {
  int ranges = 0;
  const uint64_t end = clips.NextClipId();
  for (uint64_t first = 0; first < end; first = range->end) {
    *range = {};
    *range = clips.ActiveClips(first, end, 1'000'000);
    ++ranges;
  }
  return ranges;
}

void Run(const std::string& directory) {
  const int entries = absl::GetFlag(FLAGS_entries);
  const auto open = [&] { return KnownClips::Open({.directory = directory}); };
  auto clips = open();
  if (!clips.ok()) Fail(clips.status());
  const auto update = [&](const ListUpdate& version, int first) {
    Version source(first, entries);
    return (*clips)->Update(version, source, {});
  };
  Measure("source alone", [&]() -> absl::StatusOr<int> {
    Version source(0, entries);
    while ((*source.Next()).has_value()) {
    }
    return 0;
  });
  Measure("version 1",
          [&] { return update(NextVersion(**clips, "list", true), 0); });
  Measure("version 2, a tenth new", [&] {
    return update(NextVersion(**clips, "list", true), entries / 10);
  });
  Measure("rollback to version 1",
          [&] { return update(RollbackTo("list", 1), 0); });
  clips->reset();
  clips =
      Measure("start", [&] { return absl::StatusOr<decltype(clips)>(open()); });
  std::cout << "  " << (*clips)->rebuilt_because() << "\n";
  KnownClips::ClipRange range;
  const int ranges =
      Measure("active clips", [&] { return ReadActive(**clips, &range); });
  std::cout << "  ranges " << ranges << "\n";
  range = {};
  clips->reset();
  std::filesystem::remove_all(directory + "/search");
  clips = Measure("start, built anew", open);
  std::cout << "  entries " << (*clips)->GetList("list")->entries << "\n";
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  std::string directory = absl::GetFlag(FLAGS_directory);
  const bool temporary = directory.empty();
  if (temporary) {
    char name[] = "/tmp/list_update_bench.XXXXXX";
    if (mkdtemp(name) == nullptr) return 1;
    directory = name;
  }
  lenscap::Run(directory);
  if (temporary) std::filesystem::remove_all(directory);
  return 0;
}
