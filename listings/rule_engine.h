#ifndef LENSCAP_LISTINGS_RULE_ENGINE_H_
#define LENSCAP_LISTINGS_RULE_ENGINE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "listings/hit.h"
#include "listings/rule_mode.h"
#include "listings/rule_pack.h"

namespace lenscap {

// Packs, ready to be matched: one pass over each view of a text finds the keys
// of all rules (listings/key_automaton.h), and an expression is tried where
// what it cannot do without was found (listings/expression_set.h). Immutable
// and thread-safe.
class RuleEngine {
 public:
  using Modes = RuleModes;

  // INVALID_ARGUMENT where two packs have the same name, or the packs together
  // are too large to be matched. Without `modes` it is as ModeOf says.
  static absl::StatusOr<std::shared_ptr<const RuleEngine>> Compile(
      std::vector<std::shared_ptr<const RulePack>> packs, const Modes& modes);
  virtual ~RuleEngine() = default;

  // What the rules say that are not off and still valid at `now`. Total: takes
  // time linear in the text, but for expressions, which RE2 bounds.
  virtual TextReview Review(const ListingText& text, absl::Time now) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_ENGINE_H_
