#ifndef LENSCAP_LISTINGS_HIT_H_
#define LENSCAP_LISTINGS_HIT_H_

#include <string>
#include <vector>

#include "listings/normalized_text.h"

namespace lenscap {

// What rules ask for by themselves. Values are frozen: those of v1.Action.
enum class RuleAction { kNone = 0, kAllow = 1, kReview = 2, kBlock = 3 };

// Text that a rule was looking for. `field` is "title", "description",
// "category" or "attributes"; of these, `attribute` is the name.
struct RuleSpan {
  std::string field;
  std::string attribute;
  ByteSpan bytes;  // Of the field's original text.
  std::string key;
};

// One rule that fits.
struct RuleHit {
  std::string rule_id;
  std::string pack_id;
  std::string title;
  std::string level;
  std::string group;  // The signal that it is a sign of.
  double score = 0;   // Below 0 for an exclusion.
  RuleAction action = RuleAction::kNone;
  bool shadow = false;  // Counted, never acted on.
  std::vector<std::string> tags;
  std::vector<RuleSpan> spans;  // At most 16, by field and start.
};

struct GroupScore {
  std::string group;
  double score = 0;
  bool capped = false;
};

// What the packs say of a text.
struct TextReview {
  std::vector<RuleHit> hits;       // Gravest first.
  std::vector<GroupScore> groups;  // Of rules that are not in shadow, by name.
  double score = 0;                // Their sum, at least 0.
  double shadow_score = 0;         // With the rules in shadow.
  // The gravest that an active rule asks for by itself.
  RuleAction action = RuleAction::kNone;
  std::vector<std::string> packs;  // "starter-zh@3", by name.
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_HIT_H_
