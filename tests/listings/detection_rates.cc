#include "tests/listings/detection_rates.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "listings/rule_pack.h"
#include "listings/starter_packs.h"

namespace lenscap {
namespace {

constexpr double kZ = 1.959964;  // Of 95%, two-sided.

double WilsonBound(const Rate& rate, double sign) {
  if (rate.all == 0) return sign < 0 ? 0 : 1;
  const double n = rate.all;
  const double z2 = kZ * kZ;
  const double p = rate.right / n;
  const double spread = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return std::clamp((p + z2 / (2 * n) + sign * spread) / (1 + z2 / n), 0.0,
                    1.0);
}

void Count(bool positive, bool flagged, Counts* counts) {
  if (positive) {
    ++counts->positives;
    counts->true_positives += flagged;
  } else {
    ++counts->negatives;
    counts->false_positives += flagged;
  }
}

std::string LanguageOf(const LabelledListing& listing) {
  const std::string& locale = listing.text.locale;
  return locale.empty() ? "any" : locale.substr(0, locale.find('-'));
}

// A line for each that has positives, and for each that has negatives.
std::string DescribeKinds(const std::map<std::string, Counts>& kinds) {
  std::string text;
  for (const auto& [name, counts] : kinds) {
    if (counts.positives > 0) {
      absl::StrAppend(&text, absl::StrFormat("  %-18s recall      %s\n", name,
                                             counts.recall().ToString()));
    }
    if (counts.negatives > 0) {
      absl::StrAppend(&text, absl::StrFormat("  %-18s let be      %s\n", name,
                                             counts.specificity().ToString()));
    }
  }
  return text;
}

std::string DescribeAll(const std::string& name, const Counts& counts) {
  return absl::StrFormat("  %-18s precision   %s\n  %-18s recall      %s\n",
                         name, counts.precision().ToString(), "",
                         counts.recall().ToString());
}

std::string DescribeWrong(const MissedListing& wrong) {
  const LabelledListing& listing = *wrong.listing;
  std::string text =
      absl::StrFormat("%s %s, %s, %s: score %g\n    %s | %s\n", listing.id,
                      listing.positive ? "missed" : "false alarm",
                      listing.category, listing.evasion, wrong.review.score,
                      listing.text.title, listing.text.description);
  for (const RuleHit& hit : wrong.review.hits) {
    absl::StrAppendFormat(&text, "    %+g %s:", hit.score, hit.rule_id);
    for (const RuleSpan& span : hit.spans) {
      absl::StrAppend(&text, " ", span.key.substr(0, 40), ";");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace

double Rate::low() const { return WilsonBound(*this, -1); }
double Rate::high() const { return WilsonBound(*this, 1); }

std::string Rate::ToString() const {
  return absl::StrFormat("%.3f (%d/%d) [%.3f, %.3f]", value(), right, all,
                         low(), high());
}

Rate Counts::precision() const {
  return {true_positives, true_positives + false_positives};
}
Rate Counts::recall() const { return {true_positives, positives}; }
Rate Counts::specificity() const {
  return {negatives - false_positives, negatives};
}

DetectionRates Evaluate(const RuleEngine& engine, const LabelledPart& part) {
  DetectionRates rates;
  for (const LabelledListing& listing : part.listings) {
    TextReview review = engine.Review(listing.text, absl::UnixEpoch());
    const bool flagged =
        review.score >= kReviewScore || review.action >= RuleAction::kReview;
    for (Counts* counts : {&rates.all, &rates.languages[LanguageOf(listing)],
                           &rates.categories[listing.category],
                           &rates.evasions[listing.evasion]}) {
      Count(listing.positive, flagged, counts);
    }
    if (flagged != listing.positive) {
      rates.wrong.push_back({&listing, std::move(review)});
    }
  }
  return rates;
}

std::shared_ptr<const RuleEngine> StarterEngine() {
  std::vector<std::shared_ptr<const RulePack>> packs;
  for (const StarterPack& starter : StarterPacks()) {
    packs.push_back(starter.pack);
  }
  auto engine = RuleEngine::Compile(std::move(packs), nullptr);
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.status().ToString().c_str());
    std::abort();
  }
  return *std::move(engine);
}

absl::StatusOr<std::shared_ptr<const RuleEngine>> EngineOfFiles(
    const std::vector<std::string>& paths) {
  std::vector<std::shared_ptr<const RulePack>> packs;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return absl::NotFoundError(absl::StrCat(path, " is not there"));
    std::ostringstream yaml;
    yaml << file.rdbuf();
    absl::StatusOr<RulePack> pack = ParseRulePack(yaml.str());
    if (!pack.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": ", pack.status().message()));
    }
    packs.push_back(std::make_shared<const RulePack>(*std::move(pack)));
  }
  return RuleEngine::Compile(std::move(packs), nullptr);
}

std::string Describe(const std::string& part, const DetectionRates& rates,
                     bool texts) {
  std::string text = absl::StrCat(
      part, ": ", rates.all.positives, " positives, ", rates.all.negatives,
      " negatives\n", DescribeAll("all", rates.all));
  for (const auto& [language, counts] : rates.languages) {
    absl::StrAppend(&text, DescribeAll(language, counts));
  }
  absl::StrAppend(&text, " by category\n", DescribeKinds(rates.categories),
                  " by evasion\n", DescribeKinds(rates.evasions));
  if (texts) {
    for (const MissedListing& wrong : rates.wrong) {
      absl::StrAppend(&text, DescribeWrong(wrong));
    }
  }
  return text;
}

}  // namespace lenscap
