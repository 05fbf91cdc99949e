// The cost of one hash, at the usual sizes of video, beside the plain model's
// in the same run: compare the two, for machines and days differ. And of what
// else is made of every frame's luma. As with decoded frames, the scenes are
// too many for the cache near the core.

#include <algorithm>
#include <random>
#include <vector>

#include "benchmark/benchmark.h"
#include "fingerprint/luma_grid.h"
#include "fingerprint/pdq.h"
#include "fingerprint/thumbnail.h"
#include "models/cue_footage.h"
#include "tests/fingerprint/pdq_model.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {
namespace {

// Scenes of rectangles, some of which need the replay, as some frames do.
constexpr int kScenes = 64;
std::vector<Picture> Scenes(const benchmark::State& state) {
  const int width = state.range(0), height = state.range(1);
  std::mt19937 random(1);
  std::vector<Picture> scenes;
  for (int i = 0; i < kScenes; ++i) {
    Picture& scene = scenes.emplace_back(width, height);
    for (int shape = 0; shape < 30; ++shape) {
      const int left = random() % width, top = random() % height;
      const int right = std::min<int>(width, left + random() % (width / 2));
      const int bottom = std::min<int>(height, top + random() % (height / 2));
      const uint8_t grey = random();
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) scene.at(x, y) = grey;
      }
    }
  }
  return scenes;
}

// Times `compute` for one scene after the other.
template <typename Compute>
void Run(benchmark::State& state, const Compute& compute) {
  const std::vector<Picture> scenes = Scenes(state);
  size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute(scenes[next++ % kScenes]));
  }
}

void BM_Pdq(benchmark::State& state) {
  Run(state, [](const Picture& picture) {
    return ComputePdq(picture.plane(), LumaRange::kFull);
  });
}

void BM_DihedralPdq(benchmark::State& state) {
  Run(state, [](const Picture& picture) {
    return ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
  });
}

void BM_Thumbnail(benchmark::State& state) {
  Run(state,
      [](const Picture& picture) { return Thumbnail::Of(picture.plane()); });
}

// By the sampler's second frame, of which no still is kept.
CueFootage CuePlaneOf(const Picture& picture) {
  static const Picture first(1, 1);
  CueSampler sampler;
  for (const Picture* each : {&first, &picture}) {
    sampler.Add({.time = absl::ZeroDuration(),
                 .luma = each->plane(),
                 .range = LumaRange::kFull,
                 .colour = {},
                 .pixels = nullptr});
  }
  return sampler.footage();
}

void BM_CuePlane(benchmark::State& state) { Run(state, CuePlaneOf); }

// All that a scan makes of one.
void BM_Frame(benchmark::State& state) {
  Run(state, [](const Picture& picture) {
    benchmark::DoNotOptimize(Thumbnail::Of(picture.plane()));
    benchmark::DoNotOptimize(CuePlaneOf(picture));
    return ComputeDihedralPdq(picture.plane(), LumaRange::kFull);
  });
}

// What is added where the quick grid leaves a bit open.
void BM_Replay(benchmark::State& state) {
  Run(state,
      [](const Picture& picture) { return ReplayToGrid(picture.plane()); });
}

void BM_Model(benchmark::State& state) {
  Run(state, [](const Picture& picture) {
    return ModelPdq(picture, LumaRange::kFull);
  });
}

void VideoSizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"width", "height"})
      ->Args({640, 480})
      ->Args({1280, 720})
      ->Args({1920, 1080})
      ->Unit(benchmark::kMicrosecond);
}
BENCHMARK(BM_Pdq)->Apply(VideoSizes);
BENCHMARK(BM_DihedralPdq)->Apply(VideoSizes);
BENCHMARK(BM_Thumbnail)->Apply(VideoSizes);
BENCHMARK(BM_CuePlane)->Apply(VideoSizes);
BENCHMARK(BM_Frame)->Apply(VideoSizes);
BENCHMARK(BM_Replay)->Apply(VideoSizes);
BENCHMARK(BM_Model)->Apply(VideoSizes);

}  // namespace
}  // namespace lenscap

BENCHMARK_MAIN();
