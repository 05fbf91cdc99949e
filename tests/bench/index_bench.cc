// The cost of finding the frames within 31 bits of one, beside a plain linear
// scan of the same frames in the same run: compare the two, for machines and
// days differ. Also of building the index, of a whole match, and of the worst
// that a fixed camera can do.

#include <memory>
#include <vector>

#include "benchmark/benchmark.h"
#include "index/hamming_index.h"
#include "index/matcher.h"
#include "index/search_state.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

constexpr int kRadius = 31;
constexpr size_t kAllHits = 1'000'000;

std::vector<IndexedFrame> Frames(size_t count) {
  Random random(1);
  std::vector<IndexedFrame> frames(count);
  for (size_t i = 0; i < count; ++i) {
    frames[i] = {
        RandomHash(random),
        {static_cast<uint32_t>(i / 240 + 1), static_cast<uint32_t>(i % 240)}};
  }
  return frames;
}

// Every fourth is near a frame; most of what is uploaded is not.
std::vector<Hash256> Queries(const std::vector<IndexedFrame>& frames) {
  Random random(2);
  std::vector<Hash256> queries;
  for (int i = 0; i < 2000; ++i) {
    const Hash256& hash = frames[Below(frames.size(), random)].hash;
    queries.push_back(i % 4 == 0 ? AtDistance(hash, Below(32, random), random)
                                 : RandomHash(random));
  }
  return queries;
}

void BM_LinearScan(benchmark::State& state) {
  const auto frames = Frames(state.range(0));
  const auto queries = Queries(frames);
  size_t next = 0;
  for (auto _ : state) {
    const Hash256& query = queries[next++ % queries.size()];
    int hits = 0;
    for (const IndexedFrame& frame : frames) {
      hits += HammingDistance(frame.hash, query) <= kRadius;
    }
    benchmark::DoNotOptimize(hits);
  }
}
BENCHMARK(BM_LinearScan)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);

void BM_Search(benchmark::State& state) {
  const auto frames = Frames(state.range(0));
  const auto queries = Queries(frames);
  const HammingIndex index = HammingIndex().Added(frames);
  std::vector<HammingHit> hits;
  size_t next = 0;
  for (auto _ : state) {
    index.Search(queries[next++ % queries.size()], state.range(1), kAllHits,
                 &hits);
    benchmark::DoNotOptimize(hits.data());
  }
  state.counters["bytes_per_hash"] =
      static_cast<double>(index.bytes()) / frames.size();
}
BENCHMARK(BM_Search)
    ->ArgNames({"frames", "radius"})
    ->Args({16'384, kRadius})  // The most that are compared one by one.
    ->Args({100'000, kRadius})
    ->Args({1'000'000, kRadius})
    ->Args({1'000'000, 15})
    ->Args({10'000'000, kRadius})
    ->Unit(benchmark::kMicrosecond);

void BM_Build(benchmark::State& state) {
  const auto frames = Frames(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(HammingIndex().Added(frames));
  }
}
BENCHMARK(BM_Build)->Arg(100'000)->Arg(1'000'000)->Unit(
    benchmark::kMillisecond);

// Ten minutes of video, with ten seconds of a known clip, in 8 orientations
// against a million frames.
void BM_Match(benchmark::State& state) {
  Random random(3);
  SearchChange change;
  for (uint32_t clip = 1; clip <= 4000; ++clip) {
    change.added.push_back(MakeSearchedClip(
        MakeClip("list", "entry", MovingHashes(250, 8, random)), clip, 50));
  }
  const SearchState known = SearchState().With(change);
  auto hashes = MovingHashes(1180, 20, random);
  const auto copy = CopyOf(change.added[77]->hashes, 20, 20, 6, random);
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
