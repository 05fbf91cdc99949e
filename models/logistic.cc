#include "models/logistic.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace lenscap {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

constexpr int kNewtonSteps = 100;
constexpr double kLongestStep = 2;

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Solves the symmetric, positive definite system by Gauss and Jordan.
Vector Solve(Matrix a, Vector b) {
  const size_t n = b.size();
  for (size_t i = 0; i < n; ++i) {
    const double pivot = a[i][i];
    for (size_t k = 0; k < n; ++k) a[i][k] /= pivot;
    b[i] /= pivot;
    for (size_t row = 0; row < n; ++row) {
      if (row == i) continue;
      const double factor = a[row][i];
      for (size_t k = 0; k < n; ++k) a[row][k] -= factor * a[i][k];
      b[row] -= factor * b[i];
    }
  }
  return b;
}

// A sample with a 1 before its features, what is to be its probability, and how
// much it counts.
struct Target {
  Vector inputs;
  double probability;
  double weight;
};

// The coefficients that maximise the weighted likelihood, less
// penalties[i] * coefficients[i]^2 / 2.
Vector Newton(const std::vector<Target>& targets, const Vector& penalties) {
  const size_t n = penalties.size();
  Vector coefficients(n);
  for (int step = 0; step < kNewtonSteps; ++step) {
    Matrix curvature(n, Vector(n));
    Vector gradient(n);
    for (size_t i = 0; i < n; ++i) {
      curvature[i][i] = penalties[i];
      gradient[i] = -penalties[i] * coefficients[i];
    }
    for (const Target& target : targets) {
      const double p =
          Sigmoid(std::inner_product(target.inputs.begin(), target.inputs.end(),
                                     coefficients.begin(), 0.0));
      for (size_t i = 0; i < n; ++i) {
        gradient[i] +=
            target.weight * (target.probability - p) * target.inputs[i];
        for (size_t k = 0; k < n; ++k) {
          curvature[i][k] +=
              target.weight * p * (1 - p) * target.inputs[i] * target.inputs[k];
        }
      }
    }
    const Vector move = Solve(curvature, gradient);
    double largest = 0;
    for (const double m : move) largest = std::max(largest, std::fabs(m));
    // Far from the top a full step may overshoot.
    const double share = std::min(1.0, kLongestStep / largest);
    for (size_t i = 0; i < n; ++i) coefficients[i] += share * move[i];
    if (largest < 1e-10) break;
  }
  return coefficients;
}

// What each sample weighs for positives and negatives to weigh the same, and
// all together as much as there are.
double WeightOf(const LabelledSample& sample,
                absl::Span<const LabelledSample> samples) {
  const auto positives =
      std::count_if(samples.begin(), samples.end(),
                    [](const LabelledSample& s) { return s.positive; });
  const auto same = sample.positive
                        ? positives
                        : static_cast<int64_t>(samples.size()) - positives;
  return samples.size() / 2.0 / same;
}

// Brings a feature to mean 0 and variance 1.
struct Scale {
  double mean = 0;
  double deviation = 1;
};
Scale ScaleOf(absl::Span<const LabelledSample> samples, size_t feature) {
  double sum = 0, squares = 0;
  for (const LabelledSample& sample : samples) sum += sample.features[feature];
  const double mean = sum / samples.size();
  for (const LabelledSample& sample : samples) {
    squares += std::pow(sample.features[feature] - mean, 2);
  }
  const double deviation = std::sqrt(squares / samples.size());
  return {.mean = mean, .deviation = deviation > 0 ? deviation : 1};
}

// Deals the groups out by turns, those with a positive first, so that every
// part gets its share of both.
std::map<std::string, int> PartsOf(absl::Span<const LabelledSample> samples,
                                   int folds) {
  std::map<std::string, bool> has_positive;
  for (const LabelledSample& sample : samples) {
    has_positive[sample.group] |= sample.positive;
  }
  std::map<std::string, int> parts;
  for (const bool positive : {true, false}) {
    for (const auto& [group, has] : has_positive) {
      if (has == positive) parts.emplace(group, parts.size() % folds);
    }
  }
  return parts;
}

