// Reading and writing list files of entries with one PDQ hash each: entries a
// second, on one core.

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/byte_reader.h"
#include "benchmark/benchmark.h"
#include "lists/list_reader.h"
#include "tests/lists/clips.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kEntries = 100'000;

std::vector<Clip> Images() {
  std::mt19937_64 random(1);
  std::vector<Clip> clips(kEntries);
  for (int i = 0; i < kEntries; ++i) {
    clips[i].list_id = "list";
    clips[i].entry_id = absl::StrCat("entry-", i);
    clips[i].severity = Severity::kConfirmed;
    const Hash256 hash = {{random(), random(), random(), random()}};
    clips[i].frames.push_back({hash, 100, {}, {}});
  }
  return clips;
}

std::string ListOfImages(bool compress) {
  const std::string path = MakeTempDirectory() + "/list";
  WriteClips(path, Images(), compress);
  return path;
}

// The argument: whether it is compressed.
void BM_Read(benchmark::State& state) {
  const std::string path = ListOfImages(state.range(0) != 0);
  for (auto _ : state) {
    const auto reader = ListReader::Open(*OpenByteReader(path));
    if (!reader.ok()) std::abort();
    int64_t entries = 0;
    while (true) {
      const auto change = (*reader)->Next();
      if (!change.ok()) std::abort();
      if (!*change) break;
      ++entries;
    }
    if (entries != kEntries) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(BM_Read)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_Write(benchmark::State& state) {
  const std::vector<Clip> clips = Images();
  const std::string path = MakeTempDirectory() + "/list";
  for (auto _ : state) WriteClips(path, clips, state.range(0) != 0);
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(BM_Write)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lenscap

BENCHMARK_MAIN();
