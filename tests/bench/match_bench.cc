// The cost of comparing a video with known clips, once its frames are found:
// of a whole match, and of the worst that a fixed camera can do. What finding
// the frames costs: index_bench.

#include <memory>
#include <vector>

#include "benchmark/benchmark.h"
#include "index/matcher.h"
#include "index/search_state.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

// Ten minutes of video, with ten seconds of a known clip, in 8 orientations
// against a million frames.
void BM_Match(benchmark::State& state) {
  Random random(3);
  SearchChange change;
  std::vector<std::vector<Hash256>> contents;
  for (uint32_t clip = 1; clip <= 4000; ++clip) {
    contents.push_back(MovingHashes(250, 8, random));
    change.added.push_back(
        MakeSearchedClip(MakeClip("list", "entry", contents.back()), clip, 50));
  }
  const SearchState known = SearchState().With(change);
  auto hashes = MovingHashes(1180, 20, random);
  const auto copy = CopyOf(contents[77], 20, 20, 6, random);
  hashes.insert(hashes.begin() + 500, copy.begin(), copy.end());
  const UploadFingerprint upload = MakeUpload(hashes);
  size_t matches = 0;
  for (auto _ : state) matches = FindMatches(known, upload, {}).size();
  state.counters["matches"] = matches;
  state.counters["per_frame"] = benchmark::Counter(
      hashes.size(), benchmark::Counter::kIsIterationInvariantRate |
                         benchmark::Counter::kInvert);
}
BENCHMARK(BM_Match)->Unit(benchmark::kMillisecond);

// Hours of a fixed camera against as many hours of the same one.
void BM_MatchFixedCamera(benchmark::State& state) {
  Random random(4);
  const int frames = state.range(0) * 3600 * 4;
  const auto camera = FixedCameraHashes(frames, random);
  const SearchState known = SearchState().With(
      {.added = {MakeSearchedClip(MakeClip("list", "entry", camera), 1, 50)},
       .removed = {},
       .lists = {}});
  const UploadFingerprint upload =
      MakeUpload(CopyOf(camera, 0, frames / 2, 4, random));
  size_t matches = 0;
  for (auto _ : state) matches = FindMatches(known, upload, {}).size();
  state.counters["matches"] = matches;
}
BENCHMARK(BM_MatchFixedCamera)
    ->ArgName("hours")
    ->Arg(1)
    ->Arg(8)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lenscap

BENCHMARK_MAIN();
