// What known clips cost as a whole, store and all: publishing them, starting
// with and without what was saved, memory, and searching while clips are
// published.
//
//   bazel run //tests/bench:known_clips_bench -- --clips=41667

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"

ABSL_FLAG(int, clips, 4167, "clips that are published");
ABSL_FLAG(int, frames, 240, "frames of each");
ABSL_FLAG(int, queries, 5000, "pictures that are searched, 8 hashes each");
ABSL_FLAG(int, writers, 32, "threads that publish");
ABSL_FLAG(double, rate, 10'000, "publishes a second while searching; 0: all");
ABSL_FLAG(std::string, directory, "", "an empty one; a temporary one else");

namespace lenscap {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << "known_clips_bench: " << status << "\n";
  std::exit(1);
}

std::unique_ptr<KnownClips> Open(const std::string& directory,
                                 absl::string_view what) {
  const auto start = Clock::now();
  auto clips = KnownClips::Open({.directory = directory});
  if (!clips.ok()) Fail(clips.status());
  if (!what.empty()) {
    absl::PrintF("%-44s %8.2f s   %s\n", what, SecondsSince(start),
                 (*clips)->rebuilt_because().ok() ? "as saved" : "built anew");
  }
  return *std::move(clips);
}

// Of this process, without pages of files.
double AnonymousMegabytes() {
  malloc_trim(0);
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "RssAnon:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

// Publishes clips of so many frames from several threads, as fast as it goes or
// at `rate` a second, until `total` are there or `stop` is set. Returns how
// many there are a second.
double Publish(KnownClips& clips, const std::string& prefix, int frames,
               int64_t total, double rate, const std::atomic<bool>& stop) {
  std::atomic<int64_t> next = 0;
  std::atomic<int64_t> done = 0;
  const auto start = Clock::now();
  const auto write = [&](int thread) {
    Random random(std::hash<std::string>()(prefix) + thread);
    std::vector<Hash256> hashes(frames);
    while (!stop) {
      const int64_t i = next++;
      if (i >= total) return;
      if (rate > 0) {
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(i / rate)));
      }
      for (Hash256& hash : hashes) hash = RandomHash(random);
      const auto result =
          clips.Publish(MakeClip("list", absl::StrCat(prefix, i), hashes));
      if (!result.ok()) Fail(result.status());
      ++done;
    }
  };
  std::vector<std::thread> writers;
  for (int t = 0; t < absl::GetFlag(FLAGS_writers); ++t) {
    writers.emplace_back(write, t);
  }
  for (std::thread& writer : writers) writer.join();
  return done / SecondsSince(start);
}

// Microseconds of each search of eight hashes, as of one picture.
std::vector<double> Search(const KnownClips& clips, int queries) {
  Random random(7);
  std::vector<double> micros;
  for (int i = 0; i < queries; ++i) {
    DihedralPdq picture;
    for (Hash256& hash : picture.hashes) hash = RandomHash(random);
    const auto start = Clock::now();
    clips.FindLookalikes(picture);
    micros.push_back(1e6 * SecondsSince(start));
  }
  std::sort(micros.begin(), micros.end());
  return micros;
}

void Print(absl::string_view what, const std::vector<double>& micros) {
  absl::PrintF("%-44s %8.1f us median, %.1f us p99\n", what,
               micros[micros.size() / 2], micros[micros.size() * 99 / 100]);
}

void Run(const std::string& directory) {
  const int64_t total = absl::GetFlag(FLAGS_clips);
  const int frames = absl::GetFlag(FLAGS_frames);
  const int queries = absl::GetFlag(FLAGS_queries);
  const double hashes = static_cast<double>(total) * frames;
  const std::atomic<bool> never = false;
  {
    auto clips = Open(directory, "");
    if (absl::Status made = clips->CreateList("list", "issuer"); !made.ok()) {
      Fail(made);
    }
    const double rate = Publish(*clips, "clip", frames, total, 0, never);
    absl::PrintF("%-44s %8.0f a second, of %d frames: %.0f hashes a second\n",
                 "published", rate, frames, rate * frames);
  }
  std::filesystem::remove_all(directory + "/search");
  const double before = AnonymousMegabytes();
  Open(directory, "start without what was saved");
  auto clips = Open(directory, "start with what was saved");
  absl::PrintF("%-44s %8.1f bytes a hash, of %.0f\n", "memory in all",
               (AnonymousMegabytes() - before) * 1024 * 1024 / hashes, hashes);
  const auto idle = Search(*clips, queries);
  Print("eight hashes searched, idle", idle);
  std::atomic<bool> stop = false;
  double rate = 0;
  std::thread publisher([&] {
    rate =
        Publish(*clips, "more", 1, INT64_MAX, absl::GetFlag(FLAGS_rate), stop);
  });
  std::this_thread::sleep_for(std::chrono::seconds(1));
  std::vector<double> busy;
  const auto start = Clock::now();
  while (SecondsSince(start) < 20) {
    const auto more = Search(*clips, 500);
    busy.insert(busy.end(), more.begin(), more.end());
  }
  stop = true;
  publisher.join();
  std::sort(busy.begin(), busy.end());
  Print(absl::StrFormat("the same, while %.0f a second are published", rate),
        busy);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  std::string directory = absl::GetFlag(FLAGS_directory);
  const bool is_temporary = directory.empty();
  if (is_temporary) {
    directory = std::filesystem::temp_directory_path() / "known_clips_XXXXXX";
    if (mkdtemp(directory.data()) == nullptr) return 1;
  }
  lenscap::Run(directory + "/index");
  if (is_temporary) std::filesystem::remove_all(directory);
}
