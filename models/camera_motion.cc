#include "models/camera_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace lenscap {
namespace {

constexpr int kSide = CueFrame::kSide;
constexpr int kSamples = kSide * kSide;
constexpr int kBlock = 16;
constexpr int kBlocks = kSide / kBlock;
constexpr int kHalf = kSide / 2;
constexpr size_t kWindowFrames = 8;
constexpr size_t kWindowHop = 4;

// Edges are the strongest fifth of the steps between samples, of at least 1 %
// of black to white. Squared steps beyond kMaxStep are counted as such.
constexpr double kEdgeShare = 0.2;
constexpr int kLeastStep = 7;
constexpr int kMaxStep = 4095;
// Codecs alone move a sample by less than 8 % of black to white.
constexpr int kCodecNoise = 20;
// A block with fewer edges a frame tells nothing.
constexpr double kTexturedBlock = 0.02 * kBlock * kBlock;

// In samples: how far a move is looked for, and what counts as none.
constexpr int kMaxShift = 12;
constexpr double kStillShift = 0.35;
constexpr double kStillZoom = 0.01;

// The value that this share of the values is below; 0 of none.
double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place =
      values.begin() + static_cast<int>(share * (values.size() - 1) + 0.5);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

double Median(std::vector<double> values) {
  return Quantile(std::move(values), 0.5);
}

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

using Edges = std::array<uint8_t, kSamples>;  // 1 where there is an edge.

Edges EdgesOf(const CueFrame& frame) {
  std::array<uint16_t, kSamples> steps{};
  std::array<int, kMaxStep + 1> histogram{};
  for (int y = 0; y + 1 < kSide; ++y) {
    const uint8_t* const row = frame.luma.data() + y * kSide;
    for (int x = 0; x + 1 < kSide; ++x) {
      const int across = row[x + 1] - row[x];
      const int down = row[x + kSide] - row[x];
      steps[y * kSide + x] = static_cast<uint16_t>(
          std::min(across * across + down * down, kMaxStep));
      ++histogram[steps[y * kSide + x]];
    }
  }
  int threshold = kMaxStep;
  for (int above = histogram[kMaxStep];
       threshold > kLeastStep && above <= kEdgeShare * kSamples;
       above += histogram[threshold]) {
    --threshold;
  }
  Edges edges;
  for (int i = 0; i < kSamples; ++i) edges[i] = steps[i] > threshold;
  return edges;
}

// Sums of the samples of a quarter of the picture by column and by row, from
// which is taken what changes slowly.
struct Profile {
  std::array<float, kHalf> columns{};
  std::array<float, kHalf> rows{};
};
using Profiles = std::array<Profile, 4>;  // Top left, top right, bottom ...

void Differentiate(std::array<float, kHalf>& sums) {
  for (int i = 0; i + 1 < kHalf; ++i) sums[i] = sums[i + 1] - sums[i];
  sums[kHalf - 1] = 0;
}

Profiles ProfilesOf(const CueFrame& frame) {
  Profiles profiles;
  for (int y = 0; y < kSide; ++y) {
    const uint8_t* const row = frame.luma.data() + y * kSide;
    for (int side = 0; side < 2; ++side) {
      Profile& profile = profiles[2 * (y / kHalf) + side];
      int sum = 0;
      for (int x = 0; x < kHalf; ++x) {
        profile.columns[x] += row[side * kHalf + x];
        sum += row[side * kHalf + x];
      }
      profile.rows[y % kHalf] = static_cast<float>(sum);
    }
  }
  for (Profile& profile : profiles) {
    Differentiate(profile.columns);
    Differentiate(profile.rows);
  }
  return profiles;
}

// By how many samples `to` is `from` moved to the right: where they differ
// least on average, to a part of a sample by a parabola. 0 unless a move
// explains clearly more than none.
double ShiftBetween(const std::array<float, kHalf>& from,
                    const std::array<float, kHalf>& to) {
  std::array<double, 2 * kMaxShift + 1> costs;
  for (int shift = -kMaxShift; shift <= kMaxShift; ++shift) {
    double sum = 0;
    const int start = std::max(0, shift);
    const int end = std::min(kHalf, kHalf + shift);
    for (int i = start; i < end; ++i) sum += std::abs(to[i] - from[i - shift]);
    costs[shift + kMaxShift] = sum / (end - start);
  }
  const int best = static_cast<int>(
      std::min_element(costs.begin(), costs.end()) - costs.begin());
  if (costs[best] > 0.8 * costs[kMaxShift] && best != kMaxShift) return 0;
  double part = 0;
  if (best > 0 && best < 2 * kMaxShift) {
    const double before = costs[best - 1] - costs[best];
    const double after = costs[best + 1] - costs[best];
    if (before + after > 0) part = 0.5 * (before - after) / (before + after);
  }
  return best - kMaxShift + part;
}

// The move that most quarters agree on, in samples.
struct Move {
  double dx = 0;
  double dy = 0;
  double zoom = 1;

