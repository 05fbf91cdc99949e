#ifndef LENSCAP_TESTS_LISTINGS_DETECTION_RATES_H_
#define LENSCAP_TESTS_LISTINGS_DETECTION_RATES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "listings/hit.h"
#include "listings/rule_engine.h"
#include "tests/listings/labelled_listings.h"

namespace lenscap {

// `right` of `all`, and where the true share lies with a confidence of 95%
// (Wilson, 1927). 1 and [0, 1] where there are none.
struct Rate {
  int right = 0;
  int all = 0;
  double value() const { return all == 0 ? 1 : 1.0 * right / all; }
  double low() const;
  double high() const;
  std::string ToString() const;  // "0.950 (19/20) [0.764, 0.991]"
};

struct Counts {
  int positives = 0;
  int negatives = 0;
  int true_positives = 0;
  int false_positives = 0;
  Rate precision() const;
  Rate recall() const;
  // The share of negatives that are let be.
  Rate specificity() const;
};

struct MissedListing {
  const LabelledListing* listing = nullptr;
  TextReview review;
};

// What rules say of a part, all in all and of the listings of each kind.
struct DetectionRates {
  Counts all;
  std::map<std::string, Counts> languages;
  std::map<std::string, Counts> categories;
  std::map<std::string, Counts> evasions;
  std::vector<MissedListing> wrong;  // Of either label, in the part's order.
};

// The score from which on the default policy has a person look.
inline constexpr double kReviewScore = 50;

// `part` must outlive what is returned.
DetectionRates Evaluate(const RuleEngine& engine, const LabelledPart& part);

// All packs that come with the program.
std::shared_ptr<const RuleEngine> StarterEngine();

// The packs of these files of YAML. Errors name the file at fault.
absl::StatusOr<std::shared_ptr<const RuleEngine>> EngineOfFiles(
    const std::vector<std::string>& paths);

// For people; the texts that came out wrong too if `texts`.
std::string Describe(const std::string& part, const DetectionRates& rates,
                     bool texts);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTINGS_DETECTION_RATES_H_
