#ifndef LENSCAP_LISTINGS_RULE_H_
#define LENSCAP_LISTINGS_RULE_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "listings/hit.h"

namespace lenscap {

// What is reviewed.
enum class ListingKind {
  kListing = 1,
  kPost = 2,
  kChatMessage = 3,
  kProfile = 4
};

struct ListingText {
  ListingKind kind = ListingKind::kListing;
  std::string title;
  std::string description;
  std::string category;
  std::map<std::string, std::string> attributes;
  std::string locale;  // BCP 47; empty: rules of every locale.
};

struct RuleExample {
  ListingText text;
  int line = 0;  // Of the pack, from 1.
};

// Sigma's words for how far a rule is trusted. Experimental and test rules are
// in shadow; deprecated ones are off.
enum class RuleStatus { kExperimental, kTest, kStable, kDeprecated };

struct Rule {
  std::string id;
  std::string title;
  RuleStatus status = RuleStatus::kExperimental;
  std::string description;
  std::vector<std::string> references;
  std::string level;
  std::string group;
  std::vector<std::string> tags;
  std::vector<std::string> false_positives;
  std::string locale;           // "zh", "en"; empty: any.
  std::set<ListingKind> kinds;  // Empty: all.
  double score = 0;
  RuleAction action = RuleAction::kNone;
  std::optional<absl::Time> valid_until;  // Exclusive: the day after, 0:00 UTC.
  std::vector<RuleExample> positive;
  std::vector<RuleExample> negative;
  int line = 0;  // Of the pack, from 1.
  // Selections and condition (listings/detection.h); never null.
  std::shared_ptr<const class Detection> detection;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_H_
