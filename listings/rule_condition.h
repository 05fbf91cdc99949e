#ifndef LENSCAP_LISTINGS_RULE_CONDITION_H_
#define LENSCAP_LISTINGS_RULE_CONDITION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lenscap {

inline constexpr size_t kMaxSelections = 64;
inline constexpr size_t kMaxConditionBytes = 1024;

// A condition over a rule's selections, as Sigma writes it: "a and not (b or 1
// of c_*)". `not` binds tightest, then `and`, then `or`. Selections are bits of
// a mask: bit i is the i-th. Immutable and thread-safe.
class RuleCondition {
 public:
  // At most kMaxSelections names. INVALID_ARGUMENT where it cannot be read,
  // nests deeper than 32, names no selection of these, or holds where none
  // holds: such a rule would fit every text.
  static absl::StatusOr<RuleCondition> Parse(
      absl::string_view text, absl::Span<const std::string> selections);

  bool Holds(uint64_t selections) const;

  // Selections that it names; those that it names other than under `not`.
  uint64_t named() const { return named_; }
  uint64_t wanted() const { return wanted_; }

 private:
  friend class ConditionParser;
  enum class Op { kAnyOf, kAllOf, kNot, kAnd, kOr };
  // In the order of evaluation: operands before what takes them.
  struct Step {
    Op op;
    uint64_t mask = 0;  // Of kAnyOf and kAllOf.
  };

  std::vector<Step> steps_;
  uint64_t named_ = 0;
  uint64_t wanted_ = 0;
};

// Letters, digits and _, not beginning with a digit, 1 to 64, and no word of
// conditions.
bool IsSelectionName(absl::string_view name);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_CONDITION_H_