  double length() const { return std::hypot(dx, dy); }
  bool still() const {
    return length() < kStillShift && std::abs(zoom - 1) < kStillZoom;
  }
};

double MiddleOf(std::array<double, 4> values) {
  std::sort(values.begin(), values.end());
  return (values[1] + values[2]) / 2;
}

Move MoveBetween(const Profiles& from, const Profiles& to) {
  std::array<double, 4> dx, dy;
  for (int i = 0; i < 4; ++i) {
    dx[i] = ShiftBetween(from[i].columns, to[i].columns);
    dy[i] = ShiftBetween(from[i].rows, to[i].rows);
  }
  // Where the picture grows, its quarters move apart; each pair must say so,
  // since what moves before the camera is mostly in one of them.
  const std::array<double, 4> apart = {dx[1] - dx[0], dx[3] - dx[2],
                                       dy[2] - dy[0], dy[3] - dy[1]};
  const auto [least, most] = std::minmax_element(apart.begin(), apart.end());
  const double growth = *least > 0 ? *least : *most < 0 ? *most : 0;
  return {.dx = MiddleOf(dx), .dy = MiddleOf(dy), .zoom = 1 + growth / kHalf};
}

// What the measures of any frames are made of, once for each frame.
class Measurer {
 public:
  explicit Measurer(absl::Span<const CueFrame> frames) : frames_(frames) {
    std::vector<Profiles> profiles;
    for (const CueFrame& frame : frames) {
      edges_.push_back(EdgesOf(frame));
      profiles.push_back(ProfilesOf(frame));
    }
    for (size_t i = 1; i < frames.size(); ++i) {
      moves_.push_back(MoveBetween(profiles[i - 1], profiles[i]));
      changes_.push_back(ChangeBetween(frames[i - 1], frames[i]));
    }
  }

  // Of the frames [start, end), at least two.
  MotionWindow Measure(size_t start, size_t end) const {
    MotionWindow window = {
        .span = {frames_[start].time, frames_[end - 1].time}};
    MeasureEdges(start, end, window);
    MeasureMoves(start, end, window);
    window.measures[kActivity] = Activity(start, end);
    return window;
  }

  const std::vector<Move>& moves() const { return moves_; }

 private:
  // Their mean difference by the contrast of the later one.
  static double ChangeBetween(const CueFrame& from, const CueFrame& to) {
    int64_t difference = 0, sum = 0, squares = 0;
    for (int i = 0; i < kSamples; ++i) {
      const int sample = to.luma[i];
      difference += std::abs(sample - from.luma[i]);
      sum += sample;
      squares += sample * sample;
    }
    const double mean = static_cast<double>(sum) / kSamples;
    const double variance =
        static_cast<double>(squares) / kSamples - mean * mean;
    const double contrast = std::sqrt(std::max(0.0, variance));
    return static_cast<double>(difference) / kSamples / (contrast + 5);
  }

  void MeasureEdges(size_t start, size_t end, MotionWindow& window) const {
    std::vector<uint16_t> counts(kSamples);
    for (size_t i = start; i < end; ++i) {
      for (int k = 0; k < kSamples; ++k) counts[k] += edges_[i][k];
    }
    const double n = static_cast<double>(end - start);
    std::array<double, kBlocks * kBlocks> total{}, again{};
    for (int k = 0; k < kSamples; ++k) {
      const int block = k / kSide / kBlock * kBlocks + k % kSide / kBlock;
      total[block] += counts[k];
      again[block] += counts[k] * (counts[k] - 1.0);
    }
    double all = 0, all_again = 0;
    std::vector<double> textured;
    for (size_t i = 0; i < total.size(); ++i) {
      all += total[i];
      all_again += again[i];
      if (total[i] >= kTexturedBlock * n) {
        textured.push_back(again[i] / (total[i] * (n - 1)));
      }
    }
    window.measures[kPersistence] = Share(all_again, all * (n - 1));
    window.measures[kBlockPersistence] = Median(textured);
    window.measures[kUpperPersistence] = Quantile(std::move(textured), 0.75);
    window.measures[kTexture] = all / (n * kSamples);
  }

  void MeasureMoves(size_t start, size_t end, MotionWindow& window) const {
    std::vector<double> lengths, changes;
    int still = 0;
    for (size_t i = start; i + 1 < end; ++i) {
      lengths.push_back(moves_[i].length());
      changes.push_back(changes_[i]);
      still += moves_[i].still();
    }
    window.measures[kStillMoves] = Share(still, lengths.size());
    window.measures[kLogMove] = std::log(Median(std::move(lengths)) + 0.1);
    window.measures[kLogChange] = std::log(Median(std::move(changes)) + 0.01);
  }

  double Activity(size_t start, size_t end) const {
    auto least = frames_[start].luma;
    auto most = least;
    for (size_t i = start + 1; i < end; ++i) {
      for (int k = 0; k < kSamples; ++k) {
        least[k] = std::min(least[k], frames_[i].luma[k]);
        most[k] = std::max(most[k], frames_[i].luma[k]);
      }
    }
    int active = 0;
    for (int k = 0; k < kSamples; ++k)
      active += most[k] - least[k] > kCodecNoise;
    return static_cast<double>(active) / kSamples;
  }

  const absl::Span<const CueFrame> frames_;
  std::vector<Edges> edges_;
  std::vector<Move> moves_;      // From each frame to the next.
  std::vector<double> changes_;  // The same.
};

}  // namespace

CameraMotion MeasureMotion(absl::Span<const CueFrame> frames) {
  CameraMotion motion;
  if (frames.size() < 2) return motion;
  const Measurer measurer(frames);
  for (size_t i = 1; i < frames.size(); ++i) {
    const Move& move = measurer.moves()[i - 1];
    motion.moves.push_back({.time = frames[i].time,
                            .dx = static_cast<float>(move.dx / kSide),
                            .dy = static_cast<float>(move.dy / kSide),
                            .zoom = static_cast<float>(move.zoom)});
  }
  motion.whole = measurer.Measure(0, frames.size());
  for (size_t end = kWindowFrames; end <= frames.size(); end += kWindowHop) {
    motion.windows.push_back(measurer.Measure(end - kWindowFrames, end));
  }
  return motion;
}

}  // namespace lenscap
