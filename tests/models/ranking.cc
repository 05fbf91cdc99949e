#include "tests/models/ranking.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lenscap {

double RocAuc(const std::vector<Judged>& judged) {
  double wins = 0, pairs = 0;
  for (const Judged& a : judged) {
    for (const Judged& b : judged) {
      if (!a.positive || b.positive) continue;
      ++pairs;
      wins += a.probability > b.probability    ? 1
              : a.probability == b.probability ? 0.5
                                               : 0;
    }
  }
  return pairs == 0 ? 1 : wins / pairs;
}

double AveragePrecision(const std::vector<Judged>& judged) {
  std::vector<Judged> ranked = judged;
  std::sort(ranked.begin(), ranked.end(), [](const Judged& a, const Judged& b) {
    return a.probability != b.probability ? a.probability > b.probability
                                          : a.positive < b.positive;
  });
  double sum = 0;
  int positives = 0;
  for (size_t i = 0; i < ranked.size(); ++i) {
    if (!ranked[i].positive) continue;
    ++positives;
    sum += static_cast<double>(positives) / static_cast<double>(i + 1);
  }
  return positives == 0 ? 1 : sum / positives;
}

double CalibrationError(const std::vector<Judged>& judged) {
  std::array<double, 10> said{}, positive{};
  for (const Judged& one : judged) {
    const auto bin =
        std::min<size_t>(9, static_cast<size_t>(10 * one.probability));
    said[bin] += one.probability;
    positive[bin] += one.positive;
  }
  double sum = 0;
  for (size_t i = 0; i < said.size(); ++i)
    sum += std::abs(said[i] - positive[i]);
  return judged.empty() ? 0 : sum / static_cast<double>(judged.size());
}

Hits HitsAt(const std::vector<Judged>& judged, double threshold) {
  Hits hits;
  for (const Judged& one : judged) {
    const bool reported = one.probability >= threshold;
    hits.reported += reported;
    hits.positives += one.positive;
    hits.right += reported && one.positive;
  }
  return hits;
}

}  // namespace lenscap
