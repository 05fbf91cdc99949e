#ifndef LENSCAP_MODELS_LOGISTIC_H_
#define LENSCAP_MODELS_LOGISTIC_H_

#include <string>
#include <vector>

#include "absl/types/span.h"

namespace lenscap {

// One labelled clip, as the cues see it.
struct LabelledSample {
  std::vector<double> features;  // Of the same number for every sample.
  bool positive = false;
  std::string group;  // Clips of one camera or source.
};

struct LinearModel {
  double bias = 0;
  std::vector<double> weights;

  // The log of the odds that a sample is positive.
  double Logit(absl::Span<const double> features) const;
};

// Logistic regression, by Newton's method, as if there were as many positives
// as negatives. The weights are held small by `penalty` times their squares,
// once features are scaled to unit variance. There must be a sample of either
// kind.
LinearModel FitLogistic(absl::Span<const LabelledSample> samples,
                        double penalty);

// The logit of each sample by a model that saw no sample of its group: groups
// are dealt out to `folds` parts, and each part is judged by a model of the
// others.
std::vector<double> CrossValidate(absl::Span<const LabelledSample> samples,
                                  double penalty, int folds);

// Platt's calibration (1999): the line a + b * logit that makes the logistic
// function of it the best probability of the labels, which are drawn in a
// little so that perfect separation gives no certainty.
struct Calibration {
  double offset = 0;
  double slope = 1;
};
Calibration Calibrate(absl::Span<const double> logits,
                      absl::Span<const LabelledSample> samples);

// The probability that a positive scores above a negative; ties count half.
double RocAuc(absl::Span<const double> scores,
              absl::Span<const LabelledSample> samples);
// The mean, over the positives, of the precision at each one's score.
double AveragePrecision(absl::Span<const double> scores,
                        absl::Span<const LabelledSample> samples);

}  // namespace lenscap

#endif  // LENSCAP_MODELS_LOGISTIC_H_
