#ifndef LENSCAP_TESTS_MODELS_RANKING_H_
#define LENSCAP_TESTS_MODELS_RANKING_H_

#include <vector>

namespace lenscap {

// A probability that was given to something, and whether it is so.
struct Judged {
  double probability = 0;
  bool positive = false;
};

// The chance that a positive is ranked above a negative; ties count half. 1
// where there are none of one kind.
double RocAuc(const std::vector<Judged>& judged);

// The mean precision at each positive, from the most probable on; of equal
// probabilities the negatives come first.
double AveragePrecision(const std::vector<Judged>& judged);

// How far, on average, the probabilities of ten equal ranges are from the share
// of positives among them.
double CalibrationError(const std::vector<Judged>& judged);

// What is right of those at or above a threshold, and which share of the
// positives that is; 1 where there are none.
struct Hits {
  int right = 0;
  int reported = 0;
  int positives = 0;
  double precision() const {
    return reported == 0 ? 1 : 1.0 * right / reported;
  }
  double recall() const { return positives == 0 ? 1 : 1.0 * right / positives; }
};
Hits HitsAt(const std::vector<Judged>& judged, double threshold);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_MODELS_RANKING_H_