// Indexes by falling score.
std::vector<size_t> Ranked(absl::Span<const double> scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  return order;
}

}  // namespace

double LinearModel::Logit(absl::Span<const double> features) const {
  return std::inner_product(weights.begin(), weights.end(), features.begin(),
                            bias);
}

LinearModel FitLogistic(absl::Span<const LabelledSample> samples,
                        double penalty) {
  const size_t n = samples[0].features.size();
  std::vector<Scale> scales;
  for (size_t i = 0; i < n; ++i) scales.push_back(ScaleOf(samples, i));
  std::vector<Target> targets;
  for (const LabelledSample& sample : samples) {
    Target& target = targets.emplace_back();
    target.inputs.push_back(1);
    for (size_t i = 0; i < n; ++i) {
      target.inputs.push_back((sample.features[i] - scales[i].mean) /
                              scales[i].deviation);
    }
    target.probability = sample.positive;
    target.weight = WeightOf(sample, samples);
  }
  Vector penalties(n + 1, penalty);
  penalties[0] = 1e-6;  // The bias is free, but for what rounding needs.
  const Vector coefficients = Newton(targets, penalties);
  LinearModel model = {.bias = coefficients[0], .weights = Vector(n)};
  for (size_t i = 0; i < n; ++i) {
    model.weights[i] = coefficients[i + 1] / scales[i].deviation;
    model.bias -= model.weights[i] * scales[i].mean;
  }
  return model;
}

std::vector<double> CrossValidate(absl::Span<const LabelledSample> samples,
                                  double penalty, int folds) {
  const std::map<std::string, int> parts = PartsOf(samples, folds);
  std::vector<double> logits(samples.size());
  for (int part = 0; part < folds; ++part) {
    std::vector<LabelledSample> others;
    for (const LabelledSample& sample : samples) {
      if (parts.at(sample.group) != part) others.push_back(sample);
    }
    const LinearModel model = FitLogistic(others, penalty);
    for (size_t i = 0; i < samples.size(); ++i) {
      if (parts.at(samples[i].group) != part) continue;
      logits[i] = model.Logit(samples[i].features);
    }
  }
  return logits;
}

Calibration Calibrate(absl::Span<const double> logits,
                      absl::Span<const LabelledSample> samples) {
  const auto positives =
      std::count_if(samples.begin(), samples.end(),
                    [](const LabelledSample& s) { return s.positive; });
  const auto negatives = static_cast<int64_t>(samples.size()) - positives;
  std::vector<Target> targets;
  for (size_t i = 0; i < samples.size(); ++i) {
    targets.push_back({.inputs = {1, logits[i]},
                       .probability = samples[i].positive
                                          ? (positives + 1.0) / (positives + 2)
                                          : 1.0 / (negatives + 2),
                       .weight = WeightOf(samples[i], samples)});
  }
  const Vector line = Newton(targets, {1e-6, 1e-6});
  return {.offset = line[0], .slope = line[1]};
}

double RocAuc(absl::Span<const double> scores,
              absl::Span<const LabelledSample> samples) {
  double wins = 0, pairs = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    for (size_t k = 0; k < samples.size(); ++k) {
      if (!samples[i].positive || samples[k].positive) continue;
      pairs += 1;
      wins += scores[i] > scores[k] ? 1 : scores[i] == scores[k] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

double AveragePrecision(absl::Span<const double> scores,
                        absl::Span<const LabelledSample> samples) {
  const std::vector<size_t> order = Ranked(scores);
  double sum = 0;
  int positives = 0;
  // Equal scores come in at once.
  for (size_t start = 0, end = 0; start < order.size(); start = end) {
    int added = 0;
    while (end < order.size() && scores[order[end]] == scores[order[start]]) {
      added += samples[order[end++]].positive;
    }
    positives += added;
    sum += added * (static_cast<double>(positives) / end);
  }
  return sum / positives;
}

}  // namespace lenscap
